// What a ticket's page says in each of the ticket's states.
import { html } from "../vendor/preact.js";
import { Notice, clockText, isFar, rangeOf, spanText } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {"wait" | "go" | "serve" | "pause" | "stop"} Tone */

/** The colour of each state, the same on every screen. @type {{[state: string]: Tone}} */
const TONES = { issued: "wait", released: "go", entered: "wait", called: "go", serving: "serve", on_hold: "pause", served: "serve", missed: "stop", no_show: "stop", cancelled: "stop", expired: "pause" };
const ENDED = new Set(["served", "missed", "no_show", "cancelled", "expired"]);

/** @param {string} state */
export const hasEnded = (state) => ENDED.has(state);

/** Whether the visitor must act: the phone then asks for attention. @param {string} state */
export const isUrgent = (state) => state === "released" || state === "called";

/** `now` is null where the time is not known. @param {{t: Translate, ticket: any, now: number | null}} properties */
export function Stage({ t, ticket, now }) {
  return html`<section class=${`stage tone-${ticket.party_at_most ? "pause" : TONES[ticket.state]}`}>
    <div role="status" class="stack">
      <h2 class="stage-title">${titleOf(t, ticket)}</h2>
      <p>${t(`state_${nameOf(ticket)}`, { party: ticket.party_size, most: ticket.party_at_most })}</p>
      ${ticket.state === "issued" && ticket.times_missed > 0 && html`<p>${t("behind_next_group")}</p>`}
      ${ticket.not_today && !ticket.party_at_most && html`<p>${t("not_today")}</p>`}
    </div>
    <${Figures} t=${t} ticket=${ticket} now=${now} />
  </section>`;
}

/** Sanitation that the visitor waits through: what it means for the visitor, and until when. @param {{t: Translate, ticket: any, now: number | null}} properties */
export function Pause({ t, ticket, now }) {
  const { state, pause } = ticket;
  if (!pause) return null;
  const isOver = pause.phase === "cleaning" && now !== null && now >= Date.parse(pause.until);
  const name = state === "entered" ? "inside" : isOver ? "cleaned" : pause.phase;
  return html`<${Notice} tone="pause" live title=${t(`pause_${name}`)}>${t(`pause_${name}_detail`, { from: clockText(pause.starts_at), until: clockText(pause.until) })}<//>`;
}

/** The state as the visitor is told it. @param {any} ticket */
const nameOf = (ticket) => (ticket.redirected ? "redirected" : ticket.party_at_most ? "too_large" : ticket.state);

/** @param {Translate} t @param {any} ticket */
function titleOf(t, ticket) {
  return ticket.state === "called" || ticket.state === "serving" ? t("counter", { counter: ticket.counter }) : t(`title_${nameOf(ticket)}`);
}

/** @param {{t: Translate, ticket: any, now: number | null}} properties */
function Figures({ t, ticket, now }) {
  if (ticket.state === "released") return html`<${ArriveBy} t=${t} instant=${ticket.arrive_by} now=${now} />`;
  if ((ticket.state !== "issued" && ticket.state !== "entered") || ticket.party_at_most) return null;
  return html`<dl class="figures">
    <div><dt>${t("ahead")}</dt><dd>${ticket.people_ahead}</dd></div>
    <div><dt>${t("wait")}</dt><dd>${waitText(t, ticket, now)}</dd></div>
  </dl>`;
}

/** @param {{t: Translate, instant: string, now: number | null}} properties */
function ArriveBy({ t, instant, now }) {
  if (now === null) return html`<dl class="figures"><div><dt>${t("arrive_within")}</dt><dd>${t("arrive_by", { time: clockText(instant) })}</dd></div></dl>`;
  return html`<dl class="figures"><div><dt>${t("arrive_within")}</dt>
    <dd><span class="countdown" role="timer">${spanText(Date.parse(instant) - now)}</span></dd><dd>${t("arrive_by", { time: clockText(instant) })}</dd></div></dl>`;
}

/** @param {Translate} t @param {any} ticket @param {number | null} now */
function waitText(t, { estimate, not_today }, now) {
  if (!estimate) return t(not_today ? "wait_not_today" : "wait_unknown");
  if (now === null) return t("wait_between", { from: clockText(estimate.low_at), to: clockText(estimate.high_at) });
  const range = rangeOf(estimate, now);
  if (isFar(range)) return t("wait_between", range);
  if (range.high === 0) return t("wait_soon");
  return t(range.low === range.high ? "wait_about" : "wait_range", range);
}
