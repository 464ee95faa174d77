// The sanitation pause: the hall drains, is cleaned, and somebody confirms it.
import { html, useState } from "../vendor/preact.js";
import { Button, Dialog, clockText, spanText } from "../shared/ui.js";
import { Reason, permitted } from "./group.js";

/** @typedef {import("./group.js").Part} Part */

/** @param {Part} properties */
export function Sanitation({ t, view, now, act }) {
  const [asks, setAsks] = useState(false);
  const { phase, unsent } = view.sanitation;
  const start = () => {
    setAsks(false);
    return act({ kind: "start", path: "/sanitation/start" });
  };
  const confirm = () => act({ kind: "confirm", path: "/sanitation/confirm" });
  return html`<section class=${`card stack sanitation phase-${phase}`} aria-labelledby="sanitation">
    <h2 id="sanitation">${t("sanitation")}</h2>
    <${Phase} t=${t} view=${view} now=${now} />
    ${unsent && html`<p><span class="badge tone-pause">${t(`unsent_${unsent}`)}</span></p>`}
    ${!unsent && phase !== "cleaning" && html`<div class="stack">
      <${Button} class=${phase === "draining" ? "" : "quiet"} data-command="start" disabled=${!permitted(view.start_sanitation, now)} onPress=${phase === "draining" ? start : () => setAsks(true)}>${t(phase === "draining" ? "start_cleaning" : "start_pause")}</${Button}>
      <${Reason} t=${t} permission=${view.start_sanitation} now=${now} /></div>`}
    ${!unsent && phase === "cleaning" && html`<div class="stack">
      <${Button} class="go" data-command="confirm" disabled=${!permitted(view.confirm_sanitation, now)} onPress=${confirm}>${t("confirm_clean")}</${Button}>
      <${Reason} t=${t} permission=${view.confirm_sanitation} now=${now} /></div>`}
    ${asks && html`<${Dialog} title=${t("start_title")} onClose=${() => setAsks(false)}>
      <div class="stack"><p>${t("start_about")}</p>
        <div class="row"><${Button} data-command="start-answer" onPress=${start}>${t("start_answer")}</${Button}
          ><button type="button" class="button quiet" onClick=${() => setAsks(false)}>${t("cancel")}</button></div></div>
    </${Dialog}>`}
  </section>`;
}

/** @param {{t: import("../shared/texts.js").Translate, view: any, now: number}} properties */
function Phase({ t, view, now }) {
  const { phase, empty_by, clean_until, next_drain_at } = view.sanitation;
  const until = phase === "draining" ? empty_by : phase === "cleaning" ? clean_until : next_drain_at;
  const left = until ? Date.parse(until) - now : 0;
  if (phase === "none") return html`<p class="soft">${until ? t("next_pause", { time: clockText(until) }) : t("no_pause")}</p>`;
  return html`<p><b>${t(phase)}</b> ${phase === "draining" && t("still_people", { n: view.hall.occupancy + view.hall.released })}<br />
    <span class="soft">${t(phase === "draining" ? "empty_by" : "clean_until", { time: clockText(until) })}</span></p>
    <p class=${`countdown number ${left > 0 ? "" : "over"}`} role="timer">${left > 0 ? spanText(left) : t("time_is_over")}</p>`;
}
