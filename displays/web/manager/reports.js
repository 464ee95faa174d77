// Figures of a day or a period, by service, counter, hour and day.
import { html, useRef, useState } from "../vendor/preact.js";
import { Answered, useAnswer } from "./parts.js";
import { PeriodBar, queryOf } from "./period.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {import("../shared/texts.js").Translate} Translate */

const COUNTS = ["arrivals", "people", "refused_online", "refused_hours", "served", "missed", "no_shows", "carried_over", "cancelled", "redirected", "given"];
/** What cannot be said of a counter is not shown as nothing. @type {{[axis: string]: string[]}} */
const COUNTS_OF = { counter: ["served", "no_shows", "given"] };
const SPANS = ["total", "outside", "inside", "service"];

/** @param {{office: Office}} properties */
export function Reports({ office }) {
  const { t, api, home } = office;
  const [period, setPeriod] = useState({ from: "", until: "" });
  const answer = useAnswer(() => api.get(`${home}/figures${queryOf(period)}`), [period]);
  const today = useRef("");
  today.current ||= answer.found?.until ?? "";
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`
    <${PeriodBar} office=${office} path="/figures" period=${period} shown=${{ from: found.from, until: found.until }} today=${today.current} onChange=${setPeriod} />
    <p class="soft">${t("stands_on_days", { n: found.days })}</p>
    ${found.days === 0 ? html`<p class="card empty">${t("nothing_happened")}</p>` : html`<${Summary} t=${t} total=${found.total} />
      ${["service", "counter", "hour", "day"].map((axis) => html`<${Lines} key=${axis} t=${t} title=${t(`by_${axis}`)} lines=${found[`by_${axis}`]} counts=${COUNTS_OF[axis] ?? COUNTS} />`)}`}`}
  </${Answered}>`;
}

/** @param {{t: Translate, total: any}} properties */
function Summary({ t, total }) {
  return html`<dl class="glance">
    ${COUNTS.map((name) => html`<div class="card figure"><dt>${t(`count_${name}`)}</dt><dd><b class="number">${total.worded[name]}</b></dd></div>`)}
    ${SPANS.map((name) => html`<div class="card figure"><dt>${t(`span_${name}`)}</dt><dd><b class="number">${total.worded[`${name}_median`] || "–"}</b>
      <span class="soft">${total[name].count ? t("wait_note", { mean: total.worded[`${name}_mean`], p90: total.worded[`${name}_p90`] }) : t("nobody_called")}</span></dd></div>`)}
  </dl>`;
}

/** @param {{t: Translate, title: string, lines: any[], counts: string[]}} properties */
function Lines({ t, title, lines, counts }) {
  if (lines.length === 0) return null;
  return html`<section class="card stack"><h3>${title}</h3>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table class="figures rows-as-cards">
      <thead>
        <tr><th scope="col" rowspan="2">${t("name")}</th>${counts.map((name) => html`<th scope="col" rowspan="2" class="num">${t(`count_${name}`)}</th>`)}
          ${SPANS.map((name) => html`<th scope="colgroup" colspan="3" class="span-head">${t(`span_${name}`)}</th>`)}</tr>
        <tr>${SPANS.map(() => ["mean", "median", "p90"].map((one) => html`<th scope="col" class="num">${t(`spread_${one}`)}</th>`))}</tr>
      </thead>
      <tbody>${lines.map((line) => html`<tr><th scope="row">${line.name}</th>${counts.map((name) => html`<td class=${`num ${line[name] ? "" : "zero"}`} data-label=${t(`count_${name}`)}>${line.worded[name]}</td>`)}
        ${SPANS.map((name) => ["mean", "median", "p90"].map((one) => html`<td class=${`num ${line[name].count ? "" : "zero"}`} data-label=${`${t(`span_${name}`)}, ${t(`spread_${one}`)}`}>${line.worded[`${name}_${one}`] || "–"}</td>`))}</tr>`)}</tbody>
    </table></div>
  </section>`;
}
