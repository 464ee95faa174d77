// Lets a kiosk, a board or a door tablet in: the code that it shows, what it is to be, its name.
import { html, useState } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { ProblemNotice } from "../shared/ui.js";
import { Done, asProblem } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */

const ROLES = ["kiosk", "board", "attendant"];

/** @param {{office: Office}} properties */
export function Devices({ office }) {
  const { t, api } = office;
  const [code, setCode] = useState("");
  const [role, setRole] = useState("kiosk");
  const [name, setName] = useState("");
  const [done, setDone] = useState("");
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Event} event */
  const approve = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setDone("");
    const found = await api.post(`/v1/pairings/${encodeURIComponent(code.trim().toUpperCase())}/approve`, { role, name: name.trim() }).catch(asProblem);
    setBusy(false);
    setProblem(found instanceof Problem ? found : null);
    if (found instanceof Problem) return;
    setDone(t("device_let_in", { name: found.subject }));
    setCode("");
    setName("");
  };
  return html`<section class="card stack devices">
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
      <${Done} t=${t} text=${done} />
      <button type="submit" class="button" aria-busy=${String(busy)}>${t("device_approve")}</button>
    </form>
  </section>`;
}
