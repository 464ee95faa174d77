// Finds services by what people type: Kazakh, Russian or English, in either alphabet, with slips or on the other layout. Pure.
import { inOtherLayout } from "./layout.js";
import { SAME_MEANING } from "./words.js";

/** @typedef {{code: string, category: string, name: {[language: string]: string}}} Findable */

/** How a letter sounds, written so that every usual way to put it into Latin gives the same. */
const SOUNDS = Object.fromEntries(
  "а=a ә=a б=b в=v г=g ғ=g д=d е=e ё=e ж=j з=z и=i й=i к=k қ=k л=l м=m н=n ң=n о=o ө=o п=p р=r с=s т=t у=u ұ=u ү=u ф=f х=h һ=h ц=c ч=c ш=s щ=s ъ= ы=i і=i ь= э=e ю=u я=a"
    .split(" ")
    .map((pair) => pair.split("=")),
);
/** Latin spellings of one sound; what stands first is replaced first. @type {[RegExp, string][]} */
const SPELLINGS = [
  [/shch|sch/g, "s"], [/zh/g, "j"], [/kh/g, "h"], [/gh/g, "g"], [/ts/g, "c"], [/ch/g, "c"], [/sh/g, "s"], [/ph/g, "f"], [/ng/g, "n"],
  [/[iy](?=[aeou])/g, ""], [/q/g, "k"], [/w/g, "v"], [/x/g, "ks"], [/y/g, "i"], [/(.)\1+/g, "$1"],
];

/** A word as it sounds: "Паспорт", "pasport" and "passport" are the same. @param {string} word */
export function sound(word) {
  const latin = [...word].map((letter) => SOUNDS[letter] ?? letter).join("");
  return SPELLINGS.reduce((text, [spelling, one]) => text.replace(spelling, one), latin);
}

/** @param {string} text */
const plain = (text) => text.normalize("NFC").toLowerCase().normalize("NFKC");
/** @param {string} text */
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(sound).filter(Boolean);

/** How many slips a word of a length may have. @param {number} length */
const slips = (length) => (length < 4 ? 0 : length < 8 ? 1 : 2);

/**
 * The fewest letters to add, drop, change or swap with a neighbour that make `typed` the beginning of `word`.
 * @param {string} typed @param {string} word
 */
function slipsBetween(typed, word) {
  const width = word.length + 1;
  /** @type {number[][]} */
  const rows = [Array.from({ length: width }, (_, column) => column)];
  for (let row = 1; row <= typed.length; row += 1) {
    const above = rows[row - 1] ?? [];
    const line = [row];
    for (let column = 1; column < width; column += 1) {
      const changed = (above[column - 1] ?? 0) + Number(typed[row - 1] !== word[column - 1]);
      const swapped = typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      const before = swapped ? (rows[row - 2]?.[column - 2] ?? Infinity) + 1 : Infinity;
      line.push(Math.min(changed, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, before));
    }
    rows.push(line);
  }
  return Math.min(...(rows[typed.length] ?? []));
}

/** How badly a typed word fits a word of a name; Infinity where it does not. @param {string} typed @param {string} word */
function misfit(typed, word) {
  if (word === typed) return 0;
  if (word.startsWith(typed)) return 1;
  if (typed.length >= 4 && word.includes(typed)) return 3;
  const allowed = slips(typed.length);
  // The first letter is rarely wrong, and two short words are soon alike.
  if (!allowed || (typed[0] !== word[0] && typed.length < 6)) return Infinity;
  const found = slipsBetween(typed, word);
  return found <= allowed ? 3 + found : Infinity;
}

/** What comes first in a name is what it is about. */
const BY_PLACE = 0.1;

/** @param {string} typed @param {string[]} words */
const bestOf = (typed, words) => Math.min(Infinity, ...words.map((word, place) => misfit(typed, word) + place * BY_PLACE));

const MEANINGS = SAME_MEANING.map((group) => group.map((phrase) => wordsOf(phrase)));
/** Words that mean the same as a typed one rank behind the word itself. */
const BY_MEANING = 2;

/** Phrases with the meaning of a typed word. @param {string} typed @returns {string[][]} */
function meanings(typed) {
  const near = MEANINGS.filter((group) => group.some((phrase) => phrase.length === 1 && misfit(typed, phrase[0] ?? "") <= 4));
  return near.flat();
}

/** @param {string} typed @param {string[]} words */
function misfitOf(typed, words) {
  const itself = bestOf(typed, words);
  const alike = meanings(typed).map((phrase) => BY_MEANING + Math.max(...phrase.map((one) => bestOf(one, words))));
  return Math.min(itself, ...alike);
}

/**
 * The services that fit what was typed, the best first; those that fit equally keep the given order.
 * @template {Findable} S @param {string} typed @param {readonly S[]} services
 * @param {{[category: string]: {[language: string]: string}}} [categories] names @returns {S[]}
 */
export function search(typed, services, categories = {}) {
  const [asked, otherwise] = [wordsOf(typed), wordsOf(inOtherLayout(plain(typed)))];
  /** @param {S} service */
  const cost = (service) => {
    const category = categories[service.category] ?? {};
    return Math.min(costOf(asked, service, category), BY_LAYOUT + costOf(otherwise, service, category));
  };
  const found = services.map((service) => ({ service, cost: cost(service) })).filter((one) => one.cost < Infinity);
  const best = Math.min(...found.map((one) => one.cost));
  return found
    .filter((one) => one.cost <= best + FAR_BEHIND)
    .sort((one, other) => one.cost - other.cost)
    .map(({ service }) => service);
}

const BY_CATEGORY = 4;
/** Of two that fit alike, the one that says less besides is meant. */
const BY_LENGTH = 0.01;
/** What fits so much worse than the best was not meant. */
const FAR_BEHIND = 6;
/** What fits as it was typed goes before what fits on the other layout. */
const BY_LAYOUT = 5;
/** What a typed word costs that fits nothing, where another one fits. */
const UNKNOWN = 12;

/** @param {string[]} asked @param {Findable} service @param {{[language: string]: string}} category */
function costOf(asked, service, category) {
  const names = Object.values(service.name).map(wordsOf);
  const heading = Object.values(category).flatMap(wordsOf);
  const costs = asked.map((typed) => {
    const byName = Math.min(...names.map((name) => misfitOf(typed, name) + name.length * BY_LENGTH));
    return Math.min(byName, BY_CATEGORY + bestOf(typed, heading));
  });
  if (costs.every((cost) => cost === Infinity)) return Infinity;
  return costs.reduce((sum, cost) => sum + Math.min(cost, UNKNOWN), 0);
}
