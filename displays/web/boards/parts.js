// Parts that the hall board and the street board show alike.
import { html, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { useDateWords } from "../shared/dates.js";
import { Mark, clockText, clockTextOf, spanText } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./page.js").Scene} Scene */
/** @typedef {import("../shared/live.js").View} View */
/** @typedef {{[language: string]: string}} Named */

/** A short text in every language of the board at once. @param {{words: Translate[], say: (t: Translate) => string, class?: string}} properties */
export function Both({ words, say, class: look = "" }) {
  return html`<span class=${`both ${look}`}>${words.map((t) => html`<span lang=${t.language}>${say(t)}</span>`)}</span>`;
}

/** What a text in several languages says in one of them. @param {Named | null | undefined} named @param {Translate} t */
const inWords = (named, t) => named?.[t.language] ?? "";

/** A time that nobody has promised. @param {string} instant */
export const around = (instant) => `≈ ${clockText(instant)}`;

/** Milliseconds from now to an instant. @param {string} instant @param {number} now */
export const until = (instant, now) => Date.parse(instant) - now;

/** Name of the branch, the date in words, the time. @param {Scene} scene */
export function Top({ words, board, now }) {
  const date = useDateWords(board.date);
  const [t] = words;
  return html`<header class="top">
    <${Mark} />
    <h1 class="top-name"><${Both} class="stacked" words=${words} say=${(/** @type {Translate} */ each) => inWords(board.branch_name, each) || each("branch")} /></h1>
    <p class="top-date"><${Both} class="stacked" words=${words} say=${(/** @type {Translate} */ each) => inWords(date, each)} /></p>
    <p class="top-clock" role="timer" aria-label=${t("clock")}>${clockTextOf(now, board.at)}</p>
  </header>`;
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

/** About when the next group goes in: not any more today, at a time that the hall and the door may put off, soon when it is due. @param {{words: Translate[], board: View, now: number}} properties */
export function NextTime({ words, board, now }) {
  // Rounded as the time of those who wait first: a board names one time for one group.
  const at = board.next_in_street[0]?.around_at ?? board.next_group_at;
  const isDue = board.sanitation.phase === "none" && until(at, now) <= 0;
  if (!board.next_group_at) return html`<b><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("no_more_groups")} /></b>`;
  if (isDue) return html`<b><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("soon")} /></b>`;
  return html`<b class="number">${around(at)}</b>`;
}

const LONGEST_COUNTDOWN_MS = 3_600_000;

/** What the whole branch should know: across the board, in every language, with what is left of it. @param {Scene & {state: import("./state.js").BranchState | null, whole?: boolean}} scene */
export function Banner({ words, state, now, board, whole = false }) {
  if (!state) return null;
  const left = state.until ? until(state.until, now) : 0;
  const span = left < LONGEST_COUNTDOWN_MS ? left : 0;
  return html`<section class=${`banner tone-${state.tone} ${whole ? "whole" : ""}`} role="status" data-state=${state.name}>
    <div class="in-languages">${words.map((t) => html`<div key=${t.language} lang=${t.language}><b class="banner-title">${t(`state_${state.name}`)}</b>
      <p>${state.name === "closed_today" ? inWords(board.closed_text, t) : t(`state_${state.name}_detail`, { time: clockText(state.at) })}</p></div>`)}</div>
    ${span > 0 && html`<b class="banner-left number" role="timer" aria-label=${words[0]("left")}>${spanText(span)}</b>`}
  </section>`;
}

/** All the regimes in force and the manager's message, in every language of the board. @param {Scene} scene */
export function Messages({ words, board }) {
  return html`<footer class="notices"><${Message} words=${words} kind="regime" texts=${words.map((t) => board.regime_names.map((/** @type {Named} */ name) => inWords(name, t)).join(" • "))} />
    <${Message} words=${words} kind="message" texts=${words.map((t) => inWords(board.message, t))} /></footer>`;
}

/** @param {{words: Translate[], kind: "regime" | "message", texts: string[]}} properties */
function Message({ words, kind, texts }) {
  if (!texts.some(Boolean)) return null;
  return html`<div class=${`card messages ${lengthOf(texts)}`} data-message=${kind}>
    <div class="in-languages">${words.map((t, place) => texts[place] && html`<p key=${t.language} lang=${t.language}><span class="badge tone-pause">${t(kind)}</span> ${texts[place]}</p>`)}</div>
  </div>`;
}

/** Longer texts in smaller letters: all of it is on the board, whatever its length. @param {string[]} texts */
function lengthOf(texts) {
  const longest = Math.max(...texts.map((text) => text.length)) * texts.length;
  if (longest > 240) return "very-long";
  return longest > 90 ? "long" : "";
}

/** @typedef {{wide: number, high: number, gap: number}} Cell in rem */
/** @typedef {Cell & {columns: number, rows: number, room: number}} Fit how many such cells have room */

/** Whether so many cells have room. @param {number} many @returns {(fit: Fit) => boolean} */
export const holds = (many) => (fit) => fit.room >= many;

/**
 * The cells of a part of the board: the largest of the sizes that will do, else the smallest.
 * @param {Cell[]} sizes the largest first @param {(fit: Fit) => boolean} does
 * @returns {[{current: HTMLElement | null}, Fit]}
 */
export function useFit(sizes, does) {
  const part = useRef(/** @type {HTMLElement | null} */ (null));
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!part.current) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => setRoom(contentRect));
    observer.observe(part.current);
    return () => observer.disconnect();
  }, []);
  const fits = sizes.map((cell) => fitting(room, cell));
  return [part, fits.find(does) ?? fits[fits.length - 1]];
}

/** @param {{width: number, height: number}} part in pixels @param {Cell} cell @returns {Fit} */
function fitting(part, cell) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  /** @param {number} size @param {number} one */
  const along = (size, one) => Math.max(0, Math.floor((size / rem + cell.gap) / (one + cell.gap)));
  const [columns, rows] = [Math.max(1, along(part.width, cell.wide)), along(part.height, cell.high)];
  return { ...cell, columns, rows, room: columns * rows };
}

/** The grid that `useFit` has measured. @param {Fit} fit */
export const gridOf = ({ columns, high, gap }) => ({
  "grid-template-columns": `repeat(${columns}, minmax(0, 1fr))`,
  "grid-auto-rows": `${high}rem`,
  gap: `${gap}rem`,
  "font-size": `${high}rem`,
});

/** The first of the numbers, with room left to say how many more there are. @param {string[]} numbers @param {Fit} fit */
export const numbersThatFit = (numbers, { room }) => (numbers.length > room ? numbers.slice(0, Math.max(0, room - 1)) : numbers);
