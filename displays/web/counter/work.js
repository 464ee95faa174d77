// What the operator does now: the visitor at the counter, or the next one.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { nowOf } from "../shared/refresh.js";
import { LANGUAGE_NAMES } from "../shared/texts.js";
import { Button, Notice, clockText, spanText } from "../shared/ui.js";
import { HoldDialog, TransferDialog } from "./dialogs.js";
import { personOf, priorityText, reasonText } from "./words.js";

/** @typedef {import("./counter.js").Desk} Desk */
/** @typedef {(path: string, body?: unknown) => Promise<void>} Act */
/** @typedef {{name: string, code: string, letter: string, look: string, run: () => unknown}} Command */

/** Every action on a ticket with its key, in the order of a visit. `asks`: a dialog comes first. */
const OF_TICKET = [
  { name: "start", code: "KeyS", letter: "S", look: "go" },
  { name: "finish", code: "KeyF", letter: "F", look: "go" },
  { name: "recall", code: "KeyR", letter: "R", look: "quiet" },
  { name: "hold", code: "KeyH", letter: "H", look: "quiet", asks: true },
  { name: "transfer", code: "KeyT", letter: "T", look: "quiet", asks: true },
  { name: "no-show", code: "KeyX", letter: "X", look: "danger" },
];

/** @param {any} view @param {Act} act @param {(dialog: string) => void} ask @returns {Command[]} */
function commandsOf(view, act, ask) {
  const { ticket, desk } = view;
  const counter = `/counters/${desk.counter}`;
  if (!ticket) {
    const next = { name: "next", code: "KeyN", letter: "N", look: "go big", run: () => act(`${counter}/call-next`) };
    const open = { name: "open", code: "KeyO", letter: "O", look: "go big", run: () => act(`${counter}/open`) };
    const close = { name: "close_counter", code: "KeyC", letter: "C", look: "quiet", run: () => act(`${counter}/close`) };
    return [...(view.open.allowed ? [open] : []), ...(desk.open ? [next] : []), ...(view.close.allowed ? [close] : [])];
  }
  return OF_TICKET.filter(({ name }) => ticket.actions.includes(name)).map(({ asks, ...command }) => ({
    ...command,
    run: () => (asks ? ask(command.name) : act(`/tickets/${ticket.id}/${command.name}`)),
  }));
}

/** Keys stand for buttons, on any keyboard layout, unless somebody writes or answers a question. @param {Command[]} commands */
function useKeys(commands) {
  const known = useRef(commands);
  known.current = commands;
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      const writes = event.target instanceof HTMLElement && event.target.closest("input, select, textarea, dialog");
      if (writes || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const command = known.current.find(({ code }) => code === event.code);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** @param {{desk: Desk, view: any, act: Act, said: string, children?: unknown}} properties */
export function Work({ desk, view, act, said, children }) {
  const { t } = desk;
  const [dialog, setDialog] = useState("");
  const commands = commandsOf(view, act, setDialog);
  useKeys(commands);
  /** @param {string} action @param {object} body */
  const answer = (action, body) => {
    setDialog("");
    return act(`/tickets/${view.ticket.id}/${action}`, body);
  };
  const close = () => setDialog("");
  return html`<section class="work stack" aria-label=${t("now")}>
    ${view.desk.open && !view.desk.yours && html`<${Notice} tone="pause" title=${t("other_operator", { name: personOf(view.desk.operator) })}>${t("other_operator_detail")}</${Notice}>`}
    ${children}
    <div role="status" class="said">${said && html`<${Notice} tone="info">${said}</${Notice}>`}</div>
    ${view.ticket ? html`<${Visitor} desk=${desk} view=${view} />` : html`<${Idle} desk=${desk} view=${view} />`}
    <div class="commands">
      ${commands.map(({ name, letter, look, run }) => html`<${Button} key=${name} class=${look} onPress=${run} data-command=${name} disabled=${name === "next" && !view.call_next.allowed}>
        ${t(`do_${name}`)} <kbd>${letter}</kbd></${Button}>`)}
    </div>
    ${dialog === "hold" && view.ticket && html`<${HoldDialog} t=${t} onClose=${close} onAnswer=${(/** @type {object} */ body) => answer("hold", body)} />`}
    ${dialog === "transfer" && view.ticket && html`<${TransferDialog} desk=${desk} view=${view} onClose=${close} onAnswer=${(/** @type {object} */ body) => answer("transfer", body)} />`}
  </section>`;
}

/** @param {{desk: Desk, view: any}} properties */
function Idle({ desk, view }) {
  const { t } = desk;
  const here = view.waiting.filter((/** @type {any} */ one) => one.here).reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.tickets, view.sent_here);
  const reason = view.desk.open ? view.call_next : view.open;
  return html`<div class="card idle">
    <p class="idle-state">${t(view.desk.open ? "counter_is_open" : "counter_is_closed")}</p>
    ${view.desk.open && here > 0 && html`<p class="idle-count">${t("wait_here", { n: here })}</p>`}
    ${!reason.allowed && html`<p class="soft"><b>${reason.title}.</b> ${reason.detail}</p>`}
  </div>`;
}

/** @param {{desk: Desk, view: any}} properties */
function Visitor({ desk, view }) {
  const { t, services } = desk;
  const { ticket } = view;
  const serving = ticket.state === "serving";
  const since = serving ? ticket.started_at : ticket.called_at;
  const priority = priorityText(t, ticket.priority);
  return html`<article class=${`card visitor ${serving ? "serving" : "called"}`}>
    <div class="visitor-head">
      <span class="visitor-number number">${ticket.number}</span>
      <div class="visitor-state">
        <span class=${`badge ${serving ? "tone-serve" : "tone-go"}`}>${t(serving ? "state_serving" : "state_called")}</span>
        <span class="timer number" data-scrolls>${spanText(Math.max(0, nowOf(view) - Date.parse(since)))}</span>
        <span class="soft">${t("since", { time: clockText(since) })}</span>
      </div>
    </div>
    <dl class="facts">
      <div class="wide"><dt>${t("service")}</dt><dd>${services[ticket.service] ?? ticket.service}</dd></div>
      ${ticket.services.length > 1 && html`<div class="wide"><dt>${t("all_services")}</dt><dd><ol class="steps">${ticket.services.map((/** @type {string} */ code) => html`<li class=${code === ticket.service ? "step-now" : ""}>${services[code] ?? code}</li>`)}</ol></dd></div>`}
      <div><dt>${t("party")}</dt><dd>${t("people", { n: ticket.party_size })}</dd></div>
      ${ticket.language && html`<div><dt>${t("speaks")}</dt><dd lang=${ticket.language}>${LANGUAGE_NAMES[/** @type {"kk"} */ (ticket.language)]}</dd></div>`}
      ${priority && html`<div><dt>${t("priority")}</dt><dd>${priority}</dd></div>`}
      ${ticket.assisted_reason && html`<div class="wide"><dt>${t("assisted")}</dt><dd>${reasonText(t, ticket.assisted_reason)}</dd></div>`}
      <div><dt>${t("issued")}</dt><dd>${clockText(ticket.issued_at)}</dd></div>
    </dl>
  </article>`;
}
