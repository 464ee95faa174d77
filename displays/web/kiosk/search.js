// Finds services by what people type: Kazakh, Russian or English, in either alphabet, with slips or on the other layout. Pure.
import { inOtherLayout } from "./layout.js";
import { MEANT_FIRST, SAME_MEANING, SAYS_NOTHING } from "./words.js";

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
  if (/^(.)\1+$/.test(latin)) return latin; // A short name such as "ООО" is no slip of the finger.
  return SPELLINGS.reduce((text, [spelling, one]) => text.replace(spelling, one), latin);
}

/** @param {string} text */
const plain = (text) => text.normalize("NFC").toLowerCase().normalize("NFKC");
/** @param {string} text */
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(sound).filter(Boolean);

/** How many slips a word of a length may have. @param {number} length */
const slips = (length) => (length < 5 ? 0 : length < 8 ? 1 : 2);

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

const LONGEST_ENDING = 4;

/** Whether the typed word is the other one with an ending: Kazakh and Russian decline. @param {string} typed @param {string} word */
const isEnding = (typed, word) => word.length >= 4 && typed.startsWith(word) && typed.length - word.length <= LONGEST_ENDING;

/** How badly a typed word fits a word of a name; Infinity where it does not. @param {string} typed @param {string} word */
function misfit(typed, word) {
  if (word === typed) return 0;
  if (word.startsWith(typed)) return 1;
  if (isEnding(typed, word)) return 2;
  if (typed.length >= 6 && word.includes(typed)) return 3;
  const allowed = slips(typed.length);
  // The first letter is rarely wrong, and two short words are soon alike.
  if (!allowed || (typed[0] !== word[0] && typed.length < 6)) return Infinity;
  if (word.length < typed.length - allowed) return Infinity;
  const found = slipsBetween(typed, word);
  return found <= allowed ? 3 + found : Infinity;
}

/** What was typed on the other layout; nothing where that gives no words. @param {string} typed */
function otherwiseTyped(typed) {
  const other = inOtherLayout(plain(typed));
  return /[^\p{L}\p{N}\s-]/u.test(other) ? "" : other;
}

/** @typedef {(word: string) => number} Fitting how badly something typed fits a word, remembered for the same words of other names */
/** @typedef {{itself: Fitting, alike: Fitting[][]}} Typed a typed word, and phrases that mean the same */

/** @param {string} typed @returns {Fitting} */
function fitting(typed) {
  /** @type {Map<string, number>} */
  const known = new Map();
  return (word) => {
    const fit = known.get(word) ?? misfit(typed, word);
    known.set(word, fit);
    return fit;
  };
}

/** A short word begins many others that mean something else. @param {string} word @returns {Fitting} */
const meaning = (word) => (word.length < 4 ? (other) => (other === word ? 0 : Infinity) : fitting(word));

/** What comes first in a name is what it is about. */
const BY_PLACE = 0.1;

/** @param {Fitting} fit @param {string[]} words */
const bestOf = (fit, words) => Math.min(Infinity, ...words.map((word, place) => fit(word) + place * BY_PLACE));

const MEANINGS = SAME_MEANING.map((group) => group.map((phrase) => wordsOf(phrase)));
/** Words that mean the same as a typed one rank behind the word itself. */
const BY_MEANING = 2;

/** Phrases with the meaning of a typed word. @param {Fitting} fit */
const meanings = (fit) => MEANINGS.filter((group) => group.some((phrase) => phrase.length === 1 && fit(phrase[0] ?? "") <= 4)).flat();

const NOTHING = new Set(wordsOf(SAYS_NOTHING));

/** @param {string} text @returns {Typed[]} */
function typedIn(text) {
  const words = wordsOf(text);
  const telling = words.filter((word) => !NOTHING.has(word));
  return (telling.length ? telling : words).map((word) => {
    const itself = fitting(word);
    return { itself, alike: meanings(itself).map((phrase) => phrase.map(meaning)) };
  });
}

/** @param {Typed} typed @param {string[]} words */
function misfitOf({ itself, alike }, words) {
  const meant = alike.map((phrase) => BY_MEANING + Math.max(...phrase.map((one) => bestOf(one, words))));
  return Math.min(bestOf(itself, words), ...meant);
}

/** @type {WeakMap<object, string[][]>} */
const NAMES = new WeakMap();

/** The words of names in each language, as they sound; what is offered is offered at every letter typed. @param {{[language: string]: string}} named */
function namesOf(named) {
  const names = NAMES.get(named) ?? Object.values(named).map(wordsOf);
  NAMES.set(named, names);
  return names;
}

/**
 * The services that fit what was typed, the best first; those that fit equally keep the given order.
 * @template {Findable} S @param {string} typed @param {readonly S[]} services
 * @param {{[category: string]: {[language: string]: string}}} [categories] names @returns {S[]}
 */
export function search(typed, services, categories = {}) {
  const [asked, otherwise] = [typedIn(typed), typedIn(otherwiseTyped(typed))];
  /** @param {S} service */
  const cost = (service) => {
    const category = categories[service.category] ?? {};
    return Math.min(costOf(asked, service, category), BY_LAYOUT + costOf(otherwise, service, category));
  };
  const priced = services.map((service) => ({ service, cost: cost(service), meant: Math.min(saidAs(asked, service.code), BY_LAYOUT + saidAs(otherwise, service.code)) }));
  const found = priced.filter((one) => Math.min(one.cost, one.meant) < Infinity);
  const best = Math.min(...found.map((one) => Math.min(one.cost + FAR_BEHIND, one.meant + BEHIND_MEANT)));
  return found
    .filter((one) => one.meant < Infinity || one.cost <= best)
    .sort((one, other) => rank(one.meant, other.meant) || rank(one.cost, other.cost))
    .map(({ service }) => service);
}

/** @param {number} one @param {number} other */
const rank = (one, other) => (one === other ? 0 : one - other);

const SAID = Object.fromEntries(Object.entries(MEANT_FIRST).map(([code, phrases]) => [code, phrases.map(wordsOf)]));

/** How badly what was typed fits what people say for a service; Infinity where not all of it does. @param {Typed[]} asked @param {string} code */
function saidAs(asked, code) {
  if (!asked.length) return Infinity;
  const fits = (SAID[code] ?? []).map((phrase) => asked.reduce((sum, typed) => sum + bestOf(typed.itself, phrase), (phrase.length - asked.length) * BY_LENGTH));
  return Math.min(Infinity, ...fits);
}

const BY_CATEGORY = 4;
/** Of two that fit alike, the one that says less besides is meant. */
const BY_LENGTH = 0.01;
/** What fits so much worse than the best was not meant. */
const FAR_BEHIND = 3.5;
/** What fits so badly is out of place where what people say fits well. */
const BEHIND_MEANT = 6;
/** What fits as it was typed goes before what fits on the other layout. */
const BY_LAYOUT = 5;
/** What a typed word costs that fits nothing, where another one fits. */
const UNKNOWN = 12;

/** @param {Typed[]} asked @param {Findable} service @param {{[language: string]: string}} category */
function costOf(asked, service, category) {
  const names = namesOf(service.name);
  const heading = namesOf(category).flat();
  const costs = asked.map((typed) => {
    const byName = Math.min(...names.map((name) => misfitOf(typed, name) + name.length * BY_LENGTH));
    return Math.min(byName, BY_CATEGORY + bestOf(typed.itself, heading));
  });
  if (costs.every((cost) => cost === Infinity)) return Infinity;
  return costs.reduce((sum, cost) => sum + Math.min(cost, UNKNOWN), 0);
}
