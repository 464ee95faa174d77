// A plot: scales with round numbers, a frame, and a reading of what is under the pointer.
import { html, useState } from "../vendor/preact.js";

/** @typedef {{least: number, most: number, ticks: {at: number, text: string}[]}} Scale */
/** @typedef {{x: (value: number) => number, y: (value: number) => number, top: number, foot: number, left: number, right: number}} Paper pixels of the drawing */

export const WIDTH = 640;
const HEIGHT = 280;
const LEFT = 66;
const RIGHT = 12;
const TOP = 14;
const FOOT = 36;
const ROUND_STEPS = [1, 2, 5, 10];
const MOST_TICKS = 5;
const MOST_HOURS = 10;

/** A scale of whole numbers from nothing to a round one above all values. @param {number[]} values @param {string} [unit] @returns {Scale} */
export function upFromZero(values, unit = "") {
  const highest = Math.max(1, ...values.filter(Number.isFinite));
  const power = 10 ** Math.floor(Math.log10(highest / MOST_TICKS));
  const step = Math.max(1, (ROUND_STEPS.find((one) => one * power * MOST_TICKS >= highest) ?? 10) * power);
  const count = Math.ceil(highest / step);
  const ticks = Array.from({ length: count + 1 }, (_, place) => ({ at: place * step, text: `${place * step}${unit}` }));
  return { least: 0, most: count * step, ticks };
}

/** A scale between round numbers around all values. @param {number[]} values @param {(value: number, digits: number) => string} said `digits`: after the point @returns {Scale} */
export function around(values, said) {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const span = highest - lowest || Math.abs(highest) || 1;
  const power = 10 ** Math.floor(Math.log10(span / MOST_TICKS));
  const step = (ROUND_STEPS.find((one) => one * power * MOST_TICKS >= span) ?? 10) * power;
  const [first, last] = [Math.floor(lowest / step - 0.1), Math.ceil(highest / step + 0.1)];
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, place) => ({ at: (first + place) * step, text: said((first + place) * step, digits) }));
  return { least: first * step, most: last * step, ticks };
}

/** @param {number} minute of the day */
export const clockOf = (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(Math.floor(minute % 60)).padStart(2, "0")}`;

/** "09:15" as minutes of the day. @param {string} clock */
export const minuteOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** A scale of times of day that holds all minutes. @param {number[]} minutes @returns {Scale} */
export function overTheDay(minutes) {
  const first = Math.floor(Math.min(...minutes) / 60);
  const last = Math.max(first + 1, Math.ceil(Math.max(...minutes) / 60));
  const every = Math.ceil((last - first) / MOST_HOURS);
  const hours = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, place) => first + place * every);
  return { least: first * 60, most: last * 60, ticks: hours.map((hour) => ({ at: hour * 60, text: clockOf(hour * 60).slice(0, 2) })) };
}

/** Points of a line. @param {Paper} paper @param {[number, number][]} points */
export const lineOf = (paper, points) => points.map(([x, y]) => `${paper.x(x).toFixed(1)},${paper.y(y).toFixed(1)}`).join(" ");

/** Points of the area between two lines. @param {Paper} paper @param {[number, number, number][]} spans place, low, high */
export const areaOf = (paper, spans) =>
  `${lineOf(paper, spans.map(([x, low]) => [x, low]))} ${lineOf(paper, [...spans].reverse().map(([x, , high]) => [x, high]))}`;

/** @param {Scale} x @param {Scale} y @param {number} height @returns {Paper} */
function paperOf(x, y, height) {
  const [right, foot] = [WIDTH - RIGHT, height - FOOT];
  return {
    x: (value) => LEFT + ((value - x.least) / (x.most - x.least)) * (right - LEFT),
    y: (value) => foot - ((value - y.least) / (y.most - y.least)) * (foot - TOP),
    top: TOP, foot, left: LEFT, right,
  };
}

/**
 * A frame with scales; `children` draws into it, `reading` says in words what is at a place on the lower scale.
 * @param {{id: string, title: string, x: Scale, y: Scale, stops?: number[], reading?: (place: number) => string,
 *   height?: number, children: (paper: Paper) => unknown}} properties
 */
export function Plot({ id, title, x, y, stops = [], reading, height = HEIGHT, children }) {
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const paper = paperOf(x, y, height);
  /** @param {any} event */
  const point = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const wanted = x.least + ((((event.clientX - box.left) / box.width) * WIDTH - LEFT) / (paper.right - LEFT)) * (x.most - x.least);
    setAt(nearest(stops, wanted));
  };
  return html`<div class="plot" onPointerMove=${stops.length ? point : undefined} onPointerLeave=${() => setAt(null)}>
    <svg class="drawing" viewBox=${`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby=${id}>
      <title id=${id}>${title}</title>
      ${y.ticks.map((tick) => html`<line class="grid-line" x1=${LEFT} x2=${paper.right} y1=${paper.y(tick.at)} y2=${paper.y(tick.at)} />
        <text class="scale" x=${LEFT - 8} y=${paper.y(tick.at) + 6}>${tick.text}</text>`)}
      ${x.ticks.map((tick) => html`<line class="tick" x1=${paper.x(tick.at)} x2=${paper.x(tick.at)} y1=${paper.foot} y2=${paper.foot + 5} />
        <text class="hour" style=${paper.x(tick.at) > WIDTH - tick.text.length * 8 ? "text-anchor: end" : ""} x=${Math.min(paper.x(tick.at), tick.text.length > 3 ? WIDTH : paper.right)} y=${height - 8}>${tick.text}</text>`)}
      ${children(paper)}
      ${at !== null && html`<line class="reading-line" x1=${paper.x(at)} x2=${paper.x(at)} y1=${TOP} y2=${paper.foot} />`}
    </svg>
    ${at !== null && reading && html`<p class="reading">${reading(at)}</p>`}
  </div>`;
}

/** @param {number[]} stops @param {number} wanted */
const nearest = (stops, wanted) => stops.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best), stops[0]);
