// What is asked of the scenario in the form: that its days happen, which policy is the best, or what matters most.
import { html } from "../vendor/preact.js";
import { same, useDraft } from "./draft.js";
import { Part } from "./form.js";

/** @typedef {import("./fields.js").Spec} Spec */
/** @typedef {import("./fields.js").Form} Form */
/** @typedef {import("./draft.js").Step} Step */

export const KINDS = /** @type {const} */ (["run", "search", "sensitivity"]);

/** @param {string} kind @param {Spec[]} fields */
const begun = (kind, fields) => ({ kind, ...Object.fromEntries(fields.map((one) => [one.name, one.kind === "group" ? {} : one.default])) });

/** The question of a scenario, null for a run; it outlives a reload. @param {string} origin */
export function useQuestion(origin) {
  const { scenario: question, change } = useDraft(`${origin}/question`, null);
  return { question, ask: change };
}

/** @param {{form: Form, known: any, question: any, onAsk: (path: Step[], value: unknown) => void}} properties `known`: the form as the service describes it */
export function Question({ form, known, question, onAsk }) {
  const { t } = form;
  const kind = question?.kind ?? "run";
  const fields = /** @type {Spec[]} */ (known[kind] ?? []);
  /** @param {string} chosen */
  const choose = (chosen) => onAsk([], chosen === "run" ? null : begun(chosen, known[chosen]));
  const was = begun(kind, fields);
  return html`<section class="card stack question" aria-label=${t("question")}><h3>${t("question")}</h3>
    <div class="days" role="radiogroup" aria-label=${t("question")}>${KINDS.map((one) => html`<label class="check"><input type="radio" name="question" value=${one} checked=${one === kind} onChange=${() => choose(one)} /><span>${t(`ask_${one}`)}</span></label>`)}</div>
    <p class="soft">${t(`ask_${kind}_detail`)}</p>
    ${fields.length > 0 && html`<${Parts} form=${form} fields=${fields} question=${question} was=${was} onAsk=${onAsk} />`}</section>`;
}

/** Values side by side, then what has parts of its own, with its name. @param {{form: Form, fields: Spec[], question: any, was: any, onAsk: (path: Step[], value: unknown) => void}} properties */
function Parts({ form, fields, question, was, onAsk }) {
  const isNested = (/** @type {Spec} */ one) => one.kind === "group" || one.kind === "list";
  /** @param {Spec} spec */
  const part = (spec) => ({ form, spec, path: [spec.name], value: question[spec.name], was: /** @type {any} */ (was)[spec.name], onChange: onAsk });
  return html`${fields.filter(isNested).map((one) => html`<fieldset class="stack asked" data-place=${one.name} key=${one.name}><legend>${one.label}</legend>
      ${one.hint && html`<p class="soft">${one.hint}</p>`}<${Part} ...${part(one)} />${!same(question[one.name], {}) && form.wrongAt([one.name]) && one.kind === "group" && html`<p class="error">${form.wrongAt([one.name])}</p>`}</fieldset>`)}
    <div class="scenario-values">${fields.filter((one) => !isNested(one)).map((one) => html`<${Part} key=${one.name} ...${part(one)} />`)}</div>`;
}
