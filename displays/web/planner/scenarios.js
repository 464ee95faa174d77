// Scenarios to begin with: shipped, saved by somebody, or from a file.
import { html, useState } from "../vendor/preact.js";
import { Answered, asProblem, useAnswer } from "../shared/answer.js";
import { Problem } from "../shared/api.js";
import { Button, Notice } from "../shared/ui.js";
import { keepFile } from "./origins.js";
import { addressOf, goTo } from "./places.js";

/** @typedef {import("./planner.js").Desk} Desk */

/** @param {{desk: Desk}} properties */
export function Scenarios({ desk }) {
  const { t, api } = desk;
  const answer = useAnswer(() => api.get("/v1/scenarios"), []);
  /** @param {string} id */
  const remove = async (id) => {
    await api.delete(`/v1/scenarios/${encodeURIComponent(id)}`);
    await answer.again();
  };
  return html`<div class="stack wide"><p class="lead">${t("scenarios_lead")}</p>
    <${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`
      ${["preset", "saved"].map((kind) => html`<${Shelf} key=${kind} desk=${desk} kind=${kind} scenarios=${found.scenarios.filter((/** @type {any} */ one) => one.kind === kind)} onRemove=${remove} />`)}`}
    </${Answered}>
    <${Import} desk=${desk} /></div>`;
}

/** @param {{desk: Desk, kind: string, scenarios: any[], onRemove: (id: string) => Promise<void>}} properties */
function Shelf({ desk, kind, scenarios, onRemove }) {
  const { t } = desk;
  if (scenarios.length === 0) return null;
  return html`<section class="stack"><h2>${t(`scenarios_${kind}`)}</h2>
    <ul class="cards">${scenarios.map((one) => html`<li key=${one.id} class="card stack scenario">
      <h3><a href=${addressOf("change", "scenario", one.id)}>${one.title}</a></h3>
      <p>${one.about}</p>
      <p class="soft">${one.branch_name} · ${one.dates}</p>
      ${one.actions.includes("delete") && html`<div><${Button} class="quiet small" onPress=${() => onRemove(one.id)} aria-label=${t("remove_entry", { name: one.title })}>${t("remove")}</${Button}></div>`}
    </li>`)}</ul></section>`;
}

/** The text of a file, null where it is not UTF-8. @param {ArrayBuffer} bytes */
function textIn(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A scenario of one's own, as a file that the service checks. @param {{desk: Desk}} properties */
function Import({ desk }) {
  const { t, api } = desk;
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [name, setName] = useState("");
  const [unreadable, setUnreadable] = useState(false);
  /** @param {any} event */
  const read = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    setName(file.name);
    const text = textIn(await file.arrayBuffer());
    event.target.value = "";
    setUnreadable(text === null);
    setProblem(null);
    if (text === null) return undefined;
    const found = await api.post("/v1/scenarios/check", { text }).catch(asProblem);
    if (found instanceof Problem) return setProblem(found);
    keepFile(file.name, found.scenario);
    goTo("change", "file", file.name);
  };
  return html`<section class="card stack import"><h2>${t("import_title")}</h2><p>${t("import_detail")}</p>
    <div><label class="button quiet file"><input type="file" class="sr-only" accept=".yaml,.yml,.json" onChange=${read} />${t("import_choose")}</label></div>
    ${unreadable && html`<${Notice} tone="stop" live=${true} title=${t("import_refused", { name })}>${t("import_not_utf8")}</${Notice}>`}
    ${problem && html`<${Notice} tone="stop" live=${true} title=${t("import_refused", { name })}>
      ${problem.body.fields?.length ? html`<ul class="import-faults">${problem.body.fields.map((/** @type {{field: string, detail: string}} */ one) => html`<li>${one.detail}</li>`)}</ul>` : problem.offline ? t("no_connection_detail") : problem.detail}
    </${Notice}>`}
  </section>`;
}
