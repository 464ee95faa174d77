// The street board: who goes in now, who is next, roughly when the others are.
import { html } from "../vendor/preact.js";
import { clockText, spanText } from "../shared/ui.js";
import { expected, groupsOf } from "./groups.js";
import { Banner, Both, HallMeter, Hours, Messages, NextTime, Top, gridOf, numbersThatFit, until, useFit } from "./parts.js";
import { stateOf } from "./state.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./page.js").Scene} Scene */

const GO = [
  { wide: 19, high: 6.75, gap: 0.75 },
  { wide: 14.5, high: 5.1, gap: 0.6 },
  { wide: 12.5, high: 4.4, gap: 0.5 },
  { wide: 10.5, high: 3.7, gap: 0.5 },
  { wide: 8, high: 2.8, gap: 0.4 },
];
const WAIT = [{ wide: 8.2, high: 4.25, gap: 0.6 }];
/** The time before the numbers takes the place of so many of them. */
const AROUND = 2;

/** @param {Scene} scene */
export function StreetBoard(scene) {
  const state = stateOf(scene.board, scene.now);
  const empty = state !== null && (state.empty || nobodyGoesIn(scene, state));
  return html`<div class="board street">
    <${Top} ...${scene} />
    ${!empty && html`<${Banner} ...${scene} state=${state} />`}
    <main class=${`street-main ${empty ? "empty" : ""}`}>
      ${empty ? html`<${Banner} ...${scene} state=${state} whole />` : html`<${GoIn} ...${scene} /><${Others} ...${scene} /><${Facts} ...${scene} />`}
    </main>
    <${Messages} ...${scene} />
  </div>`;
}

/** Whether the door stays shut for today. @param {Scene} scene @param {import("./state.js").BranchState} state */
function nobodyGoesIn({ board }, state) {
  return ["closing", "admission_over"].includes(state.name) && board.released.length === 0;
}

/** Who may go in, and how long still. @param {Scene} scene */
function GoIn({ words, board, now }) {
  const groups = groupsOf(board.released);
  const numbers = groups.flatMap((group) => group.numbers);
  const [list, fit] = useFit(GO, numbers.length);
  const shown = numbersThatFit(numbers, fit);
  return html`<section class=${`go-in ${numbers.length ? "open" : ""}`}>
    <h2 class="go-head"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t(numbers.length ? "go_in" : "wait_here")} />
      ${groups.length > 0 && html`<${Deadline} words=${words} at=${groups[0].until} now=${now} />`}</h2>
    <ul class="go-numbers" ref=${list} style=${gridOf(fit)}>
      ${shown.map((number) => html`<li key=${number} class="number" data-number=${number}><b>${number}</b></li>`)}
      ${numbers.length > shown.length && fit.room > 0 && html`<li key="more" class="number more"><b>+${numbers.length - shown.length}</b></li>`}
      ${numbers.length === 0 && html`<li key="none" class="go-none"><${NextGroup} words=${words} board=${board} now=${now} /></li>`}
    </ul>
  </section>`;
}

/** Until when those let in may enter, and what is left of it. @param {{words: Translate[], at: string, now: number}} properties */
function Deadline({ words, at, now }) {
  return html`<span class="deadline"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("enter_until")} />
    <b class="number">${clockText(at)}</b>
    <b class="number left" role="timer" aria-label=${words[0]("left")}>${spanText(until(at, now))}</b></span>`;
}

/** When the next group goes in. @param {{words: Translate[], board: import("../shared/live.js").View, now: number}} properties */
function NextGroup({ words, board, now }) {
  if (!board.group_admission) return html`<${Both} words=${words} say=${(/** @type {Translate} */ t) => t("free_entry")} />`;
  const left = board.next_group_at && board.sanitation.phase === "none" ? until(board.next_group_at, now) : 0;
  return html`<span class="next-in"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("next_group")} />
    <${NextTime} words=${words} board=${board} now=${now} />
    ${left > 0 && html`<b class="number left" role="timer" aria-label=${words[0]("left")}>${spanText(left)}</b>`}</span>`;
}

/** Who is next, and the others by the time that they may expect. @param {Scene} scene */
function Others({ words, board }) {
  const [list, fit] = useFit(WAIT);
  const each = Math.max(1, fit.columns - AROUND);
  const rows = expected(board.next_in_street)
    .flatMap((group) => inRows(group, each))
    .slice(0, fit.rows);
  const more = board.street_people - peopleOf(board, rows);
  return html`<section class="others">
    <h2><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("who_is_next")} /></h2>
    <ol class="waiting" ref=${list}>
      ${rows.map((row, place) => html`<li key=${row.numbers[0]} class=${place === 0 || row.around === rows[0].around ? "first" : ""}>
        <span class="around number">${row.first && row.around ? `≈ ${clockText(row.around)}` : ""}</span>
        <span class="waiting-numbers">${row.numbers.map((number) => html`<b key=${number} class="number" data-number=${number}>${number}</b>`)}</span></li>`)}
      ${board.street_people === 0 && html`<li key="none" class="soft"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("nobody_outside")} /></li>`}
    </ol>
    ${more > 0 && html`<p class="more soft"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("more_people", { n: more })} /></p>`}
  </section>`;
}

/** A group in rows of so many numbers. @param {{around: string | null, numbers: string[]}} group @param {number} each */
function inRows({ around, numbers }, each) {
  const rows = Math.ceil(numbers.length / each);
  return Array.from({ length: rows }, (_, row) => ({
    around,
    first: row === 0,
    numbers: numbers.slice(row * each, (row + 1) * each),
  }));
}

/** @param {import("../shared/live.js").View} board @param {{numbers: string[]}[]} rows */
function peopleOf(board, rows) {
  const shown = new Set(rows.flatMap((row) => row.numbers));
  return board.next_in_street
    .filter((/** @type {{number: string}} */ one) => shown.has(one.number))
    .reduce((/** @type {number} */ sum, /** @type {{party_size: number}} */ one) => sum + one.party_size, 0);
}

/** The hall, the next group, the hours. @param {Scene} scene */
function Facts(scene) {
  const { words, board, now } = scene;
  const isOpen = board.group_admission && board.released.length > 0;
  return html`<aside class="facts">
    <${HallMeter} ...${scene} />
    ${isOpen && html`<section class="card"><${NextGroup} words=${words} board=${board} now=${now} /></section>`}
    <${Hours} ...${scene} />
  </aside>`;
}
