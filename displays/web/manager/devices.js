// The devices of the branch: letting in the one that shows a code, and sending one away.
import { html, useState } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { Button, Dialog, ProblemNotice } from "../shared/ui.js";
import { Answered, Done, asProblem, namedFields, useAnswer } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {{subject: string, role: string, name: string, paired: string, seen: string | null, actions: string[]}} Device */

const ROLES = ["kiosk", "board", "attendant"];

/** @param {{office: Office}} properties */
export function Devices({ office }) {
  const { t, api, home } = office;
  const answer = useAnswer(() => api.get(`${home}/devices`), []);
  const [leaving, setLeaving] = useState(/** @type {Device | null} */ (null));
  const [done, setDone] = useState("");
  /** @param {string} said */
  const finished = async (said) => {
    setLeaving(null);
    setDone(said);
    await answer.again();
  };
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {{devices: Device[], actions: string[]}} */ found) => html`
    <${Done} t=${t} text=${done} />
    <div class="devices">
      <section class="card stack"><h3>${t("devices_paired")}</h3>
        ${found.devices.length === 0 && html`<p class="soft">${t("no_devices")}</p>`}
        <ul class="paired">${found.devices.map((one) => html`<li key=${one.subject} data-device=${one.subject}>
          <div class="grow"><b>${one.name}</b> <span class="badge">${t(`role_${one.role}`)}</span><br />
            <span class="soft">${one.seen ? t("device_seen", { when: one.seen }) : t("device_never_seen")}; ${t("device_paired", { when: one.paired })}</span></div>
          ${one.actions.includes("unpair") && html`<button type="button" class="button danger small" onClick=${() => setLeaving(one)}>${t("device_unpair")}</button>`}
        </li>`)}</ul>
      </section>
      ${found.actions.includes("pair") && html`<${Pair} office=${office} onDone=${finished} />`}
    </div>
    ${leaving && html`<${Unpair} office=${office} device=${leaving} onDone=${finished} onClose=${() => setLeaving(null)} />`}`}
  </${Answered}>`;
}

/** @param {{office: Office, onDone: (said: string) => Promise<void>}} properties */
function Pair({ office, onDone }) {
  const { t, api, branch } = office;
  const [code, setCode] = useState("");
  const [role, setRole] = useState("kiosk");
  const [name, setName] = useState("");
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Event} event */
  const approve = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const found = await api.post(`/v1/pairings/${encodeURIComponent(code.trim())}/approve`, { role, name: name.trim(), branch }).catch(asProblem);
    setBusy(false);
    setProblem(found instanceof Problem ? namedFields(found, { name: t("device_name") }) : null);
    if (found instanceof Problem) return;
    setCode("");
    setName("");
    await onDone(t("device_let_in", { name: found.subject }));
  };
  return html`<section class="card stack">
    <h3>${t("devices_title")}</h3><p class="soft">${t("devices_detail")}</p>
    <form class="stack" onSubmit=${approve}>
      <label class="field"><span>${t("device_code")}</span><input class="code" name="code" required autocomplete="off" autocapitalize="characters" spellcheck=${false} maxlength="12"
        value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></label>
      <fieldset class="roles"><legend>${t("device_role")}</legend>
        ${ROLES.map((one) => html`<label class="check"><input type="radio" name="role" value=${one} checked=${role === one} onChange=${() => setRole(one)} /><span><b>${t(`role_${one}`)}</b><br /><span class="soft">${t(`role_${one}_about`)}</span></span></label>`)}
      </fieldset>
      <label class="field"><span>${t("device_name")}</span><input name="name" required autocomplete="off" maxlength="40" value=${name} placeholder="hall-1"
        onInput=${(/** @type {any} */ event) => setName(event.target.value)} /><small class="hint">${t("device_name_hint")}</small></label>
      <${ProblemNotice} t=${t} problem=${problem} />
      <button type="submit" class="button" aria-busy=${String(busy)}>${t("device_approve")}</button>
    </form>
  </section>`;
}

/** @param {{office: Office, device: Device, onDone: (said: string) => Promise<void>, onClose: () => void}} properties */
function Unpair({ office, device, onDone, onClose }) {
  const { t, api, home } = office;
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const unpair = async () => {
    const found = await api.delete(`${home}/devices/${encodeURIComponent(device.subject)}`).catch(asProblem);
    if (found instanceof Problem) return setProblem(found);
    await onDone(t("device_sent_away", { name: device.name }));
  };
  return html`<${Dialog} title=${t("device_unpair_title", { name: device.name })} onClose=${onClose}>
    <div class="stack"><p>${t("device_unpair_detail")}</p>
      <${ProblemNotice} t=${t} problem=${problem} />
      <div class="row decide"><${Button} class="danger" onPress=${unpair}>${t("device_unpair")}</${Button}>
        <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div></div>
  </${Dialog}>`;
}
