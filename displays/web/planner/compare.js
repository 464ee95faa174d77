// Runs side by side: figures with their intervals, which of them differ, people over the day, waits.
import { html, useState } from "../vendor/preact.js";
import { Answered, useAnswer } from "../shared/answer.js";
import { Button, Notice } from "../shared/ui.js";
import { CrowdChart, Legend, WaitChart } from "./charts.js";
import { HEADLINES } from "./headlines.js";
import { addressOf, linkTo } from "./places.js";

/** @typedef {import("./planner.js").Desk} Desk */
/** @typedef {import("../shared/texts.js").Translate} Translate */

/** What the plots need of the runs: each run once, however many of its policies are compared. @param {import("../shared/api.js").Api} api @param {any[]} runs */
async function policiesOf(api, runs) {
  const ids = [...new Set(runs.map((one) => one.simulation))];
  const found = new Map(await Promise.all(ids.map(async (id) => /** @type {[string, any]} */ ([id, await api.get(`/v1/simulations/${encodeURIComponent(id)}`)]))));
  return runs.map((one) => ({ name: one.title, days: found.get(one.simulation).results.find((/** @type {any} */ other) => other.which === one.which)?.days ?? [] }));
}

/** @param {{days: any[]}} policy @returns {any[]} */
const datesOf = (policy) => policy.days.filter((day) => day.date !== "all");

/** @param {{desk: Desk, about: string[]}} properties `about`: ids of runs, with ":versus" for the second policy of one */
export function Compare({ desk, about }) {
  const { t, api } = desk;
  const answer = useAnswer(async () => {
    const compared = await api.get(`/v1/comparison?of=${about.map(encodeURIComponent).join(",")}`);
    return { compared, policies: await policiesOf(api, compared.runs) };
  }, [about.join("/")]);
  return html`<div class="stack wide"><p class="crumbs"><a href="#runs">${t("part_runs")}</a></p><h2>${t("compare_title")}</h2>
    <${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`
      <${Share} t=${t} about=${about} />
      <${Tables} t=${t} compared=${found.compared} dates=${found.policies.map(datesOf)} />
      <${Plots} t=${t} policies=${found.policies} />`}</${Answered}></div>`;
}

/** @param {{t: Translate, about: string[]}} properties */
function Share({ t, about }) {
  const [shared, setShared] = useState("");
  const share = async () => {
    const link = linkTo("compare", ...about);
    await navigator.clipboard?.writeText(link).catch(() => undefined);
    setShared(link);
  };
  return html`<div><${Button} class="quiet small" data-command="share" onPress=${share}>${t("share")}</${Button}></div>
    ${shared && html`<${Notice} tone="go" live=${true} title=${t("shared")}><label class="field"><span class="sr-only">${t("link")}</span><input class="input" readonly name="link" value=${shared} /></label></${Notice}>`}`;
}

/** @param {{t: Translate, compared: any, dates: any[][]}} properties `dates`: of each run its days */
function Tables({ t, compared, dates }) {
  const isMain = (/** @type {any} */ figure) => HEADLINES.includes(figure.name);
  const alike = new Set(dates.map((days) => days.map((day) => day.date).join())).size === 1;
  const parts = { t, runs: compared.runs, dates, alike };
  return html`<section class="card stack"><h3>${t("all_figures")}</h3><p class="soft">${t("compare_note")}</p>
    ${!alike && html`<${Notice} tone="next" title=${t("compare_other_days")}>${t("compare_other_days_detail")}</${Notice}>`}
    <${Table} ...${parts} title=${t("all_figures")} figures=${compared.figures.filter(isMain)} />
    <details><summary>${t("other_figures")}</summary><${Table} ...${parts} title=${t("other_figures")} figures=${compared.figures.filter((/** @type {any} */ one) => !isMain(one))} /></details></section>`;
}

/** The days of a run, from the first to the last. @param {any[]} days */
const span = (days) => [...new Set([days[0], days[days.length - 1]])].filter(Boolean).map((day) => day.text).join(" – ");

/** @param {{t: Translate, title: string, runs: any[], dates: any[][], alike: boolean, figures: any[]}} properties `alike`: the runs are of the same days, so that a difference says something */
function Table({ t, title, runs, dates, alike, figures }) {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table class="figures rows-as-cards">
    <thead><tr><th scope="col">${t("figure")}</th>${runs.map((one, order) => html`<th scope="col" class="num"><a class=${`run-${order}`} href=${addressOf("run", one.simulation)}>${one.title}</a><br /><span class="soft">${t("replications_done", { n: one.replications })}${!alike && html`<br />${span(dates[order])}`}</span></th>`)}</tr></thead>
    <tbody>${figures.map((figure) => html`<tr data-figure=${figure.name}><th scope="row">${figure.label}${figure.unit && html`<span class="soft">, ${figure.unit}</span>`}</th>
      ${figure.cells.map((/** @type {any} */ cell, /** @type {number} */ order) => html`<td class="num" data-label=${runs[order].title}><span>${cell.text || "–"}${alike && cell.difference && html`<br /><span class=${cell.differs ? "badge tone-next" : "soft"}>${cell.difference}</span>`}</span></td>`)}</tr>`)}</tbody>
  </table></div>`;
}

/** @param {{t: Translate, policies: {name: string, days: any[]}[]}} properties */
function Plots({ t, policies }) {
  const dates = [...new Map(policies.flatMap(datesOf).map((day) => [day.date, day])).values()].sort((one, other) => one.date.localeCompare(other.date));
  const [chosen, setChosen] = useState("");
  const date = chosen || dates[0]?.date;
  const days = policies.map((one) => ({ name: one.name, day: datesOf(one).find((day) => day.date === date) })).filter((one) => one.day);
  if (days.length === 0) return null;
  return html`<section class="stack"><h3>${t("over_the_day")}</h3>
    ${dates.length > 1 && html`<div class="days" role="group" aria-label=${t("day")}>${dates.map((day) => html`<button type="button" class="chip" aria-pressed=${String(day.date === date)} onClick=${() => setChosen(day.date)}>${day.text}</button>`)}</div>`}
    <${Legend} names=${days.map((one) => one.name)} />
    <div class="charts">
      ${(/** @type {const} */ (["street", "hall"])).map((place) => html`<${CrowdChart} key=${place} t=${t} place=${place} crowds=${days.map((one) => ({ name: one.name, moments: one.day.bands }))} id=${`compare-${place}`} />`)}
      ${days[0].day.histograms.map((/** @type {any} */ one) => html`<${WaitChart} key=${one.part} t=${t} id=${`compare-wait-${one.part}`} title=${one.label} bin=${one.bin_minutes}
        waits=${days.map((other) => ({ name: other.name, shares: (other.day.histograms.find((/** @type {any} */ same) => same.part === one.part)?.shares ?? []).map((/** @type {number} */ share) => share * 100) }))} />`)}
    </div></section>`;
}
