// The history of a day's plan: what each version changed, by whom and why, and the way back to it.
import { html, useRef, useState } from "../vendor/preact.js";
import { Problem, newKey } from "../shared/api.js";
import { Button, Dialog, ProblemNotice } from "../shared/ui.js";
import { Answered, Differences, ReasonField, asProblem, momentText } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */

/** @param {{office: Office, answer: any, present: number, mayRevert: boolean, query: string, onSaved: (said: string) => Promise<void>}} properties */
export function Versions({ office, answer, present, mayRevert, query, onSaved }) {
  const { t } = office;
  const [back, setBack] = useState(0);
  return html`<section class="card stack">
    <h3>${t("versions")}</h3>
    <${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`
      ${found.versions.length === 0 && html`<p class="soft">${t("no_versions")}</p>`}
      <ol class="versions">${[...found.versions].reverse().map((one) => html`<li>
        <div class="row"><b class="number">${t("version", { n: one.version })}</b><span class="soft grow">${momentText(one.at)}, ${one.who}</span>
          ${mayRevert && one.revertible && html`<button type="button" class="button quiet small" onClick=${() => setBack(one.version)}>${t("revert")}</button>`}</div>
        ${one.reason && html`<p>${t("because", { reason: one.reason })}</p>`}
        ${one.version > 1 && html`<${Differences} t=${t} differences=${one.differences ?? []} />`}
      </li>`)}</ol>`}
    </${Answered}>
    ${back > 0 && html`<${Revert} office=${office} version=${back} present=${present} query=${query} onSaved=${onSaved} onClose=${() => setBack(0)} />`}
  </section>`;
}

/** @param {{office: Office, version: number, present: number, query: string, onSaved: (said: string) => Promise<void>, onClose: () => void}} properties */
function Revert({ office, version, present, query, onSaved, onClose }) {
  const { t, api, home } = office;
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const key = useRef(newKey());
  const revert = async () => {
    const options = { key: key.current, version: `"${present}"` };
    const found = await api.post(`${home}/plan/revert${query}`, { version, reason }, options).catch(asProblem);
    if (found instanceof Problem) return setProblem(found);
    onClose();
    await onSaved(t("reverted", { n: version }));
  };
  return html`<${Dialog} title=${t("revert_title", { n: version })} onClose=${onClose}>
    <div class="stack"><p>${t("revert_detail")}</p>
      <${ReasonField} t=${t} value=${reason} onInput=${setReason} />
      <${ProblemNotice} t=${t} problem=${problem} />
      <div class="row decide"><${Button} disabled=${!reason.trim()} onPress=${revert}>${t("revert")}</${Button}>
        <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div>
    </div>
  </${Dialog}>`;
}
