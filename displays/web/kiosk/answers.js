// The screens that answer: a ticket, the other ways, a warning, a closed branch, a service that does not answer.
import { html, useEffect, useState } from "../vendor/preact.js";
import { useDateWords } from "../shared/dates.js";
import { Button, Notice, clockText, isFar, rangeOf } from "../shared/ui.js";
import { Back, Heading, qr } from "./parts.js";
import { print, printer } from "./printing.js";

/** @typedef {import("./parts.js").Translate} Translate */
/** @typedef {import("./parts.js").KioskDay} KioskDay */
/** @typedef {import("../shared/api.js").Problem} Problem */
/** @typedef {import("./printing.js").PrintResult | "under_way" | ""} Printing */

/** Address of the page that follows a ticket on a phone. @param {any} ticket @param {string} language */
const ticketAddress = (ticket, language) =>
  `${location.origin}/ticket/?${new URLSearchParams({ branch: ticket.branch, id: ticket.id, lang: language })}`;

/** @param {Translate} t @param {any} ticket */
function waitText(t, ticket) {
  if (!ticket.estimate) return t("wait_unknown");
  const range = rangeOf(ticket.estimate, Date.parse(ticket.changed_at));
  if (isFar(range)) return t("wait_between", range);
  if (range.high === 0) return t("wait_soon");
  return t(range.low === range.high ? "wait_about" : "wait_range", range);
}

/** @param {Translate} t @param {KioskDay} day @param {any} ticket @param {string[]} names */
const slipOf = (t, day, ticket, names) => ({
  number: ticket.number,
  title: t("slip_title"),
  lines: [
    t(ticket.state === "entered" ? "go_in" : "wait_outside"),
    ...names,
    ...(ticket.party_size > 1 ? [`${t("party")}: ${ticket.party_size}`] : []),
    t("slip_ahead", { n: ticket.people_ahead }),
    `${t("wait")}: ${waitText(t, ticket)}`,
    day.name[t.language],
    t("slip_issued", { date: ticket.date.split("-").reverse().join("."), time: clockText(ticket.issued_at) }),
  ],
  url: ticketAddress(ticket, t.language),
  footer: t("slip_footer"),
});

/** @param {{t: Translate, day: KioskDay, ticket: any, names: string[], onDone: () => void}} properties */
export function Ticket({ t, day, ticket, names, onDone }) {
  const [result, setResult] = useState(/** @type {Printing} */ (""));
  const by = printer();
  const onPrint = async () => {
    if (!by) return;
    setResult("under_way");
    setResult(await print(by, slipOf(t, day, ticket, names)));
  };
  useEffect(() => {
    if (by && by !== "browser") onPrint();
  }, []);
  return html`<div class="ticket card">
      <${Heading}><span class="ticket-words">${t("your_number")}</span> <span class="ticket-number number">${ticket.number}</span><//>
      <div class="ticket-body">
        <figure class="ticket-qr"><img src=${qr(ticketAddress(ticket, t.language))} alt=${t("qr_ticket")} /><figcaption>${t("qr_follow")}</figcaption></figure>
        <dl class="stack grow">
          ${ticket.state === "issued" && html`<div><dt>${t("ahead")}</dt><dd>${t("people", { n: ticket.people_ahead })}</dd></div>`}
          <div><dt>${t("wait")}</dt><dd>${waitText(t, ticket)}</dd></div>
          <div><dt>${t("services", { n: names.length })}</dt><dd class="ticket-services">${names.join("; ")}</dd></div>
          ${ticket.party_size > 1 && html`<div><dt>${t("party")}</dt><dd>${ticket.party_size}</dd></div>`}
        </dl>
      </div>
    </div>
    <${Notice} tone=${ticket.state === "entered" ? "go" : "info"} title=${t(ticket.state === "entered" ? "go_in" : "wait_outside")}>
      ${t(ticket.state === "entered" ? "go_in_detail" : "wait_outside_detail")}<//>
    ${by && html`<${Printed} t=${t} result=${result} onPrint=${onPrint} />`}
    <${Button} class="go big" onPress=${onDone}>${t("done")}<//>
    <${Slip} slip=${slipOf(t, day, ticket, names)} />`;
}

const WITHOUT_TROUBLE = new Set(["", "under_way", "printed", "sent"]);

