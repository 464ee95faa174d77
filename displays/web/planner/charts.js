// The plots of runs: people over the day, waits, and what one run changes against another.
import { html } from "../vendor/preact.js";
import { Plot, areaOf, clockOf, lineOf, minuteOf, overTheDay, upFromZero } from "./plot.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {{at: string, street: number[], hall: number[]}} Moment five quantiles of people at a quarter hour */
/** @typedef {"street" | "hall"} Place */
/** @typedef {{name: string, moments: Moment[]}} Crowd of one run on one day */
/** @typedef {{name: string, shares: number[]}} Waits share of visits in per cent by the length of the wait */

const QUARTER = 15;

/** Runs keep their colour and their dash in every plot. @param {number} place */
export const toneOf = (place) => `run-${place}`;

/** Which colour and dash is whose, for all plots below it. @param {{names: string[]}} properties */
export function Legend({ names }) {
  if (names.length < 2) return null;
  return html`<ul class="legend runs-legend">${names.map((name, place) => html`<li><svg viewBox="0 0 32 12" class=${toneOf(place)} aria-hidden="true"><line class="line" x1="0" x2="32" y1="6" y2="6" /></svg><span>${name}</span></li>`)}</ul>`;
}

/** People in a place over one day: the median, half and nine tenths of the replications. @param {{t: Translate, place: Place, crowds: Crowd[], id: string}} properties */
export function CrowdChart({ t, place, crowds, id }) {
  const known = crowds.filter((one) => one.moments.length > 0);
  if (known.length === 0) return null;
  const starts = known.flatMap((one) => one.moments.map((moment) => minuteOf(moment.at)));
  const y = upFromZero(known.flatMap((one) => one.moments.map((moment) => moment[place][4])));
  const stops = [...new Set(starts)].sort((one, other) => one - other).map((start) => start + QUARTER / 2);
  const title = t(`people_${place}`);
  /** @param {number} stop */
  const reading = (stop) => `${clockOf(stop - QUARTER / 2)} · ${crowds.map((one) => said(t, one, place, stop - QUARTER / 2, crowds.length > 1)).filter(Boolean).join("; ")}`;
  return html`<figure class="card chart">
    <figcaption><h4>${title}</h4></figcaption>
    <${Plot} id=${id} title=${title} x=${overTheDay([...starts, Math.max(...starts) + QUARTER])} y=${y} stops=${stops} reading=${reading}>
      ${(/** @type {import("./plot.js").Paper} */ paper) => html`
        ${crowds.map((one, order) => html`<g class=${toneOf(order)}>
          ${crowds.length <= 2 && html`<polygon class="outer" points=${areaOf(paper, spans(one, place, 0, 4))} /><polygon class="inner" points=${areaOf(paper, spans(one, place, 1, 3))} />`}
          <polyline class="line" points=${lineOf(paper, one.moments.map((moment) => [middle(moment), moment[place][2]]))} /></g>`)}`}
    </${Plot}>
    <p class="soft note">${t(crowds.length <= 2 ? "bands_note" : "medians_note")}</p>
    <details><summary>${t("as_table")}</summary><${CrowdTable} t=${t} title=${title} place=${place} crowds=${crowds} stops=${stops} /></details>
  </figure>`;
}

/** @param {Moment} moment */
const middle = (moment) => minuteOf(moment.at) + QUARTER / 2;

/** @param {Crowd} crowd @param {Place} place @param {number} low @param {number} high @returns {[number, number, number][]} */
const spans = (crowd, place, low, high) => crowd.moments.map((moment) => [middle(moment), moment[place][low], moment[place][high]]);

/** @param {Translate} t @param {Crowd} crowd @param {Place} place @param {number} start @param {boolean} named */
function said(t, crowd, place, start, named) {
  const moment = crowd.moments.find((one) => minuteOf(one.at) === start);
  if (!moment) return "";
  const [low, , mid, , high] = moment[place].map(Math.round);
  return `${named ? `${crowd.name}: ` : ""}${t("people_reading", { mid, low, high })}`;
}

/** @param {{t: Translate, title: string, place: Place, crowds: Crowd[], stops: number[]}} properties */
function CrowdTable({ t, title, place, crowds, stops }) {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table>
    <thead><tr><th scope="col">${t("time")}</th>${crowds.map((one) => html`<th scope="col" class="num">${one.name}</th>`)}</tr></thead>
    <tbody>${stops.map((stop) => html`<tr><th scope="row">${clockOf(stop - QUARTER / 2)}</th>
      ${crowds.map((one) => html`<td class="num">${said(t, one, place, stop - QUARTER / 2, false) || "–"}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

/** How long visits waited: bars of the first run, steps of the others. @param {{t: Translate, title: string, waits: Waits[], bin: number, id: string}} properties `bin`: minutes */
export function WaitChart({ t, title, waits, bin, id }) {
  const used = Math.max(2, ...waits.map((one) => one.shares.findLastIndex((share) => share > 0) + 1));
  const y = upFromZero(waits.flatMap((one) => one.shares.slice(0, used)), " %");
  const stops = Array.from({ length: used }, (_, place) => (place + 0.5) * bin);
  const every = Math.ceil((used * bin) / 8 / 15) * 15;
  const ticks = Array.from({ length: Math.floor((used * bin) / every) + 1 }, (_, place) => ({ at: place * every, text: String(place * every) }));
  /** @param {number} stop */
  const reading = (stop) => `${t("wait_span", { from: Math.floor(stop / bin) * bin, to: (Math.floor(stop / bin) + 1) * bin })} · ${waits.map((one) => `${waits.length > 1 ? `${one.name}: ` : ""}${share(one, Math.floor(stop / bin))}`).join("; ")}`;
  return html`<figure class="card chart">
    <figcaption><h4>${title}</h4></figcaption>
    <${Plot} id=${id} title=${title} x=${{ least: 0, most: used * bin, ticks }} y=${y} stops=${stops} reading=${reading}>
      ${(/** @type {import("./plot.js").Paper} */ paper) => waits.map((one, order) => html`<g class=${toneOf(order)}>${order === 0
        ? one.shares.slice(0, used).map((value, place) => html`<rect class="bar" x=${paper.x(place * bin) + 1} width=${Math.max(1, paper.x(bin) - paper.x(0) - 2)} y=${paper.y(value)} height=${paper.foot - paper.y(value)} />`)
        : html`<polyline class="line" points=${lineOf(paper, stairs(one.shares.slice(0, used), bin))} />`}</g>`)}
    </${Plot}>
    <p class="soft note">${t("waits_note", { n: bin })}</p>
    <details><summary>${t("as_table")}</summary><div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table>
      <thead><tr><th scope="col">${t("minutes")}</th>${waits.map((one) => html`<th scope="col" class="num">${one.name}</th>`)}</tr></thead>
      <tbody>${stops.map((_, place) => html`<tr><th scope="row">${place * bin}–${(place + 1) * bin}</th>${waits.map((one) => html`<td class="num">${share(one, place)}</td>`)}</tr>`)}</tbody>
    </table></div></details>
  </figure>`;
}

/** @param {Waits} one @param {number} place */
const share = (one, place) => `${Math.round(one.shares[place] ?? 0)} %`;

/** @param {number[]} values @param {number} width @returns {[number, number][]} */
const stairs = (values, width) => values.flatMap((value, place) => /** @type {[number, number][]} */ ([[place * width, value], [(place + 1) * width, value]]));
