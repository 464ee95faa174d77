// Who waits, who is on hold, who did not come.
import { html } from "../vendor/preact.js";
import { Button, clockText } from "../shared/ui.js";

/** @typedef {import("./counter.js").Desk} Desk */
/** @typedef {import("./work.js").Act} Act */

/** @param {{desk: Desk, view: any, act: Act}} properties */
export function Side({ desk, view, act }) {
  return html`<aside class="side stack" aria-label=${desk.t("queue")}>
    <${Waiting} desk=${desk} view=${view} />
    <${Aside} desk=${desk} view=${view} act=${act} title=${desk.t("held")} tickets=${view.held} />
    <${Aside} desk=${desk} view=${view} act=${act} title=${desk.t("given_up")} tickets=${view.given_up} />
  </aside>`;
}

/** @param {{desk: Desk, view: any}} properties */
function Waiting({ desk, view }) {
  const { t, services } = desk;
  const rows = [...view.waiting].sort((one, other) => Number(other.tickets > 0) - Number(one.tickets > 0));
  return html`<section class="card stack">
    <h2>${t("waiting")}</h2>
    <p class="soft">${t("hall_and_street", { hall: view.hall.occupancy, limit: view.hall.limit, street: view.street_people })}</p>
    ${view.sent_here > 0 && html`<p class="badge tone-next">${t("sent_here", { n: view.sent_here })}</p>`}
    <ul class="waiting" tabindex="0" data-scrolls role="list" aria-label=${t("waiting")}>
      ${rows.map((/** @type {any} */ one) => html`<li key=${one.service} class=${one.here && one.tickets > 0 ? "here" : "soft"}>
        <span>${services[one.service] ?? one.service}${!one.here && html` <small>${t("elsewhere")}</small>`}</span><b class="number">${one.tickets}</b></li>`)}
    </ul>
  </section>`;
}

/** @param {{desk: Desk, view: any, act: Act, title: string, tickets: any[]}} properties */
function Aside({ desk, view, act, title, tickets }) {
  if (tickets.length === 0) return null;
  return html`<section class="card stack">
    <h2>${title}</h2>
    <ul class="asides">${tickets.map((one) => html`<${AsideTicket} key=${one.ticket.id} desk=${desk} view=${view} act=${act} one=${one} />`)}</ul>
  </section>`;
}

/** @param {{desk: Desk, view: any, act: Act, one: any}} properties */
function AsideTicket({ desk, view, act, one }) {
  const { t, services } = desk;
  const { ticket, may } = one;
  const body = { counter: view.desk.counter };
  const refused = Object.values(may).find((permission) => !permission.allowed);
  return html`<li>
    <div><b class="number">${ticket.number}</b> <span class="soft">${clockText(ticket.changed_at)}</span><br />
      <small>${services[ticket.service] ?? ticket.service}</small></div>
    <div class="row">${Object.keys(may).filter((action) => may[action].allowed).map((action) => html`<${Button} key=${action} class="quiet small" data-command=${`${action} ${ticket.number}`}
      onPress=${() => act(`/tickets/${ticket.id}/${action}`, action === "resume" ? body : undefined)}>${t(`do_${action}`)}</${Button}>`)}</div>
    ${refused && html`<small class="soft why">${refused.title}. ${refused.detail}</small>`}
  </li>`;
}
