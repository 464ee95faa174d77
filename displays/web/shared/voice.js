// Calls aloud: a chime, then the number and the counter in each language, one call after another.
import { note } from "./sound.js";

/** @typedef {import("./live.js").Call} Call */
/** @typedef {{sound: string, parts: {[name: string]: [number, number]}}} Index where each part lies in the sound, in seconds */
/** @typedef {{index: Index, buffer: AudioBuffer}} Voice */

/** Told on `window` at the start of each announcement: {number, counter, again, chime, voices}. */
const ANNOUNCED = "kezek-announced";

/** A call is shown large at least so long, and shorter where others wait. */
const ALONE_MS = 6000;
const AMONG_OTHERS_MS = 2500;
/** So many wait to be called: to speak of each would put the last off too long, they are chimed. */
const CROWD = 4;
const IN_A_CROWD_MS = 1100;
const PAUSE_S = 0.25;
const BREATH_S = 0.06;
const CHIME = [
  { hertz: 784, at: 0 },
  { hertz: 587.3, at: 0.35 },
];
const CHIME_S = 1.1;

/**
 * The names of the parts that say a call; none where the voice has no words for it.
 * @param {Index["parts"]} parts @param {string} number such as P-017 @param {string} counter such as 5 or 4-a
 */
export function spoken(parts, number, counter) {
  const [, letter, digits] = /^([A-Z])-(\d{1,4})$/.exec(number) ?? [];
  if (!letter) return [];
  const names = [`ticket-${letter}`, ...ofNumber(Number(digits)), ...ofCounter(parts, counter)];
  return names.every((name) => name in parts) ? names : [];
}

/** @param {number} number 0 to 9999 */
function ofNumber(number) {
  const rest = number % 100;
  const hundreds = (number % 1000) - rest;
  const heard = [number - hundreds - rest, hundreds, rest].filter((part) => part > 0);
  return (heard.length ? heard : [0]).map(String);
}

/** @param {Index["parts"]} parts @param {string} counter */
function ofCounter(parts, counter) {
  if (`counter-${counter}` in parts) return [`counter-${counter}`];
  const pieces = counter.toUpperCase().match(/[A-Z]|[1-9]\d{0,3}|0/g) ?? [];
  return ["counter", ...pieces.flatMap((piece) => (/\d/.test(piece) ? ofNumber(Number(piece)) : [`letter-${piece}`]))];
}

/** The loudspeaker: plays what it has, and says whether the browser lets it. */
class Loudspeaker {
  /** @param {string[]} languages @param {() => void} onChange */
  constructor(languages, onChange) {
    this.languages = languages;
    this.onChange = onChange;
    /** @type {Map<string, Voice>} */
    this.voices = new Map();
    /** @type {Set<string>} */
    this.loading = new Set();
    this.context = new AudioContext({ sampleRate: 24_000 });
    this.context.onstatechange = onChange;
    this.unlock = () => void this.context.resume();
    for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, this.unlock);
    this.load();
  }

  get blocked() {
    return this.context.state !== "running";
  }

  /** Fetches the voices that are not here yet; what fails is fetched again with the next call. */
  load() {
    for (const language of this.languages) {
      if (this.voices.has(language) || this.loading.has(language)) continue;
      this.loading.add(language);
      this.fetched(language)
        .then((voice) => this.voices.set(language, voice))
        .catch(() => undefined)
        .finally(() => this.loading.delete(language))
        .then(this.onChange);
    }
  }

  /** @param {string} language @returns {Promise<Voice>} */
  async fetched(language) {
    const index = await (await answered(`/voice/${language}.json`)).json();
    const sound = await (await answered(`/voice/${index.sound}`)).arrayBuffer();
    return { index, buffer: await this.context.decodeAudioData(sound) };
  }

  /** @param {Call} call @param {boolean} aloud whether to speak after the chime @returns {{length: number, voices: string[]}} seconds, languages */
  play(call, aloud) {
    this.load();
    let at = this.context.currentTime;
    this.chime(at);
    at += CHIME_S;
    const voices = [];
    for (const language of aloud ? this.languages : []) {
      const until = this.speak(language, call, at);
      if (until > at) voices.push(language);
      at = until;
    }
    return { length: at - this.context.currentTime, voices };
  }

  /** @param {number} at */
  chime(at) {
    for (const one of CHIME) note(this.context, one.hertz, at + one.at);
  }

  /** @param {string} language @param {Call} call @param {number} at @returns {number} when it will have been said */
  speak(language, call, at) {
    const voice = this.voices.get(language);
    if (!voice) return at;
    const { parts } = voice.index;
    const names = spoken(parts, call.number, call.counter);
    for (const name of names) at = this.say(voice.buffer, parts[name], at) + BREATH_S;
    return names.length ? at + PAUSE_S : at;
  }

  /** @param {AudioBuffer} buffer @param {[number, number]} part @param {number} at */
  say(buffer, [start, length], at) {
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start(at, start, length);
    return at + length;
  }
}

/** @param {string} path */
async function answered(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** @type {{length: number, voices: string[]}} */
const SILENCE = { length: 0, voices: [] };

/** The loudspeaker, where the machine has one. @param {string[]} languages @param {() => void} onChange */
function loudspeaker(languages, onChange) {
  try {
    return new Loudspeaker(languages, onChange);
  } catch (fault) {
    console.warn("this board has no sound", fault);
    return null;
  }
}

/** Calls wait here for their turn to be shown large and said. */
export class Announcer {
  /** @param {string[]} languages @param {() => void} onChange when the call under way or the sound's permission changes */
  constructor(languages, onChange) {
    this.onChange = onChange;
    this.speaker = loudspeaker(languages, onChange);
    /** @type {Call[]} */
    this.waiting = [];
    /** @type {Call | null} */
    this.current = null;
  }

  /** Whether the browser waits for a touch before it makes a sound. */
  get blocked() {
    return this.speaker?.blocked ?? false;
  }

  /** The languages in which calls can be said by now. */
  get voices() {
    return this.speaker?.languages.filter((language) => this.speaker?.voices.has(language)) ?? [];
  }

  /** @param {Call[]} calls */
  add(calls) {
    this.waiting.push(...calls);
    if (!this.current) this.next();
  }

  next() {
    this.current = this.waiting.shift() ?? null;
    this.onChange();
    if (this.current) window.setTimeout(() => this.next(), this.announced(this.current));
  }

  /** @param {Call} call @returns {number} milliseconds that it takes */
  announced(call) {
    const crowded = this.waiting.length > CROWD;
    const sound = this.played(call, !crowded);
    const detail = { ...call, chime: sound.length > 0, voices: sound.voices };
    window.dispatchEvent(new CustomEvent(ANNOUNCED, { detail }));
    if (crowded) return IN_A_CROWD_MS;
    return Math.max(sound.length * 1000, this.waiting.length ? AMONG_OTHERS_MS : ALONE_MS);
  }

  /** A call is shown whether or not it can be heard. @param {Call} call @param {boolean} aloud */
  played(call, aloud) {
    if (!this.speaker || this.blocked) return SILENCE;
    try {
      return this.speaker.play(call, aloud);
    } catch (fault) {
      console.warn("a call is shown without a sound", fault);
      return SILENCE;
    }
  }
}
