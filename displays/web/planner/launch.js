// Starts a run of the scenario in the form, beside the scenario as it was, and keeps scenarios.
import { html, useRef, useState } from "../vendor/preact.js";
import { asProblem } from "../shared/answer.js";
import { Problem, newKey } from "../shared/api.js";
import { Button, Notice } from "../shared/ui.js";
import { Field } from "./fields.js";
import { addressOf, goTo } from "./places.js";

/** @typedef {import("./planner.js").Desk} Desk */

/**
 * @param {{desk: Desk, form: import("./fields.js").Form, replications: import("./fields.js").Spec, scenario: any, question: any, base: any, changed: boolean, blocked: boolean,
 *   onRestore: () => void, onRefused: (problem: Problem | null) => void}} properties `blocked`: something is wrong with it
 */
export function Launch({ desk, form, replications: spec, scenario, question, base, changed, blocked, onRestore, onRefused }) {
  const { t, api } = desk;
  const [title, setTitle] = useState("");
  const [replications, setReplications] = useState(spec.default);
  const [beside, setBeside] = useState(true);
  const [saved, setSaved] = useState("");
  const keys = useRef({ body: "", key: "" });
  /** One key for one intention: the same body again is the same run. @param {any} body */
  const keyOf = (body) => {
    const said = JSON.stringify(body);
    if (keys.current.body !== said) keys.current = { body: said, key: newKey() };
    return keys.current.key;
  };
  const named = scenario.title === base.title ? { ...scenario, title: t("changed_title", { title: base.title }) } : scenario;
  const own = changed ? named : scenario;
  const usual = question ? `${t(`ask_${question.kind}`)}: ${own.title}` : own.title;
  const both = changed && beside ? { scenario: base, versus: named } : { scenario: own };
  const run = async () => {
    const body = { title: title.trim() || usual, ...(question ? { scenario: own, question } : { replications, ...both }) };
    const found = await api.post("/v1/simulations", body, { key: keyOf(body) }).catch(asProblem);
    if (found instanceof Problem) return onRefused(found);
    keys.current = { body: "", key: "" };
    goTo("run", found.id);
  };
  const save = async () => {
    const found = await api.post("/v1/scenarios", { scenario: named }).catch(asProblem);
    if (found instanceof Problem) return onRefused(found);
    setSaved(found.id);
  };
  /** The same as a file, to be edited elsewhere and chosen again. */
  const file = async () => {
    const found = await api.post("/v1/scenarios/check", { scenario: own }).catch(asProblem);
    if (found instanceof Problem) return onRefused(found);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([found.text], { type: "application/yaml" }));
    link.download = `${found.scenario.name}.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  /** What was refused is entered anew. @param {(value: any) => void} keep */
  const entered = (keep) => (/** @type {any} */ value) => {
    onRefused(null);
    keep(value);
  };
  return html`<section class="card launch" aria-label=${t("launch")}>
    <div class="launch-fields">
      <div class="field"><label for="run-title">${t("run_title")}</label><input id="run-title" class="input" maxlength="200" autocomplete="off" placeholder=${usual} value=${title}
        onInput=${(/** @type {any} */ event) => setTitle(event.target.value)} /></div>
      ${!question && html`<${Field} form=${form} spec=${spec} path=${[spec.name]} value=${replications} was=${replications} onChange=${entered(setReplications)} />`}
      ${changed && !question && html`<label class="check"><input type="checkbox" checked=${beside} onChange=${(/** @type {any} */ event) => entered(setBeside)(event.target.checked)} /><span>${t("run_beside")}</span></label>`}
    </div>
    ${saved && html`<${Notice} tone="go" live=${true} title=${t("scenario_saved")}><a href=${addressOf("change", "scenario", saved)}>${t("open_saved")}</a></${Notice}>`}
    <div class="row">
      <${Button} onPress=${run} disabled=${blocked} data-command="run">${t("run")}</${Button}>
      ${changed && html`<${Button} class="quiet" onPress=${save} disabled=${blocked} data-command="save">${t("save_scenario")}</${Button}>
        <button type="button" class="button quiet" onClick=${onRestore} data-command="restore">${t("restore")}</button>`}
      <${Button} class="quiet" onPress=${file} disabled=${blocked} data-command="file">${t("as_file")}</${Button}>
    </div>
  </section>`;
}