/** What is known of the paper. @param {{t: Translate, result: Printing, onPrint: () => unknown}} properties */
function Printed({ t, result, onPrint }) {
  return html`<div class="stack"><div role="status">
      ${!WITHOUT_TROUBLE.has(result) && html`<${Notice} tone="pause" title=${t(`print_${result}`)}>${t("print_photo")}<//>`}
      ${result && WITHOUT_TROUBLE.has(result) && html`<p class="soft">${t(`print_${result}`)}</p>`}
    </div>
    ${result !== "under_way" && html`<${Button} class="quiet big" onPress=${onPrint}>${t(result ? "print_again" : "print")}<//>`}
  </div>`;
}

/** What the browser puts on paper. @param {{slip: import("./printing.js").Slip}} properties */
const Slip = ({ slip }) => html`<section class="slip" aria-hidden="true">
  <p>${slip.title}</p><p class="slip-number">${slip.number}</p>
  ${slip.lines.map((line) => html`<p>${line}</p>`)}
  <img src=${qr(slip.url)} alt="" /><p>${slip.footer}</p>
</section>`;

/**
 * The service cannot be had in person now: why, the other ways, and the assisted way.
 * @param {{t: Translate, problem: Problem, day: KioskDay, onAssisted: (reason: string) => void, onDone: () => void}} properties
 */
export function OnlineOnly({ t, problem, day, onAssisted, onDone }) {
  const links = /** @type {any[]} */ (problem.body.links ?? []);
  const reasons = /** @type {string[]} */ (problem.body.accepted_reasons ?? []);
  return html`<${Heading}>${t("online_title")}<//>
    ${day.regimes.length > 0 && html`<p class="soft">${t("because_of", { regimes: day.regimes.map((regime) => regime[t.language]).join("; ") })}</p>`}
    ${links.map((link) => html`<${Way} t=${t} link=${link} phone=${problem.body.phone} />`)}
    ${reasons.length > 0 && html`<section class="card stack"><h2>${t("assisted_title")}</h2><p>${t("assisted_detail")}</p>
      <div class="choices">${reasons.map((reason) => html`<button type="button" class="choice" onClick=${() => onAssisted(reason)}>${t(`reason_${reason}`)}</button>`)}</div>
    </section>`}
    <${Back} onPress=${onDone}>${t("to_services")}<//>`;
}

/** @param {{t: Translate, link: any, phone: string}} properties */
function Way({ t, link, phone }) {
  return html`<section class="card way">
    <div class="stack grow"><h2>${link.name[t.language]}</h2>
      <ul class="ways">
        ${link.portal && html`<li>${t("way_portal", { address: link.portal.replace(/^https?:\/\//, "").replace(/\/$/, "") })}</li>`}
        ${link.mobile_app && html`<li>${t("way_mobile")}</li>`}
        ${link.bot && html`<li>${t("way_bot")}</li>`}
        <li>${t("way_phone", { phone: link.phone ?? phone })}</li>
      </ul></div>
    ${link.qr && html`<figure class="ticket-qr"><img src=${qr(link.qr)} alt=${t("qr_portal")} /><figcaption>${t("qr_open")}</figcaption></figure>`}
  </section>`;
}

/** @param {{t: Translate, problem: Problem, onAnyway: () => unknown, onDone: () => void}} properties */
export function NotToday({ t, problem, onAnyway, onDone }) {
  return html`<${Heading}>${t("not_today")}<//>
    <${Notice} tone="pause">${t("not_today_detail", { time: clockText(problem.body.until), phone: problem.body.phone })}<//>
    <p>${t("anyway_detail")}</p>
    <div class="row actions"><${Back} onPress=${onDone}>${t("no_ticket")}<//>
      <${Button} class="quiet big grow" onPress=${onAnyway}>${t("anyway")}<//></div>`;
}

/** @param {{t: Translate, problem: Problem, onDone: () => void}} properties */
export function Refused({ t, problem, onDone }) {
  return html`<${Heading}>${problem.title}<//><${Notice} tone="stop">${problem.detail}<//>
    <${Back} onPress=${onDone}>${t("to_services")}<//>`;
}

/** @param {{t: Translate, offline: boolean, onStop: () => void}} properties */
export function Waiting({ t, offline, onStop }) {
  if (!offline) return html`<${Heading}>${t("asking")}<//><p role="status">${t("asking_detail")}</p>`;
  return html`<${Heading}>${t("no_connection")}<//>
    <${Notice} tone="pause" live>${t("asking_offline")}<//>
    <${Button} class="quiet big" onPress=${onStop}>${t("stop_waiting")}<//>`;
}

/** @param {{t: Translate, day: KioskDay}} properties */
export function Closed({ t, day }) {
  const next = useDateWords(day.next_opens_at?.slice(0, 10) ?? null);
  const early = day.tickets_from !== null && day.at < day.tickets_from;
  return html`<div class="closed stack"><${Heading}>${t(early ? "too_early" : "closed")}<//>
    ${day.closed_text[t.language] && html`<p class="closed-why">${day.closed_text[t.language]}</p>`}
    ${early && html`<p class="closed-why">${t("tickets_from", { time: clockText(day.tickets_from) })}</p>`}
    ${day.opens_at && html`<p>${t("hours", { opens: clockText(day.opens_at), closes: clockText(day.closes_at) })}</p>`}
    ${!early && next && html`<p class="closed-why">${t("opens_next", { date: next[t.language] ?? "", time: clockText(day.next_opens_at) })}</p>`}
    <p>${t("meanwhile", { phone: day.phone })}</p></div>`;
}
