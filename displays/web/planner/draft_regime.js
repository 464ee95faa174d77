// Makes the rules of a simulated policy a draft for a branch, and says what it would mean there today.
import { html, useRef, useState } from "../vendor/preact.js";
import { Answered, asProblem, useAnswer } from "../shared/answer.js";
import { Problem, newKey } from "../shared/api.js";
import { DateField } from "../shared/date_field.js";
import { Button, Dialog, Notice, ProblemNotice } from "../shared/ui.js";

/** @typedef {import("./planner.js").Desk} Desk */
/** @typedef {import("../shared/texts.js").Translate} Translate */

const COUNTS = ["waiting", "redirected", "not_served_by_closing", "too_large", "hall_above_limit"];

/** @param {{desk: Desk, run: any, policy?: number | null, onClose: () => void}} properties `policy`: number of one that a search has found */
export function DraftRegime({ desk, run, policy = null, onClose }) {
  const { t, api } = desk;
  const branches = useAnswer(() => api.get("/v1/branches"), []);
  const [made, setMade] = useState(/** @type {any} */ (null));
  return html`<${Dialog} title=${t("make_draft")} onClose=${onClose}>
    ${made ? html`<${Made} desk=${desk} draft=${made} onClose=${onClose} />`
      : html`<${Answered} t=${t} answer=${branches}>${(/** @type {any} */ found) => html`<${Ask} desk=${desk} run=${run} policy=${policy} branches=${found.branches} onMade=${setMade} onClose=${onClose} />`}</${Answered}>`}
  </${Dialog}>`;
}

/** @param {{desk: Desk, run: any, policy: number | null, branches: any[], onMade: (draft: any) => void, onClose: () => void}} properties */
function Ask({ desk, run, policy, branches, onMade, onClose }) {
  const { t, api } = desk;
  const [wanted, setWanted] = useState({ branch: run.branch, which: run.versus ? "versus" : "scenario", from: "", until: "", note: "" });
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const key = useRef(newKey());
  /** The branch's own day until another is chosen. */
  const from = wanted.from || branches.find((one) => one.code === wanted.branch)?.today || "";
  /** @param {string} name */
  const enter = (name) => (/** @type {string} */ value) => setWanted((before) => ({ ...before, [name]: value }));
  const make = async () => {
    const { until, note, ...rest } = wanted;
    const body = { ...rest, from, ...(policy !== null && { policy }), ...(until && { until }), ...(note.trim() && { note: note.trim() }) };
    const found = await api.post(`/v1/simulations/${encodeURIComponent(run.id)}/regime`, body, { key: key.current }).catch(asProblem);
    if (!(found instanceof Problem)) return onMade(found);
    key.current = newKey();
    setProblem(found);
  };
  return html`<div class="stack">
    <p>${t("draft_lead")}</p>
    <label class="field"><span>${t("branch")}</span><select class="input" name="branch" value=${wanted.branch} onChange=${(/** @type {any} */ event) => enter("branch")(event.target.value)}>
      ${branches.map((one) => html`<option value=${one.code} selected=${one.code === wanted.branch}>${one.name[t.language]}</option>`)}</select></label>
    ${run.versus && html`<label class="field"><span>${t("whose_rules")}</span><select class="input" name="which" value=${wanted.which} onChange=${(/** @type {any} */ event) => enter("which")(event.target.value)}>
      ${["scenario", "versus"].map((one) => html`<option value=${one} selected=${one === wanted.which}>${one === "versus" ? run.versus_title : run.scenario_title}</option>`)}</select></label>`}
    <div class="row"><${DateField} t=${t} id="draft-from" label=${t("draft_from")} value=${from} onInput=${enter("from")} />
      <${DateField} t=${t} id="draft-until" label=${t("draft_until")} value=${wanted.until} least=${from} onInput=${enter("until")} /></div>
    <label class="field"><span>${t("draft_note")}</span><input class="input" name="note" maxlength="300" autocomplete="off" value=${wanted.note} onInput=${(/** @type {any} */ event) => enter("note")(event.target.value)} /></label>
    <${ProblemNotice} t=${t} problem=${problem} />
    <div class="row decide"><${Button} data-command="make" onPress=${make}>${t("make_draft")}</${Button}>
      <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div>
  </div>`;
}

/** What the draft says and what it would mean today. @param {{desk: Desk, draft: any, onClose: () => void}} properties */
function Made({ desk, draft, onClose }) {
  const { t, api } = desk;
  const preview = useAnswer(() => api.post(`/v1/branches/${encodeURIComponent(draft.branch)}/drafts/${encodeURIComponent(draft.id)}/preview`), [draft.id]);
  return html`<div class="stack draft-made">
    <${Notice} tone="go" live=${true} title=${t("draft_made", { name: draft.name })}>${t("draft_made_detail", { branch: draft.branch_name })}</${Notice}>
    <h3>${t("draft_rules")}</h3><p class="soft">${draft.dates}</p>
    <dl class="rules">${draft.rules.map((/** @type {any} */ rule) => html`<div><dt>${rule.label}</dt><dd>${rule.text}</dd></div>`)}</dl>
    ${draft.actions.includes("preview") && html`<h3>${t("draft_means")}</h3><${Answered} t=${t} answer=${preview}>${(/** @type {any} */ found) => html`<${Means} t=${t} found=${found} />`}</${Answered}>`}
    <div class="row decide"><button type="button" class="button" onClick=${onClose}>${t("close")}</button></div>
  </div>`;
}

/** @param {{t: Translate, found: any}} properties */
function Means({ t, found }) {
  const told = found.differences.filter((/** @type {any} */ one) => one.label && one.text);
  return html`${told.length === 0 ? html`<p class="soft">${t("draft_no_difference")}</p>`
      : html`<ul class="differences">${told.map((/** @type {any} */ one) => html`<li><span>${one.label}</span><b>${one.text}</b></li>`)}</ul>`}
    <p class="soft">${t("draft_tickets")}</p>
    <dl class="rules">${COUNTS.map((name) => html`<div><dt>${t(`effect_${name}`)}</dt><dd>${found[name] ?? 0}</dd></div>`)}</dl>`;
}
