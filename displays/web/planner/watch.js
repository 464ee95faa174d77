// A simulated day, watched minute by minute: played, halted, drawn along, faster and slower.
import { html, useEffect, useMemo, useState } from "../vendor/preact.js";
import { Answered, useAnswer } from "../shared/answer.js";
import { framesOf } from "./course.js";
import { Scene, frameText } from "./scene.js";

/** @typedef {import("./planner.js").Desk} Desk */
/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./scene.js").Frame} Frame */

/** Minutes of the day in a second. */
const SPEEDS = [1, 2, 5, 15];
const USUAL_SPEED = 5;
/** Whoever wants no motion sees pictures that stand for a while. */
const STILL_MINUTES = 15;
const STILL_MS = 1500;
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {{desk: Desk, path: string}} properties `path`: of the day's course under /v1 */
function Watch({ desk, path }) {
  const { t, api } = desk;
  const answer = useAnswer(() => api.get(path), [path]);
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {any} */ course) => html`<${Player} key=${path} t=${t} course=${course} />`}</${Answered}>`;
}

/**
 * A place in the day that moves while it is played.
 * @param {number} count of frames @param {number} first where it begins @param {number} speed minutes a second
 */
function usePlaying(count, first, speed) {
  const [at, setAt] = useState(first);
  const [playing, setPlaying] = useState(false);
  const last = count - 1;
  useEffect(() => {
    if (!playing) return undefined;
    const [step, every] = isStill() ? [STILL_MINUTES, STILL_MS] : [1, 1000 / speed];
    const timer = setInterval(() => setAt((before) => Math.min(last, before + step)), every);
    return () => clearInterval(timer);
  }, [playing, speed, last]);
  useEffect(() => {
    if (at >= last) setPlaying(false);
  }, [at, last]);
  const toggle = () => {
    if (!playing && at >= last) setAt(first);
    setPlaying((before) => !before);
  };
  return { at, setAt, playing, toggle };
}

/** @param {{t: Translate, course: any}} properties */
function Player({ t, course }) {
  const frames = useMemo(() => framesOf(course), [course]);
  const [speed, setSpeed] = useState(USUAL_SPEED);
  const { at, setAt, playing, toggle } = usePlaying(frames.length, course.opens ?? 0, speed);
  const frame = frames[at];
  if (!frame) return html`<p class="soft">${t("closed_day")}</p>`;
  /** @param {any} event */
  const press = (event) => {
    if (event.key !== " " || event.target.closest("button, select")) return;
    event.preventDefault();
    toggle();
  };
  return html`<div class="stack watch" onKeyDown=${press}>
    <div class="row watch-bar">
      <button type="button" class="button small" onClick=${toggle} data-command="play">${playing ? t("halt") : t("play")}</button>
      <output class="watch-clock number" for="watch-minute">${frame.at}</output>
      <label class="row watch-speed"><span>${t("speed")}</span><select class="input" value=${speed} onChange=${(/** @type {any} */ event) => setSpeed(Number(event.target.value))}>
        ${SPEEDS.map((one) => html`<option value=${one} selected=${one === speed}>${t("speed_minutes", { n: one })}</option>`)}</select></label>
    </div>
    <div class="track"><${Outline} frames=${frames} at=${at} />
      <input id="watch-minute" type="range" min="0" max=${frames.length - 1} step="1" value=${at} aria-label=${t("watch_minute")} aria-valuetext=${frameText(t, frame)}
        onInput=${(/** @type {any} */ event) => setAt(Number(event.target.value))} /></div>
    <${Scene} t=${t} frame=${frame} />
    <p class="sr-only" role="status">${playing ? "" : frameText(t, frame)}</p>
  </div>`;
}

const OUTLINE = { width: 1000, height: 60 };

/** The whole day small: people in the street and in the hall, the hall's limit, pauses, and where one is. @param {{frames: Frame[], at: number}} properties */
function Outline({ frames, at }) {
  const drawn = useMemo(() => outlineOf(frames), [frames]);
  const x = (at / Math.max(1, frames.length - 1)) * OUTLINE.width;
  return html`<svg class="outline" viewBox=${`0 0 ${OUTLINE.width} ${OUTLINE.height}`} preserveAspectRatio="none" aria-hidden="true">
    ${drawn.pauses.map(({ from, width }) => html`<rect class="outline-pause" x=${from} width=${width} y="0" height=${OUTLINE.height} />`)}
    <path class="outline-limit" d=${drawn.limit} />
    <polygon class="outline-street" points=${drawn.street} /><polyline class="outline-hall" points=${drawn.hall} />
    <line class="outline-now" x1=${x} x2=${x} y1="0" y2=${OUTLINE.height} /></svg>`;
}

/** @param {Frame[]} frames */
function outlineOf(frames) {
  const most = Math.max(1, ...frames.map((one) => Math.max(one.street, one.hall, one.rules.hall_limit ?? 0)));
  const step = OUTLINE.width / Math.max(1, frames.length - 1);
  /** @param {"street" | "hall"} place */
  const line = (place) => frames.map((one, order) => `${(order * step).toFixed(1)},${(OUTLINE.height * (1 - one[place] / most)).toFixed(1)}`).join(" ");
  const pauses = frames.flatMap((one, order) => (one.phase === "none" ? [] : [{ from: order * step, width: step }]));
  const limit = frames.map((one, order) => (one.rules.hall_limit === null ? "" : `M${(order * step).toFixed(1)} ${(OUTLINE.height * (1 - one.rules.hall_limit / most)).toFixed(1)}h${step.toFixed(1)}`)).join("");
  return { limit, street: `0,${OUTLINE.height} ${line("street")} ${OUTLINE.width},${OUTLINE.height}`, hall: line("hall"), pauses };
}

/** Chooses whose day and which day is watched. @param {{desk: Desk, run: any, path: string}} properties `path`: of the run */
export function WatchDay({ desk, run, path }) {
  const { t } = desk;
  const [date, setDate] = useState(run.courses[0]);
  const [which, setWhich] = useState("scenario");
  const days = run.results[0]?.days ?? [];
  /** @param {string} one */
  const said = (one) => days.find((/** @type {any} */ day) => day.date === one)?.text ?? one;
  return html`<section class="card stack" aria-label=${t("watch")}><h3>${t("watch")}</h3><p class="soft">${t("watch_lead")}</p>
    <div class="row">
      ${run.courses.length > 1 && html`<label class="field"><span>${t("day")}</span><select class="input" value=${date} onChange=${(/** @type {any} */ event) => setDate(event.target.value)}>
        ${run.courses.map((/** @type {string} */ one) => html`<option value=${one} selected=${one === date}>${said(one)}</option>`)}</select></label>`}
      ${run.versus && html`<label class="field"><span>${t("whose_day")}</span><select class="input" value=${which} onChange=${(/** @type {any} */ event) => setWhich(event.target.value)}>
        ${["scenario", "versus"].map((one) => html`<option value=${one} selected=${one === which}>${one === "versus" ? run.versus_title : run.scenario_title}</option>`)}</select></label>`}
    </div>
    <${Watch} desk=${desk} path=${`${path}/course?date=${date}&which=${which}`} /></section>`;
}
