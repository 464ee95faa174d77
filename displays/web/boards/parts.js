// Parts that the hall board and the street board show alike.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { Mark, clockText, clockTextOf, spanText } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./page.js").Scene} Scene */
/** @typedef {import("../shared/live.js").View} View */

/** A short text in every language of the board at once. @param {{words: Translate[], say: (t: Translate) => string, class?: string}} properties */
export function Both({ words, say, class: look = "" }) {
  return html`<span class=${`both ${look}`}>${words.map((t) => html`<span lang=${t.language}>${say(t)}</span>`)}</span>`;
}

/** What a text in several languages says in one of them. @param {{[language: string]: string} | null | undefined} named @param {Translate} t */
export const inWords = (named, t) => named?.[t.language] ?? "";

/** Milliseconds from now to an instant. @param {string} instant @param {number} now */
export const until = (instant, now) => Date.parse(instant) - now;

/** Name of the branch, the date in words, the time. @param {Scene} scene */
export function Top({ words, turn, board, now }) {
  const date = useDate(board.date);
  return html`<header class="top">
    <${Mark} />
    <h1 class="top-name" lang=${turn.language}>${inWords(board.branch_name, turn) || turn("branch")}</h1>
    <p class="top-date"><${Both} words=${words} say=${(/** @type {Translate} */ t) => inWords(date, t)} /></p>
    <p class="top-clock" role="timer" aria-label=${turn("clock")}>${clockTextOf(now, board.at)}</p>
  </header>`;
}

/** A date in words by language; null until the service has told it. @param {string} date */
function useDate(date) {
  const [words, setWords] = useState(/** @type {{[language: string]: string} | null} */ (null));
  useEffect(() => {
    fetch(`/dates/${date}.json`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then(setWords, () => setWords(null));
  }, [date]);
  return words;
}

/** How many are in the hall, of how many. @param {Scene} scene */
export function HallMeter({ words, board }) {
  const { occupancy, limit } = board.hall;
  const full = occupancy >= limit;
  return html`<section class="card meter">
    <h2><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("in_hall")} /></h2>
    <p class="meter-figure"><b class="number">${occupancy}</b><span class="soft"> / ${limit}</span></p>
    <div class=${`bar ${full ? "full" : ""}`} aria-hidden="true"><i style=${{ "inline-size": `${limit ? Math.min(100, (100 * occupancy) / limit) : 100}%` }}></i></div>
  </section>`;
}

/** Closing, last admission, the next pause: what is known of them. @param {Scene} scene */
export function Hours({ words, board }) {
  /** @type {[string, (t: Translate) => string, string | null][]} */
  const lines = [
    ["last", (t) => t("last_admission"), board.last_admission_at],
    ["closes", (t) => t("closes"), board.closes_at],
    ["pause", (t) => t("next_pause"), board.sanitation.phase === "none" ? board.sanitation.next_drain_at : null],
  ];
  const known = lines.filter(([, , at]) => at);
  if (known.length === 0) return null;
  return html`<section class="card hours"><dl>
    ${known.map(([name, say, at]) => html`<div key=${name} data-hours=${name}><dt><${Both} words=${words} say=${say} /></dt><dd class="number">${clockText(at)}</dd></div>`)}
  </dl></section>`;
}

/** When the next group may go in: at a time, roughly while the hall is cleaned, soon when it is due. @param {{words: Translate[], board: View, now: number}} properties */
export function NextTime({ words, board, now }) {
  const cleaned = board.sanitation.phase !== "none";
  if (!cleaned && until(board.next_group_at, now) <= 0) return html`<b><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("soon")} /></b>`;
  return html`<b class="number">${cleaned ? "≈ " : ""}${clockText(board.next_group_at)}</b>`;
}

const LONGEST_COUNTDOWN_MS = 3_600_000;

/** What the whole branch should know: across the board, with what is left of it. @param {Scene & {state: import("./state.js").BranchState | null}} scene */
export function Banner({ turn: t, state, now, board }) {
  if (!state) return null;
  const left = state.until ? until(state.until, now) : 0;
  const span = left < LONGEST_COUNTDOWN_MS ? left : 0;
  return html`<section class=${`banner tone-${state.tone}`} role="status" data-state=${state.name} lang=${t.language}>
    <div><b class="banner-title">${t(`state_${state.name}`)}</b>
      <p>${state.name === "closed_today" ? inWords(board.closed_text, t) : t(`state_${state.name}_detail`, { time: clockText(state.at) })}</p></div>
    ${span > 0 && html`<b class="banner-left number" role="timer" aria-label=${t("left")}>${spanText(span)}</b>`}
  </section>`;
}

/** The regimes in force and the manager's message, one after another. @param {Scene} scene */
export function Messages({ turn: t, board }) {
  const messages = messagesOf(board, t);
  const shown = useTurns(messages.length);
  if (messages.length === 0) return null;
  const { kind, text } = messages[shown % messages.length];
  return html`<footer class=${`messages ${lengthOf(text)}`} data-message=${kind} lang=${t.language}>
    <span class="badge tone-pause">${kind === "regime" ? t("regime") : t("message")}</span><p>${text}</p>
  </footer>`;
}

/** @param {View} board @param {Translate} t @returns {{kind: "regime" | "message", text: string}[]} */
function messagesOf(board, t) {
  const regimes = (board.regime_names ?? []).map((/** @type {{[language: string]: string}} */ name) => ({ kind: "regime", text: inWords(name, t) }));
  return [...regimes, { kind: "message", text: inWords(board.message, t) }].filter(({ text }) => text);
}

/** Longer texts in smaller letters: all of it is on the board, whatever its length. @param {string} text */
function lengthOf(text) {
  if (text.length > 220) return "very-long";
  return text.length > 110 ? "long" : "";
}

const MESSAGE_MS = 16_000;

/** Whose turn it is of so many. @param {number} many */
function useTurns(many) {
  return many > 1 ? Math.floor(performance.now() / MESSAGE_MS) % many : 0;
}

/**
 * How many rows and columns of so many rem fit into a part of the board.
 * @param {{wide: number, high: number, gap: number}} cell in rem
 * @returns {[{current: HTMLElement | null}, {columns: number, rows: number}]}
 */
export function useFit({ wide, high, gap }) {
  const part = useRef(/** @type {HTMLElement | null} */ (null));
  const [fit, setFit] = useState({ columns: 1, rows: 0 });
  useLayoutEffect(() => {
    if (!part.current) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => setFit(fitting(contentRect, wide, high, gap)));
    observer.observe(part.current);
    return () => observer.disconnect();
  }, []);
  return [part, fit];
}

/** @param {{width: number, height: number}} room @param {number} wide @param {number} high @param {number} gap */
function fitting(room, wide, high, gap) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  /** @param {number} size @param {number} one */
  const many = (size, one) => Math.max(0, Math.floor((size / rem + gap) / (one + gap)));
  return { columns: Math.max(1, many(room.width, wide)), rows: many(room.height, high) };
}

/** The first of the numbers, with room left to say how many more there are. @param {string[]} numbers @param {{columns: number, rows: number}} fit */
export function numbersThatFit(numbers, { columns, rows }) {
  const room = columns * rows;
  return numbers.length > room ? numbers.slice(0, Math.max(0, room - 1)) : numbers;
}
