// What a run came to: figures with their intervals, differences, people over the day, waits.
import { html, useState } from "../vendor/preact.js";
import { CrowdChart, Legend, WaitChart } from "./charts.js";
import { Changes } from "./changes.js";
import { HEADLINES, labelOf } from "./headlines.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */

const GROUPS = ["service", "priority", "counter", "next_step"];
const PLACES = /** @type {const} */ (["street", "hall"]);

/** @param {{t: Translate, run: any}} properties */
export function Results({ t, run }) {
  const known = run.results.filter((/** @type {any} */ one) => one.days.length > 0);
  const days = known[0].days;
  const [chosen, setChosen] = useState("");
  const date = days.some((/** @type {any} */ day) => day.date === chosen) ? chosen : days[0].date;
  const results = known.map((/** @type {any} */ one) => ({ name: one.title, day: one.days.find((/** @type {any} */ day) => day.date === date) })).filter((/** @type {any} */ one) => one.day);
  const differences = run.differences.find((/** @type {any} */ one) => one.date === date)?.differences ?? [];
  return html`<section class="stack results">
    <div class="results-head"><h3>${t("results")}</h3><span class="soft">${t("replications_done", { n: known[0].replications })}</span></div>
    ${days.length > 1 && html`<${Days} t=${t} days=${days} date=${date} onChoose=${setChosen} />`}
    <${Legend} names=${results.map((/** @type {any} */ one) => one.name)} />
    <${Headlines} results=${results} />
    ${differences.length > 0 && html`<${Changes} t=${t} differences=${differences} names=${results.map((/** @type {any} */ one) => one.name)} />`}
    ${date === "all" && html`<${ByDay} t=${t} results=${known} />`}
    <${Plots} t=${t} results=${results} />
    ${differences.length === 0 && html`<${Figures} t=${t} results=${results} />`}
    <${Groups} t=${t} results=${results} />
    <p class="soft note">${t("model_note")}</p>
  </section>`;
}

/** @param {{t: Translate, days: any[], date: string, onChoose: (date: string) => void}} properties */
function Days({ t, days, date, onChoose }) {
  return html`<div class="days" role="group" aria-label=${t("day")}>${days.map((day) => html`<button type="button" class="chip" aria-pressed=${String(day.date === date)} onClick=${() => onChoose(day.date)}>${day.text}</button>`)}</div>`;
}

/** @param {any} day @param {string} name */
const figureOf = (day, name) => day.figures.find((/** @type {any} */ one) => one.name === name);

/** @param {{results: {name: string, day: any}[]}} properties */
function Headlines({ results }) {
  const shown = HEADLINES.map((name) => results.map((one) => figureOf(one.day, name))).filter(([first]) => first);
  return html`<dl class="glance">${shown.map((figures) => html`<div class="card figure" data-figure=${figures[0].name}><dt>${figures[0].label}</dt>
    <dd>${figures.map((one, order) => one && html`<b class=${`number run-${order}`}>${one.text}</b>`)}<span class="soft">${figures[0].unit}</span></dd></div>`)}</dl>`;
}

/** @param {{t: Translate, results: {name: string, day: any}[]}} properties */
function Plots({ t, results }) {
  const crowds = results.map((one) => ({ name: one.name, moments: one.day.bands }));
  const parts = results[0].day.histograms.filter((/** @type {any} */ one) => one.shares.length > 0).map((/** @type {any} */ one) => one.part);
  if (crowds.every((one) => one.moments.length === 0) && parts.length === 0) return null;
  return html`<div class="charts">
    ${PLACES.map((place) => html`<${CrowdChart} key=${place} t=${t} place=${place} crowds=${crowds} id=${`chart-${place}`} />`)}
    ${parts.map((/** @type {string} */ part) => html`<${WaitChart} key=${part} t=${t} id=${`chart-wait-${part}`} ...${waitsOf(results, part)} />`)}</div>`;
}

