// The attendant has counted the people in the hall.
import { html, useState } from "../vendor/preact.js";
import { Dialog, useOnce } from "../shared/ui.js";

const LONGEST_REASON = 300;
/** Reasons that are met often; any other is written. */
const USUAL = ["counted", "side_door", "missed_tick"];

/**
 * @param {{t: import("../shared/texts.js").Translate, count: import("./deeds.js").Count, most: number, onClose: () => void,
 *   onAnswer: (occupancy: number, reason: string) => Promise<void>}} properties
 */
export function RecountDialog({ t, count, most, onClose, onAnswer }) {
  const [people, setPeople] = useState(String(count.occupancy));
  const [reason, setReason] = useState(count.reason);
  const counted = Number(people);
  const complete = people !== "" && Number.isInteger(counted) && counted >= 0 && counted <= most && reason.trim() !== "";
  const [answer, busy] = useOnce(() => onAnswer(counted, reason.trim()));
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (complete) answer();
  };
  /** @param {(text: string) => void} set */
  const typed = (set) => (/** @type {InputEvent} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value);
  return html`<${Dialog} title=${t("recount_title")} onClose=${onClose}>
    <form class="stack" onSubmit=${submit}>
      <label class="field"><span>${t("recount_people")}</span>
        <input class="people" name="people" type="number" inputmode="numeric" min="0" max=${most} step="1" required value=${people} onInput=${typed(setPeople)} /></label>
      <label class="field"><span>${t("recount_reason")}</span>
        <input name="reason" required maxLength=${LONGEST_REASON} value=${reason} onInput=${typed(setReason)} /></label>
      <div class="row">${USUAL.map((key) => html`<button key=${key} type="button" class="button quiet small" onClick=${() => setReason(t(`reason_${key}`))}>${t(`reason_${key}`)}</button>`)}</div>
      <div class="row"><button type="submit" class="button go" data-command="recount-answer" disabled=${!complete} aria-busy=${String(busy)}>${t("recount_answer")}</button>
        <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div>
    </form>
  </${Dialog}>`;
}
