// The street board: who goes in now, who is next, roughly when the others are.
import { html } from "../vendor/preact.js";
import { clockText, spanText } from "../shared/ui.js";
import { expected, groupsOf, paged } from "./groups.js";
import { Banner, Both, HallMeter, Hours, Messages, NextTime, Top, around, gridOf, holds, numbersThatFit, until, useFit } from "./parts.js";
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
const WAIT = [
  { wide: 8.2, high: 4, gap: 0.5 },
  { wide: 6.6, high: 3.2, gap: 0.4 },
];
/** The time before the numbers takes the place of so many of them. */
const AROUND = 2;
/** How long a page of them is shown. */
const PAGE_MS = 8000;

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

/** Who may go in, group by group, and how long still. @param {Scene} scene */
function GoIn({ words, board, now }) {
  const groups = groupsOf(board.released);
  const say = groups.length ? "go_in" : "wait_here";
  return html`<section class=${`go-in ${groups.length ? "open" : ""}`}>
    <h2><${Both} words=${words} say=${(/** @type {Translate} */ t) => t(say)} /></h2>
    ${groups.map(({ group, until, numbers }) => html`<${AtDoor} key=${group} words=${words} at=${until} numbers=${numbers} now=${now} />`)}
    ${groups.length === 0 && html`<p class="go-none"><${NextGroup} words=${words} board=${board} now=${now} /></p>`}
  </section>`;
}

/** One group: by when it must be in, and its numbers. @param {{words: Translate[], at: string, numbers: string[], now: number}} properties */
function AtDoor({ words, at, numbers, now }) {
  const [list, fit] = useFit(GO, holds(numbers.length));
  const shown = numbersThatFit(numbers, fit);
  const more = numbers.length - shown.length;
  return html`<div class="at-door" style=${{ "flex-grow": numbers.length }}>
    <p class="deadline"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("enter_until")} /><b class="number">${clockText(at)}</b>
      <b class="number left" role="timer" aria-label=${words[0]("left")}>${spanText(until(at, now))}</b></p>
    <ul class="go-numbers" ref=${list} style=${gridOf(fit)}>
      ${shown.map((number) => html`<li key=${number} class="number" data-number=${number}><b>${number}</b></li>`)}
      ${more > 0 && fit.room > 0 && html`<li key="more" class="number more"><b>+${more}</b></li>`}
    </ul></div>`;
}

/** When the next group may go in. @param {{words: Translate[], board: import("../shared/live.js").View, now: number}} properties */
function NextGroup({ words, board, now }) {
  if (!board.group_admission) return html`<${Both} words=${words} say=${(/** @type {Translate} */ t) => t("free_entry")} />`;
  return html`<span class="next-in"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("next_group")} />
    <${NextTime} words=${words} board=${board} now=${now} /></span>`;
}

/** Who is next, and the others: a bar for all who may expect the same time; where not all have room, in turn. @param {Scene} scene */
function Others({ words, board }) {
  const groups = expected(board.next_in_street);
  const [list, fit] = useFit(WAIT, (size) => paged(groups, numbersIn(size), size.rows).pages.length === 1);
  const { pinned, pages } = paged(groups, numbersIn(fit), fit.rows);
  const turn = Math.floor(Date.now() / PAGE_MS) % pages.length;
  const more = board.street_people - peopleOf(board);
  return html`<section class="others">
    <h2><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("who_is_next")} />
      ${pages.length > 1 && html`<span class="turns" aria-hidden="true">${pages.map((_, page) => html`<i class=${page === turn ? "on" : ""}></i>`)}</span>`}</h2>
    <ol class="waiting" ref=${list} style=${{ "font-size": `${fit.high}rem`, gap: `${fit.gap}rem` }}>
      ${[...pinned, ...(pages[turn] ?? [])].map((bar) => html`<${Expecting} key=${bar.numbers[0]} bar=${bar} first=${bar.numbers[0] === groups[0]?.numbers[0]} />`)}
      ${board.street_people === 0 && html`<li key="none" class="soft"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("nobody_outside")} /></li>`}
    </ol>
    ${more > 0 && html`<p class="more soft"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("more_people", { n: more })} /></p>`}
  </section>`;
}

/** Numbers in a row of the bars. @param {import("./parts.js").Fit} fit */
const numbersIn = (fit) => Math.max(1, fit.columns - AROUND);

/** Those who may expect the same time. @param {{bar: import("./groups.js").Bar, first: boolean}} properties */
const Expecting = ({ bar: { around_at, numbers, rows }, first }) => html`<li class=${first ? "first" : ""} style=${{ "grid-row": `span ${rows}` }}>
  <span class="around number">${around_at && around(around_at)}</span>
  <span class="waiting-numbers">${numbers.map((number) => html`<b key=${number} class="number" data-number=${number}>${number}</b>`)}</span></li>`;

/** People whose numbers the board has. @param {import("../shared/live.js").View} board */
const peopleOf = (board) => board.next_in_street.reduce((/** @type {number} */ sum, /** @type {{party_size: number}} */ one) => sum + one.party_size, 0);

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
