// Who is let in next, and who is awaited at the door.
import { html, useState } from "../vendor/preact.js";
import { Button, clockText, spanText } from "../shared/ui.js";

/** @typedef {import("./deeds.js").Act} Act */
/** @typedef {{t: import("../shared/texts.js").Translate, view: any, now: number, offline: boolean, act: Act}} Part */

/** Whether the service allows it now, or said that it would from an instant that has come. @param {any} permission @param {number} now */
export const permitted = (permission, now) => permission.allowed || (permission.next_at && now >= Date.parse(permission.next_at));

/** Why not, and how long still. @param {{t: import("../shared/texts.js").Translate, permission: any, now: number}} properties */
export function Reason({ t, permission, now }) {
  if (permitted(permission, now) || !permission.title) return null;
  const left = permission.next_at ? Date.parse(permission.next_at) - now : 0;
  return html`<p class="reason"><b>${permission.title}.</b> ${permission.detail}
    ${left > 0 && html` <span class="badge tone-pause">${t("in_time", { time: spanText(left) })}</span>`}</p>`;
}

/** @param {Part} properties */
export function NextGroup({ t, view, now, offline, act }) {
  const [size, setSize] = useState(0);
  const { may, least, most, tickets, people, unsent } = view.next_group;
  const wanted = size || most;
  const release = () => {
    const body = size && !offline ? { size } : {};
    setSize(0);
    return act({ kind: "release", path: "/groups", body, tickets });
  };
  const ready = permitted(may, now) && (!offline || tickets.length > 0);
  return html`<section class="card stack group" aria-labelledby="next-group">
    <div class="row"><h2 id="next-group" class="grow">${t("next_group")}</h2><span class="soft">${t("in_street", { n: view.street_people })}</span></div>
    ${tickets.length > 0 && html`<ul class="chips">${tickets.map((/** @type {any} */ one) => html`<li class="badge tone-next number" key=${one.id}>${one.number}${one.party_size > 1 && html` <small>×${one.party_size}</small>`}</li>`)}</ul>`}
    ${unsent ? html`<p class="reason">${t("group_unsent")}</p>` : html`<${Reason} t=${t} permission=${may} now=${now} />`}
    <${Button} class="go big" data-command="release" disabled=${!ready} onPress=${release}>${t(people && wanted >= people ? "release_n" : "release", { n: people })}</${Button}>
    ${view.group_admission && !offline && html`<div class="row size">
      <span class="grow">${t("at_most", { n: wanted })}</span>
      <${Step} label=${t("fewer")} sign="−" disabled=${wanted <= least} onStep=${() => setSize(wanted - 1)} />
      <${Step} label=${t("more")} sign="+" disabled=${wanted >= most} onStep=${() => setSize(wanted + 1)} />
    </div>`}
  </section>`;
}

/** @param {{label: string, sign: string, disabled: boolean, onStep: () => void}} properties */
const Step = ({ label, sign, disabled, onStep }) => html`<button type="button" class="button quiet step" aria-label=${label} disabled=${disabled} onClick=${onStep}>${sign}</button>`;

/** @param {Part & {onScan: () => void}} properties */
export function Awaited({ t, view, now, act, onScan }) {
  return html`<section class="card stack" aria-labelledby="awaited">
    <div class="row"><h2 id="awaited" class="grow">${t("awaited")} <span class="badge tone-go">${view.released.length}</span></h2>
      <button type="button" class="button quiet" data-command="scan" onClick=${onScan}>${t("scan")}</button></div>
    ${view.released.length === 0 && html`<p class="soft">${t("nobody_awaited")}</p>`}
    <ul class="tickets awaited">${view.released.map((/** @type {any} */ ticket) => html`<${AwaitedTicket} key=${ticket.id} t=${t} ticket=${ticket} now=${now} act=${act} />`)}</ul>
  </section>`;
}

/** @param {{t: import("../shared/texts.js").Translate, ticket: any, now: number, act: Act}} properties */
function AwaitedTicket({ t, ticket, now, act }) {
  const left = ticket.arrive_by ? Date.parse(ticket.arrive_by) - now : 0;
  const enter = () => act(enteredDeed(ticket));
  return html`<li data-ticket=${ticket.number}>
    <span class="ticket-number number">${ticket.number}</span>
    <span class="grow"><b>${t("people", { n: ticket.party_size })}</b><br />
      ${ticket.unsent ? html`<span class="soft">${t("not_sent")}</span>` : html`<span class=${left > 0 ? "soft" : "late"}>${t(left > 0 ? "arrive_by" : "too_late", { time: clockText(ticket.arrive_by), left: spanText(left) })}</span>`}</span>
    ${ticket.actions.includes("entered") && html`<${Button} class="go tick" data-command=${`entered ${ticket.number}`} onPress=${enter}>✓ ${t("entered")}</${Button}>`}
  </li>`;
}

/** @param {any} ticket @returns {import("./deeds.js").Deed} */
export const enteredDeed = (ticket) => ({ kind: "entered", path: `/tickets/${ticket.id}/entered`, ticket: ticket.id, number: ticket.number });

/** @param {any} ticket @returns {import("./deeds.js").Deed} */
export const leftDeed = (ticket) => ({ kind: "left", path: `/tickets/${ticket.id}/left`, ticket: ticket.id, number: ticket.number });
