// One moment of a simulated day as a picture of the branch: the street, the door, the hall, the counters.
import { html } from "../vendor/preact.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {"closed" | "free" | "called" | "serving"} CounterState */
/**
 * What holds at a moment, as the service tells it; nulls where nobody limits the hall or makes groups.
 * @typedef {{hall_limit: number | null, group_size: number | null, group_interval: number, online_only: boolean,
 *   pauses: {from: string, until: string, minute: number}[]}} Rules
 */
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
 * @property {Rules} rules
 * @property {number} minute its place in the day's course
 * @property {{id: string, state: CounterState}[]} counters
 */

/** More dots than that say nothing to the eye and slow old machines down. */
const MOST_DOTS = 240;

/** @param {{t: Translate, frame: Frame}} properties */
export function Scene({ t, frame }) {
  const limit = frame.rules.hall_limit;
  return html`<div class=${`scene phase-${frame.phase}`}>
    <${Held} t=${t} frame=${frame} />
    <section class="scene-street" aria-label=${t("scene_street")}>
      <header><h4>${t("scene_street")}</h4><b class="number">${frame.street}</b></header>
      <${Dots} count=${frame.street} kind="street" />
    </section>
    <div class="scene-door"><span class=${`badge ${doorTone(frame)}`}>${doorText(t, frame)}</span></div>
    <section class="scene-hall" aria-label=${t("scene_hall")}>
      <header><h4>${t("scene_hall")}</h4><b class="number" data-place="occupancy">${limit === null ? frame.hall : t("of_limit", { n: frame.hall, limit })}</b></header>
      ${limit !== null && html`<meter class="occupancy" min="0" max=${limit} high=${limit - 1} value=${frame.hall} aria-label=${t("hall_limit", { n: limit })}></meter>`}
      <${Dots} count=${frame.waiting} kind="hall" />
      <ul class="scene-counters" aria-label=${t("counters")}>${frame.counters.map((one) => html`<li key=${one.id} class=${`counter-${one.state}`}>
        <b>${one.id}</b><span>${t(`counter_${one.state}`)}</span></li>`)}</ul>
    </section>
    <dl class="scene-sums"><div><dt>${t("scene_served")}</dt><dd class="number">${frame.served}</dd></div>
      <div><dt>${t("scene_sent_away")}</dt><dd class="number">${frame.sentAway}</dd></div></dl>
  </div>`;
}

/** The rules of the moment: what a regime or the head of the branch changes in the middle of a day is seen here. @param {{t: Translate, frame: Frame}} properties */
function Held({ t, frame: { rules, minute } }) {
  const { hall_limit: limit, group_size: size, group_interval: every, online_only: online, pauses } = rules;
  const next = pauses.find((one) => one.minute >= minute);
  const told = [
    limit === null ? t("no_hall_limit") : t("hall_limit", { n: limit }),
    size === null ? t("no_groups") : every > 0 ? t("groups_of", { size, every }) : t("groups_at_once", { size }),
    ...(pauses.length > 0 ? [next ? t("next_pause", next) : t("pauses_over")] : []),
    ...(online ? [t("online_only")] : []),
  ];
  return html`<ul class="scene-rules" aria-label=${t("scene_rules")}>${told.map((one) => html`<li class="badge">${one}</li>`)}</ul>`;
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
