// What the second policy changes against the first: each difference with its interval, as a table and a plot.
import { html } from "../vendor/preact.js";
import { HEADLINES } from "./headlines.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */

const WIDTH = 220;
const ROW = 26;
const MIDDLE = WIDTH / 2;

/** What differs is shown at once, as the headlines are. @param {{t: Translate, differences: any[], names: string[]}} properties */
export function Changes({ t, differences, names }) {
  const main = differences.filter((one) => one.differs || HEADLINES.includes(one.name));
  const rest = differences.filter((one) => !main.includes(one));
  return html`<section class="card stack"><h4>${t("changes")}</h4>
    <p class="soft">${t("changes_note")}</p>
    <${Table} t=${t} title=${t("changes")} lines=${main} names=${names} />
    ${rest.length > 0 && html`<details><summary>${t("other_figures")}</summary><${Table} t=${t} title=${t("other_figures")} lines=${rest} names=${names} /></details>`}</section>`;
}

/** @param {{t: Translate, title: string, lines: any[], names: string[]}} properties */
function Table({ t, title, lines, names: [first, second] }) {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table class="figures changes rows-as-cards">
    <thead><tr><th scope="col">${t("figure")}</th><th scope="col" class="num"><span class="run-0">${first}</span></th><th scope="col" class="num"><span class="run-1">${second}</span></th><th scope="col" class="num">${t("difference")}</th><th scope="col">${t("less_more")}</th><th scope="col">${t("verdict")}</th></tr></thead>
    <tbody>${lines.map((one) => html`<tr data-figure=${one.name} class=${one.differs ? "differs" : ""}><th scope="row">${one.label}${one.unit && html`<span class="soft">, ${one.unit}</span>`}</th>
      <td class="num" data-label=${first}>${one.first}</td><td class="num" data-label=${second}>${one.second}</td><td class="num" data-label=${t("difference")}><b>${one.text}</b></td>
      <td class="drawn"><${Whisker} mean=${one.mean} half=${one.half_width ?? 0} differs=${one.differs} /></td>
      <td><span class=${`badge ${one.differs ? "tone-next" : ""}`}>${t(verdictOf(one))}</span></td></tr>`)}</tbody>
  </table></div>`;
}

/** @param {any} one */
function verdictOf({ differs, mean, half_width }) {
  if (differs) return "differs";
  return mean === 0 && !half_width ? "no_change" : "may_be_chance";
}

/** A difference with its interval, in shares of the greater of the two: left of the middle is less. @param {{mean: number, half: number, differs: boolean}} properties */
function Whisker({ mean, half, differs }) {
  const reach = Math.abs(mean) + half || 1;
  /** @param {number} value */
  const x = (value) => MIDDLE + (value / reach) * (MIDDLE - 8);
  return html`<svg class=${`whisker ${differs ? "sure" : ""}`} viewBox=${`0 0 ${WIDTH} ${ROW}`} aria-hidden="true">
    <line class="whisker-zero" x1=${MIDDLE} x2=${MIDDLE} y1="2" y2=${ROW - 2} />
    <line class="whisker-line" x1=${x(mean - half)} x2=${x(mean + half)} y1=${ROW / 2} y2=${ROW / 2} /><circle class="whisker-dot" cx=${x(mean)} cy=${ROW / 2} r="5" /></svg>`;
}
