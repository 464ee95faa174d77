// One moment of a simulated day as a picture of the branch: the street, the door, the hall, the counters.
import { html } from "../vendor/preact.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {"closed" | "free" | "called" | "serving"} CounterState */
/**
 * What there is at one minute of the day; numbers are people.
 * @typedef {object} Frame
 * @property {string} at "10:42"
 * @property {number} street waiting outside
 * @property {number} hall in the hall, at the counters too
 * @property {number} waiting of those: not yet called
 * @property {number} served visits ended so far
 * @property {number} sentAway visits refused or given up so far
 * @property {number} group let in just now
 * @property {"none" | "emptying" | "cleaning"} phase of a sanitation pause
 * @property {boolean} isOpen
 * @property {{id: string, state: CounterState}[]} counters
 */

/** More dots than that say nothing to the eye and slow old machines down. */
const MOST_DOTS = 240;

/** @param {{t: Translate, frame: Frame}} properties */
export function Scene({ t, frame }) {
  return html`<div class=${`scene phase-${frame.phase}`}>
    <section class="scene-street" aria-label=${t("scene_street")}>
      <header><h4>${t("scene_street")}</h4><b class="number">${frame.street}</b></header>
      <${Dots} count=${frame.street} kind="street" />
    </section>
    <div class="scene-door"><span class=${`badge ${doorTone(frame)}`}>${doorText(t, frame)}</span></div>
    <section class="scene-hall" aria-label=${t("scene_hall")}>
      <header><h4>${t("scene_hall")}</h4><b class="number">${frame.hall}</b></header>
      <${Dots} count=${frame.waiting} kind="hall" />
      <ul class="scene-counters" aria-label=${t("counters")}>${frame.counters.map((one) => html`<li key=${one.id} class=${`counter-${one.state}`}>
        <b>${one.id}</b><span>${t(`counter_${one.state}`)}</span></li>`)}</ul>
    </section>
    <dl class="scene-sums"><div><dt>${t("scene_served")}</dt><dd class="number">${frame.served}</dd></div>
      <div><dt>${t("scene_sent_away")}</dt><dd class="number">${frame.sentAway}</dd></div></dl>
  </div>`;
}

/** @param {Frame} frame */
function doorTone(frame) {
  if (frame.phase !== "none") return "tone-pause";
  if (frame.group) return "tone-go";
  return frame.isOpen ? "tone-wait" : "tone-stop";
}

/** @param {Translate} t @param {Frame} frame */
function doorText(t, frame) {
  if (frame.phase !== "none") return t(`phase_${frame.phase}`);
  if (frame.group) return t("door_group", { n: frame.group });
  return frame.isOpen ? t("door_open") : t("door_closed");
}

/** A dot for each person; of a crowd the first, and how many more. @param {{count: number, kind: string}} properties */
function Dots({ count, kind }) {
  const shown = Math.min(count, MOST_DOTS);
  return html`<p class="dots" aria-hidden="true">
    ${Array.from({ length: shown }, (_, place) => html`<i key=${place} class=${`dot dot-${kind}`}></i>`)}
    ${count > shown && html`<b>+${count - shown}</b>`}</p>`;
}

/** A frame in words, for whoever does not see it. @param {Translate} t @param {Frame} frame */
export const frameText = (t, frame) =>
  t("scene_text", { time: frame.at, street: frame.street, hall: frame.hall, n: frame.counters.filter((one) => one.state === "serving").length });
