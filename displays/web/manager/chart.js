// A chart by hour: bars of today, a line of a usual day; the same numbers as a table for whoever wants them.
import { html } from "../vendor/preact.js";

/** `..._text` as the reader's language writes it. @typedef {{hour: string, today: number | null, usual: number | null, today_text: string, usual_text: string}} Point */
/** @typedef {import("../shared/texts.js").Translate} Translate */

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 48;
const RIGHT = 8;
const TOP = 12;
const FOOT = 32;
const PLOT = HEIGHT - TOP - FOOT;

/** A scale of whole numbers that ends at a round one, with five steps at most. @param {Point[]} points @returns {number[]} */
function ticks(points) {
  const highest = Math.max(1, ...points.flatMap((point) => [point.today ?? 0, point.usual ?? 0]));
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [0.2, 0.5, 1, 2].map((part) => part * power).find((one) => highest / one <= 5 && one >= 1) ?? 1;
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, place) => place * step);
}

/** @param {{t: Translate, id: string, title: string, points: Point[], hasUsual: boolean}} properties */
export function Chart({ t, id, title, points, hasUsual }) {
  return html`<figure class="card chart">
    <figcaption class="chart-head"><h3>${title}</h3>
      <span class="legend"><i class="bar-today"></i>${t("today")}${hasUsual && html`<i class="line-usual"></i>${t("usual")}`}</span>
    </figcaption>
    ${points.length === 0 ? html`<p class="soft">${t("chart_empty")}</p>` : html`<${Drawing} points=${points} title=${title} id=${id} />
      <details><summary>${t("as_table")}</summary><${AsTable} t=${t} points=${points} title=${title} hasUsual=${hasUsual} /></details>`}
  </figure>`;
}

/** @param {{points: Point[], title: string, id: string}} properties */
function Drawing({ points, title, id }) {
  const scale = ticks(points);
  const top = scale[scale.length - 1];
  const slot = (WIDTH - LEFT - RIGHT) / points.length;
  /** @param {number} place */
  const middle = (place) => LEFT + slot * (place + 0.5);
  /** @param {number} value */
  const height = (value) => TOP + PLOT * (1 - value / top);
  const bar = Math.min(40, slot * 0.56);
  return html`<svg class="drawing" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby=${id}>
    <title id=${id}>${title}</title>
    ${scale.map((value) => html`<line class="grid-line" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${height(value)} y2=${height(value)} />
      <text class="scale" x=${LEFT - 6} y=${height(value) + 6}>${value}</text>`)}
    ${points.map((point, place) => html`
      ${point.today !== null && point.today > 0 && html`<rect class="bar" x=${middle(place) - bar / 2} width=${bar} rx="4" y=${height(point.today)} height=${TOP + PLOT - height(point.today)} />`}
      <text class="hour" x=${middle(place)} y=${HEIGHT - 8}>${point.hour}</text>`)}
    <${Usual} points=${points} x=${middle} y=${height} />
  </svg>`;
}

/** @param {{points: Point[], x: (place: number) => number, y: (value: number) => number}} properties */
function Usual({ points, x, y }) {
  const known = points.map((point, place) => ({ place, value: point.usual })).filter((one) => one.value !== null);
  const path = known.map((one) => `${x(one.place)},${y(Number(one.value))}`).join(" ");
  return html`<polyline class="usual" points=${path} />
    ${known.map((one) => html`<circle class="usual-dot" cx=${x(one.place)} cy=${y(Number(one.value))} r="4" />`)}`;
}

/** @param {{t: Translate, points: Point[], title: string, hasUsual: boolean}} properties */
function AsTable({ t, points, title, hasUsual }) {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table>
    <thead><tr><th scope="col">${t("hour")}</th><th scope="col" class="num">${t("today")}</th>${hasUsual && html`<th scope="col" class="num">${t("usual")}</th>`}</tr></thead>
    <tbody>${points.map((point) => html`<tr><th scope="row">${point.hour}:00</th><td class="num">${point.today_text || "–"}</td>${hasUsual && html`<td class="num">${point.usual_text || "–"}</td>`}</tr>`)}</tbody>
  </table></div>`;
}
