// What a search has come to: the finalists and what to do with them, the Pareto front, everybody who was looked at.
import { html, useState } from "../vendor/preact.js";
import { asProblem } from "../shared/answer.js";
import { Problem } from "../shared/api.js";
import { Button, Notice, ProblemNotice } from "../shared/ui.js";
import { DraftRegime } from "./draft_regime.js";
import { Front } from "./front.js";
import { labelOf } from "./headlines.js";
import { addressOf, goTo } from "./places.js";

/** @typedef {import("./planner.js").Desk} Desk */
/** @typedef {import("../shared/texts.js").Translate} Translate */

/** @type {{[outcome: string]: string}} */
const TONES = { chosen: "tone-go", breaks: "tone-stop", beaten: "", without_value: "tone-stop", undecided: "tone-pause" };

/** @param {{desk: Desk, run: any}} properties */
export function Search({ desk, run }) {
  const { t } = desk;
  const { search } = run;
  return html`<section class="stack results">
    ${search.verdict && html`<${Notice} tone=${search.sure ? "go" : "pause"} title=${t("verdict")}>${search.verdict}</${Notice}>`}
    ${search.limits.length > 0 && html`<p><b>${t("limits")}</b> ${search.limits.join(" · ")}</p>`}
    ${search.finalists.length > 0 && html`<${Finalists} desk=${desk} run=${run} />`}
    ${search.candidates.length > 0 && html`<${Front} t=${t} search=${search} /><${Candidates} t=${t} search=${search} />`}
    ${search.ruled_out.length > 0 && html`<details class="card"><summary>${t("ruled_out")}</summary><div class="table-scroll" tabindex="0" role="region" aria-label=${t("ruled_out")}><table class="figures">
      <tbody>${search.ruled_out.map((/** @type {any} */ one) => html`<tr><th scope="row">${one.text}</th><td>${one.why}</td></tr>`)}</tbody></table></div></details>`}
    <p class="soft note">${t("model_note")}</p></section>`;
}

/** @param {{desk: Desk, run: any}} properties */
function Finalists({ desk, run }) {
  const { t, api } = desk;
  const { search } = run;
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [drafted, setDrafted] = useState(/** @type {number | null} */ (null));
  /** Lets the found policy happen beside the scenario as it is. @param {any} one */
  const compare = async (one) => {
    const title = [...one.text].slice(0, 180).join("");
    const found = await api.get(`/v1/simulations/${encodeURIComponent(run.id)}/policies/${one.number}`)
      .then((policy) => api.post("/v1/simulations", { title, scenario: run.scenario, versus: { ...policy.scenario, title } })).catch(asProblem);
    if (found instanceof Problem) setProblem(found);
    else goTo("run", found.id);
  };
  return html`<section class="card stack"><h3>${t("finalists")}</h3><p class="soft">${t("finalists_note")}</p><${ProblemNotice} t=${t} problem=${problem} />
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("finalists")}><table class="figures finalists rows-as-cards">
      <thead><tr><th scope="col">${t("policy")}</th><th scope="col">${t("verdict")}</th><th scope="col">${t("deeds")}</th><${Heads} search=${search} /></tr></thead>
      <tbody>${search.finalists.map((/** @type {any} */ one) => html`<tr data-policy=${one.number} class=${one.outcome === "chosen" ? "differs" : ""}><th scope="row">${one.text}</th>
        <td><span class=${`badge ${TONES[one.outcome]}`}>${one.outcome_text}</span></td>
        <td><div class="policy-deeds">${one.actions.includes("open") && html`<a class="button quiet small" href=${addressOf("change", "policy", run.id, String(one.number))}>${t("open_policy")}</a>
          <${Button} class="quiet small" data-command="compare-policy" onPress=${() => compare(one)}>${t("compare_policy")}</${Button}>`}
          ${one.actions.includes("draft") && html`<button type="button" class="button small" data-command="draft-policy" onClick=${() => setDrafted(one.number)}>${t("make_draft")}</button>`}</div></td><${Cells} search=${search} figures=${one.figures} /></tr>`)}</tbody>
    </table></div>
    ${drafted !== null && html`<${DraftRegime} desk=${desk} run=${run} policy=${drafted} onClose=${() => setDrafted(null)} />`}</section>`;
}

/** The figures that are shown of everybody: the aim first. @param {any} search */
function shown(search) {
  const known = [...search.finalists, ...search.candidates].flatMap((one) => one.figures);
  const names = new Map(known.map((one) => [one.name, one]));
  const first = [search.y.name, search.x.name].filter((name) => names.has(name));
  return [...new Set([...first, ...names.keys()])].map((name) => names.get(name));
}

/** @param {{search: any}} properties */
const Heads = ({ search }) => html`${shown(search).map((one) => html`<th scope="col" class="num">${labelOf(one)}</th>`)}`;

/** @param {{search: any, figures: any[]}} properties */
const Cells = ({ search, figures }) => html`${shown(search).map(({ name, label, unit }) => html`<td class="num" data-label=${labelOf({ label, unit })}>${figures.find((one) => one.name === name)?.text ?? "–"}</td>`)}`;

/** @param {{t: Translate, search: any}} properties */
function Candidates({ t, search }) {
  return html`<details class="card"><summary>${t("candidates")} (${search.candidates.length})</summary>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("candidates")}><table class="figures rows-as-cards">
      <thead><tr><th scope="col">${t("policy")}</th><th scope="col"></th><${Heads} search=${search} /></tr></thead>
      <tbody>${search.candidates.map((/** @type {any} */ one) => html`<tr><th scope="row">${one.text}</th><td>${one.remark && html`<span class=${`badge ${one.remark === "breaks" ? "tone-stop" : "tone-next"}`}>${t(`remark_${one.remark}`)}</span>`}</td><${Cells} search=${search} figures=${one.figures} /></tr>`)}</tbody>
    </table></div></details>`;
}
