// Questions before a visit is held or sent elsewhere.
import { html, useState } from "../vendor/preact.js";
import { Button, Dialog } from "../shared/ui.js";

/** @typedef {(body: object) => unknown} Answer */

const LONGEST_REASON = 300;

/** @param {{t: import("../shared/texts.js").Translate, onClose: () => void, onAnswer: Answer}} properties */
export function HoldDialog({ t, onClose, onAnswer }) {
  const [reason, setReason] = useState("");
  const answer = () => onAnswer(reason.trim() ? { reason: reason.trim() } : {});
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    answer();
  };
  return html`<${Dialog} title=${t("hold_title")} onClose=${onClose}>
    <form class="stack" onSubmit=${submit}>
      <p class="soft">${t("hold_about")}</p>
      <label class="field"><span>${t("hold_reason")}</span>
        <input value=${reason} maxLength=${LONGEST_REASON} autofocus onInput=${(/** @type {InputEvent} */ event) => setReason(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
      <div class="row"><${Button} class="go" onPress=${answer}>${t("do_hold")}</${Button}>
        <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div>
    </form>
  </${Dialog}>`;
}

/** @param {{desk: import("./counter.js").Desk, view: any, onClose: () => void, onAnswer: Answer}} properties */
export function TransferDialog({ desk, view, onClose, onAnswer }) {
  const { t, services } = desk;
  const { targets } = view;
  return html`<${Dialog} title=${t("transfer_title", { number: view.ticket.number })} onClose=${onClose}>
    <div class="stack">
      <p class="soft">${t("transfer_about")}</p>
      <h3>${t("to_counter")}</h3>
      ${targets.counters.length === 0 && html`<p class="soft">${t("no_counter_can")}</p>`}
      <div class="row">${targets.counters.map((/** @type {string} */ counter) => html`<${Button} key=${counter} class="quiet" onPress=${() => onAnswer({ counter })}>${t("counter_n", { counter })}</${Button}>`)}</div>
      <h3>${t("to_service")}</h3>
      <div class="stack targets" tabindex="0" data-scrolls role="group" aria-label=${t("to_service")}>${targets.services.map((/** @type {string} */ service) => html`<${Button} key=${service} class="quiet target" onPress=${() => onAnswer({ service })}>${services[service] ?? service}</${Button}>`)}</div>
      <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button>
    </div>
  </${Dialog}>`;
}
