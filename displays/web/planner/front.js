// The Pareto front: every policy that was looked at by two figures, and those that none beats in both.
import { html } from "../vendor/preact.js";
import { labelOf } from "./headlines.js";
import { Plot, around, clockOf, lineOf } from "./plot.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {{text: string, number: number, remark: string, x: number | null, y: number | null}} Candidate */
/** @typedef {Candidate & {x: number, y: number}} Spot */

const TIME_OF_DAY = "last_out_minute";

/** @param {{t: Translate, search: any}} properties */
export function Front({ t, search }) {
  const spots = /** @type {Spot[]} */ (search.candidates.filter((/** @type {Candidate} */ one) => one.x !== null && one.y !== null));
  if (spots.length === 0) return null;
  const chosen = search.finalists.find((/** @type {any} */ one) => one.outcome === "chosen")?.number;
  const front = spots.filter((one) => one.remark === "front").sort((one, other) => one.x - other.x);
  const title = t("front_title", { y: labelOf(search.y), x: labelOf(search.x) });
  /** @param {number} stop */
  const reading = (stop) => spots.filter((one) => one.x === stop).slice(0, 3).map((one) => `${one.text}: ${said(t, search.x, one.x, 1)}; ${said(t, search.y, one.y, 1)}`).join(" · ");
  return html`<figure class="card chart front"><figcaption><h4>${title}</h4><p class="soft">${search.screening}. ${t("front_note")}</p></figcaption>
    <${Plot} id="front" title=${title} x=${scaleOf(t, search.x, spots.map((one) => one.x))} y=${scaleOf(t, search.y, spots.map((one) => one.y))} stops=${[...new Set(spots.map((one) => one.x))]} reading=${reading} height=${360}>
      ${(/** @type {import("./plot.js").Paper} */ paper) => html`<polyline class="front-line" points=${lineOf(paper, stairs(front, search.x.more_is_better))} />
        ${spots.map((one) => html`<circle key=${one.number} class=${`spot spot-${one.number === chosen ? "chosen" : one.remark || "plain"}`} cx=${paper.x(one.x)} cy=${paper.y(one.y)} r=${one.number === chosen ? 9 : 6}><title>${one.text}</title></circle>`)}`}
    </${Plot}><p class="soft note axis-name">${t("across", { x: labelOf(search.x) })}</p></figure>`;
}

/** Between two policies of the front there is none. @param {Spot[]} front @param {boolean} moreIsBetter across @returns {[number, number][]} */
const stairs = (front, moreIsBetter) => front.flatMap((one, place) => {
  const next = front[place + 1];
  const corner = next && (moreIsBetter ? [one.x, next.y] : [next.x, one.y]);
  return /** @type {[number, number][]} */ (corner ? [[one.x, one.y], corner] : [[one.x, one.y]]);
});

/** @param {Translate} t @param {{name: string}} axis @param {number} value @param {number} digits */
const said = (t, { name }, value, digits) => (name === TIME_OF_DAY ? clockOf(value) : t.language === "en" ? value.toFixed(digits) : value.toFixed(digits).replace(".", ","));

/** @param {Translate} t @param {{name: string}} axis @param {number[]} values */
const scaleOf = (t, axis, values) => around(values, (value, digits) => said(t, axis, value, digits));
