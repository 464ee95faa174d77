// The hall board: who is called where, said aloud; the hall, the next groups, the hours.
import { html } from "../vendor/preact.js";
import { clockText } from "../shared/ui.js";
import { rowsOf, withRoom } from "./calls.js";
import { groupsOf } from "./groups.js";
import { Banner, Both, HallMeter, Hours, Messages, NextTime, Top, gridOf, holds, numbersThatFit, useFit } from "./parts.js";
import { stateOf } from "./state.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./page.js").Scene} Scene */
/** @typedef {import("../shared/live.js").Call} Call */

const ROWS = [
  { wide: 58, high: 14, gap: 1 },
  { wide: 45, high: 11, gap: 1 },
  { wide: 30, high: 7.25, gap: 0.75 },
];
const CHIPS = [
  { wide: 17, high: 6, gap: 0.8 },
  { wide: 12, high: 4.6, gap: 0.6 },
  { wide: 9.5, high: 3.6, gap: 0.6 },
  { wide: 7.5, high: 2.9, gap: 0.5 },
  { wide: 5.6, high: 2.1, gap: 0.4 },
];

/** So few calls leave half of an upright board to the rest. */
const FEW = 5;

/** @param {Scene} scene */
export function HallBoard(scene) {
  const state = stateOf(scene.board, scene.now);
  return html`<div class=${`board hall ${scene.board.group_admission && scene.board.calls.length <= FEW ? "quiet" : ""}`} data-voices=${scene.announcer?.voices.join()}>
    <${Top} ...${scene} />
    ${!state?.empty && html`<${Banner} ...${scene} state=${state} />`}
    <main class=${`hall-main ${state?.empty ? "empty" : ""}`}>
      ${state?.empty ? html`<${Banner} ...${scene} state=${state} whole />` : html`<${Calls} ...${scene} /><${Side} ...${scene} />`}
    </main>
    <${Messages} ...${scene} />
    <${Sound} ...${scene} />
  </div>`;
}

/** The call that is shown large: the one under way, else the latest. @param {Scene} scene @returns {Call | null} */
function leadOf({ announcer, board, called }) {
  if (announcer?.current) return announcer.current;
  const standing = new Set(board.calls.map((/** @type {Call} */ call) => call.number));
  return [...called].reverse().find((call) => standing.has(call.number)) ?? board.calls[0] ?? null;
}

/** @param {Scene} scene */
function Calls({ words, board, called, announcer }) {
  const scene = /** @type {Scene} */ ({ announcer, board, called });
  const lead = leadOf(scene);
  const all = rowsOf(called, board, announcer?.waiting ?? [], lead);
  const [list, fit] = useFit(ROWS, holds(all.length));
  const rows = withRoom(all, fit.room);
  return html`<section class="calls">
    <h2 class="calls-head">
      <${Both} words=${words} say=${(/** @type {Translate} */ t) => t("called")} />
      <${Both} words=${words} say=${(/** @type {Translate} */ t) => t("counter")} />
    </h2>
    <${Lead} words=${words} lead=${lead} fresh=${Boolean(announcer?.current)} />
    <ol class="rows" ref=${list} style=${gridOf(fit)}>
      ${rows.map((row) => html`<li key=${row.number} class=${`call ${row.fresh ? "fresh" : ""} ${row.came ? "came" : ""}`} data-number=${row.number}>
        <b class="number">${row.number}</b><span class="call-way" aria-hidden="true"></span><b class="number call-counter">${row.counter}</b></li>`)}
    </ol>
  </section>`;
}

/** @param {{words: Translate[], lead: Call | null, fresh: boolean}} properties */
function Lead({ words, lead, fresh }) {
  if (!lead) return html`<p class="lead none"><${Both} class="stacked" words=${words} say=${(/** @type {Translate} */ t) => t("nobody_called")} /></p>`;
  return html`<p class=${`lead ${fresh ? "fresh" : ""}`} role="status" data-number=${lead.number}>
    <b class="number" key=${lead.seq}>${lead.number}</b><span class="call-way" aria-hidden="true"></span><b class="number call-counter">${lead.counter}</b>
  </p>`;
}

/** @param {Scene} scene */
function Side(scene) {
  return html`<aside class="side">
    <${HallMeter} ...${scene} />
    <${Entering} ...${scene} />
    <${Hours} ...${scene} />
  </aside>`;
}

/** Who may enter now and until when, group by group; when the next one may. @param {Scene} scene */
function Entering({ words, board, now }) {
  if (!board.group_admission) return null;
  const groups = groupsOf(board.released);
  return html`<section class="card entering">
    ${groups.map(({ group, until, numbers }) => html`<${AtDoor} key=${group} words=${words} until=${until} numbers=${numbers} />`)}
    ${groups.length === 0 && html`<h2><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("entry")} /></h2>
      <p class="nobody soft"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("nobody_enters")} /></p>`}
    <p class="next-group"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("next_group")} /><${NextTime} words=${words} board=${board} now=${now} /></p>
  </section>`;
}

/** A group at the door. @param {{words: Translate[], until: string, numbers: string[]}} properties */
function AtDoor({ words, until, numbers }) {
  const [part, fit] = useFit(CHIPS, holds(numbers.length));
  const shown = numbersThatFit(numbers, fit);
  const more = numbers.length - shown.length;
  return html`<div class="at-door" style=${{ "flex-grow": numbers.length }}>
    <h2><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("enter_now")} /></h2>
    <p class="enter-until"><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("enter_until")} /><b class="number">${clockText(until)}</b></p>
    <ul class="chips" ref=${part} style=${gridOf(fit)}>
      ${shown.map((number) => html`<li key=${number} class="chip tone-go number">${number}</li>`)}
      ${more > 0 && fit.room > 0 && html`<li key="more" class="chip tone-wait number">+${more}</li>`}
    </ul></div>`;
}

/** Browsers make no sound before they are touched: says so while it is so. @param {Scene} scene */
function Sound({ announcer, words }) {
  if (!announcer?.blocked) return null;
  return html`<button type="button" class="button sound" onClick=${() => announcer.speaker?.unlock()}><${Both} words=${words} say=${(/** @type {Translate} */ t) => t("enable_sound")} /></button>`;
}
