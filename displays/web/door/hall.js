// How many people are in the hall, and who they are.
import { html, useState } from "../vendor/preact.js";
import { Button, HallBar, clockText } from "../shared/ui.js";
import { leftDeed } from "./group.js";

/** @typedef {import("./group.js").Part} Part */

/** @param {Part & {onRecount: () => void}} properties */
export function Hall({ t, view, act, onRecount }) {
  const { occupancy, released, limit, unsent } = view.hall;
  /** Every press is a person, however fast they come. @param {number} change @param {string} reason */
  const correct = (change, reason) => act({ kind: "recount", path: "/hall/recount", body: { change, reason } });
  return html`<section class="card stack" aria-labelledby="hall">
    <div class="row"><h2 id="hall" class="grow">${t("in_hall")}</h2>${unsent && html`<span class="badge tone-pause">${t("not_sent")}</span>`}</div>
    <div class="hall-count">
      <button type="button" class="button quiet step" data-command="one-out" aria-label=${t("one_out")} disabled=${occupancy <= 0} onClick=${() => correct(-1, t("one_out_reason"))}>−1</button>
      <p class="occupancy" data-hall=${occupancy}><b class="number">${occupancy}</b> <span>${t("of_limit", { n: limit })}</span></p>
      <button type="button" class="button quiet step" data-command="one-in" aria-label=${t("one_in")} disabled=${occupancy >= view.largest_count} onClick=${() => correct(1, t("one_in_reason"))}>+1</button>
    </div>
    <${HallBar} label=${t("in_hall")} inside=${occupancy} coming=${released} limit=${limit} />
    <div class="row"><span class="grow soft">${t("on_the_way", { n: released })}</span>
      <button type="button" class="button quiet" data-command="recount" onClick=${onRecount}>${t("recount")}</button></div>
  </section>`;
}

/** @param {Part} properties */
export function Inside({ t, view, act }) {
  const [wanted, setWanted] = useState("");
  const looked = wanted.trim().toLowerCase();
  const shown = view.inside.filter((/** @type {any} */ one) => one.number.toLowerCase().includes(looked));
  return html`<section class="card stack" aria-labelledby="inside">
    <h2 id="inside">${t("inside")} <span class="badge tone-serve">${view.inside.length}</span></h2>
    ${view.inside.length > 6 && html`<label class="field"><span class="sr-only">${t("find")}</span>
      <input class="input" type="search" placeholder=${t("find")} value=${wanted} onInput=${(/** @type {InputEvent} */ event) => setWanted(/** @type {HTMLInputElement} */ (event.target).value)} /></label>`}
    ${view.inside.length === 0 && html`<p class="soft">${t("nobody_inside")}</p>`}
    <ul class="tickets inside" tabindex=${shown.length ? 0 : undefined} data-scrolls role="list" aria-label=${t("inside")}>${shown.map((/** @type {any} */ ticket) => html`<li key=${ticket.id} data-ticket=${ticket.number}>
      <span class="number">${ticket.number}</span>
      <span class="grow soft">${t("people", { n: ticket.party_size })} · ${ticket.unsent ? t("not_sent") : t(`state_${ticket.state}`)}${ticket.entered_at && html` · ${clockText(ticket.entered_at)}`}</span>
      ${ticket.actions.includes("left") && html`<${Button} class="quiet small" data-command=${`left ${ticket.number}`} onPress=${() => act(leftDeed(ticket))}>${t("left")}</${Button}>`}
    </li>`)}</ul>
  </section>`;
}