/** @param {{name: string, day: any}[]} results @param {string} part */
function waitsOf(results, part) {
  const found = results.map((one) => ({ name: one.name, histogram: one.day.histograms.find((/** @type {any} */ other) => other.part === part) })).filter((one) => one.histogram);
  return {
    title: found[0].histogram.label,
    bin: found[0].histogram.bin_minutes,
    waits: found.map((one) => ({ name: one.name, shares: one.histogram.shares.map((/** @type {number} */ share) => share * 100) })),
  };
}

/** @param {{t: Translate, results: {name: string, day: any}[]}} properties */
function Figures({ t, results }) {
  const figures = results[0].day.figures;
  if (figures.length === 0) return null;
  return html`<section class="card stack"><h4>${t("all_figures")}</h4><p class="soft">${t("interval_note")}</p>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("all_figures")}><table class="figures">
      <thead><tr><th scope="col">${t("figure")}</th>${results.map((one) => html`<th scope="col" class="num">${results.length > 1 ? one.name : t("mean")}</th>`)}</tr></thead>
      <tbody>${figures.map((/** @type {any} */ one) => html`<tr data-figure=${one.name}><th scope="row">${one.label}${one.unit && html`<span class="soft">, ${one.unit}</span>`}</th>
        ${results.map((result) => html`<td class="num">${figureOf(result.day, one.name)?.text ?? "–"}</td>`)}</tr>`)}</tbody>
    </table></div></section>`;
}

/** The days below one another. @param {{t: Translate, results: any[]}} properties */
function ByDay({ t, results }) {
  const dates = results[0].days.filter((/** @type {any} */ day) => day.date !== "all");
  const columns = HEADLINES.map((name) => figureOf(dates[0], name)).filter(Boolean);
  return html`<section class="card stack"><h4>${t("by_day")}</h4>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("by_day")}><table class="figures rows-as-cards">
      <thead><tr><th scope="col">${t("day")}</th>${columns.map((/** @type {any} */ one) => html`<th scope="col" class="num">${labelOf(one)}</th>`)}</tr></thead>
      <tbody>${dates.map((/** @type {any} */ day) => html`<tr><th scope="row">${day.text}</th>${columns.map((/** @type {any} */ column) => html`<td class="num" data-label=${labelOf(column)}><span>
        ${results.map((one, order) => html`<span class=${`of-run run-${order}`}>${figureOf(one.days.find((/** @type {any} */ other) => other.date === day.date) ?? { figures: [] }, column.name)?.text ?? "–"}</span>`)}</span></td>`)}</tr>`)}</tbody>
    </table></div></section>`;
}

/** By service, priority, counter, next step: folded away. @param {{t: Translate, results: {name: string, day: any}[]}} properties */
function Groups({ t, results }) {
  return html`${GROUPS.map((kind) => {
    const lines = results.flatMap((one, order) => one.day.groups.filter((/** @type {any} */ group) => group.kind === kind).map((/** @type {any} */ group) => ({ ...group, order })));
    if (lines.length === 0) return null;
    const columns = [...new Map(lines.flatMap((line) => line.figures.map((/** @type {any} */ one) => [one.name.replace(/\[.*\]$/, ""), one]))).entries()];
    return html`<details class="card"><summary>${t(`by_${kind}`)}</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${t(`by_${kind}`)}><table class="figures rows-as-cards">
        <thead><tr><th scope="col">${t("name")}</th>${columns.map(([, one]) => html`<th scope="col" class="num">${labelOf(one)}</th>`)}</tr></thead>
        <tbody>${lines.map((line) => html`<tr><th scope="row"><span class=${`run-${line.order}`}>${line.name}</span></th>${columns.map(([name, column]) => html`<td class="num" data-label=${labelOf(column)}>${line.figures.find((/** @type {any} */ one) => one.name.replace(/\[.*\]$/, "") === name)?.text ?? "–"}</td>`)}</tr>`)}</tbody>
      </table></div></details>`;
  })}`;
}
