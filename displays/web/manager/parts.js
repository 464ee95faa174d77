// Small parts that several parts of the manager's page share.
import { html, useEffect, useRef } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { Notice, clockText } from "../shared/ui.js";

export { Answered, asProblem, useAnswer } from "../shared/answer.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {import("../shared/texts.js").Translate} Translate */

/** A question for the reason of a change. @param {{t: Translate, value: string, onInput: (text: string) => void}} properties */
export function ReasonField({ t, value, onInput }) {
  return html`<label class="field"><span>${t("reason")}</span>
    <input name="reason" maxlength="300" autocomplete="off" required value=${value} placeholder=${t("reason_hint")}
      onInput=${(/** @type {any} */ event) => onInput(event.target.value)} /></label>`;
}

/** A problem whose fields are called as the page calls them. @param {Problem} problem @param {{[field: string]: string}} labels */
export function namedFields(problem, labels) {
  const fields = (problem.body.fields ?? []).map((/** @type {any} */ one) => ({ ...one, field: labels[one.field.split(".")[0]] ?? one.field }));
  return new Problem(problem.status, { ...problem.body, fields });
}

/** What a preview says of the tickets already issued. @param {{t: Translate, effect: any}} properties */
export function Consequences({ t, effect }) {
  const counts = ["waiting", "redirected", "not_served_by_closing", "too_large", "hall_above_limit"];
  return html`<dl class="consequences">
    ${counts.map((name) => html`<div class=${name !== "waiting" && effect[name] ? "tone-pause" : "tone-wait"}>
      <dt>${t(`effect_${name}`)}</dt><dd>${effect[name] ?? 0}</dd></div>`)}
  </dl>`;
}

/** What one plan has otherwise than another. @param {{t: Translate, differences: any[]}} properties */
export function Differences({ t, differences }) {
  const told = differences.filter((one) => one.label && one.text);
  if (told.length === 0) return html`<p class="soft">${t("no_difference")}</p>`;
  return html`<ul class="differences">
    ${told.map((one) => html`<li><span>${one.label}</span><b>${one.text}</b></li>`)}
  </ul>`;
}

/** Asks whether tickets that the plan sends online are to be cancelled now. @param {{t: Translate, effect: any, chosen: boolean, onChoose: (chosen: boolean) => void}} properties */
export function Redirect({ t, effect, chosen, onChoose }) {
  if (!effect.redirected) return null;
  return html`<label class="check"><input type="checkbox" checked=${chosen}
    onChange=${(/** @type {any} */ event) => onChoose(event.target.checked)} />
    <span>${t("redirect", { n: effect.redirected })}</span></label>`;
}

/** What has just been done, brought into view. @param {{t: Translate, text: string}} properties */
export function Done({ text }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (text) place.current?.scrollIntoView({ block: "center" });
  }, [text]);
  return html`<div class="done" ref=${place}>${text && html`<${Notice} tone="go" live=${true} title=${text} />`}</div>`;
}

/** A date of the wire, "2020-03-19", as "19.03". @param {string} date */
export const dayText = (date) => `${date.slice(8, 10)}.${date.slice(5, 7)}`;

/** @param {string} instant */
export const momentText = (instant) => `${dayText(instant)} ${clockText(instant)}`;

/** Gives the reader a file that the service makes. @param {Office} office @param {string} path */
export async function download({ me, t, home }, path) {
  const answer = await fetch(home + path, { headers: { Authorization: `Bearer ${me.token}`, "Accept-Language": t.language } });
  if (!answer.ok) throw new Problem(answer.status, await answer.json());
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "kezek";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
