// One value of the plan: what it is, where it comes from, and the field in which it is changed.
import { html } from "../vendor/preact.js";
import { LANGUAGES, LANGUAGE_NAMES } from "../shared/texts.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {{t: Translate, id: string, value: any, typed: any, onChange: (value: unknown) => void}} Field */

/** @param {{t: Translate, value: any, draft: unknown, onChange: (value: unknown) => void}} properties */
export function Entry({ t, value, draft, onChange }) {
  const typed = draft === undefined ? value.value : draft;
  const changed = draft !== undefined && JSON.stringify(draft) !== JSON.stringify(value.value ?? null);
  const id = `plan-${value.name}`;
  const field = FIELDS[value.kind];
  return html`<div class=${`entry entry-${value.kind} ${changed ? "changed" : ""}`}>
    <div class="entry-words">
      <label id=${`${id}-label`} for=${id}>${value.label}</label>
      <span class="origin">${value.text || t("not_set")}</span>
      ${changed && html`<span class="was">${t("was", { value: value.worded })}</span>`}
    </div>
    <div class="entry-field">${html`<${field} t=${t} id=${id} value=${value} typed=${typed} onChange=${onChange} />`}</div>
  </div>`;
}

/** @param {any} event */
const textOf = (event) => event.target.value;

/** @param {Field} field */
function Number_({ t, id, value, typed, onChange }) {
  return html`<span class="unit-field"><input class="input" id=${id} type="number" inputmode="numeric" min=${value.least} max=${value.most} step="1"
    value=${typed ?? ""} aria-describedby=${`${id}-unit`} onInput=${(/** @type {any} */ event) => onChange(textOf(event) === "" ? null : Number(textOf(event)))} />
    <span class="soft" id=${`${id}-unit`}>${t(`unit_${value.kind}`)}</span></span>`;
}

/** @param {Field} field */
function Time({ id, typed, onChange }) {
  // A time field of the browser follows the browser's own language and may show AM and PM.
  return html`<input class="input time" id=${id} type="text" inputmode="numeric" maxlength="5" placeholder="09:00" value=${typed ?? ""}
    onInput=${(/** @type {any} */ event) => onChange(textOf(event) || null)} />`;
}

/** @param {Field} field */
function YesNo({ t, id, typed, onChange }) {
  return html`<label class="switch"><input id=${id} type="checkbox" role="switch" checked=${Boolean(typed)}
    onChange=${(/** @type {any} */ event) => onChange(event.target.checked)} /><span aria-hidden="true">${typed ? t("yes") : t("no")}</span></label>`;
}

/** @param {Field} field */
function Choice({ id, value, typed, onChange }) {
  return html`<select class="input" id=${id} value=${typed ?? ""} onChange=${(/** @type {any} */ event) => onChange(textOf(event))}>
    ${value.choices.map((/** @type {any} */ one) => html`<option value=${one.value} selected=${one.value === typed}>${one.text}</option>`)}
  </select>`;
}

/** @param {Field} field */
function Several({ id, value, typed, onChange }) {
  const chosen = new Set(typed ?? []);
  const all = value.choices.map((/** @type {any} */ one) => one.value);
  /** @param {string} code @param {boolean} wanted */
  const choose = (code, wanted) => onChange(all.filter((/** @type {string} */ one) => (one === code ? wanted : chosen.has(one))));
  return html`<div class="several" role="group" id=${id} aria-labelledby=${`${id}-label`}>
    ${value.choices.map((/** @type {any} */ one) => html`<label class="check"><input type="checkbox" checked=${chosen.has(one.value)}
      onChange=${(/** @type {any} */ event) => choose(one.value, event.target.checked)} /><span>${one.text}</span></label>`)}
  </div>`;
}

/** @param {Field} field */
function Texts({ t, id, typed, onChange }) {
  const texts = typed ?? { kk: "", ru: "", en: "" };
  return html`<div class="texts" role="group" id=${id} aria-labelledby=${`${id}-label`}>
    ${LANGUAGES.map((language) => html`<label class="field"><span>${LANGUAGE_NAMES[language]}</span>
      <textarea class="input" lang=${language} rows="2" maxlength="500" value=${texts[language]}
        onInput=${(/** @type {any} */ event) => onChange({ ...texts, [language]: textOf(event) })}></textarea></label>`)}
    <p class="hint soft">${t("message_hint")}</p>
  </div>`;
}

/** @type {{[kind: string]: (field: Field) => unknown}} */
const FIELDS = { people: Number_, minutes: Number_, time: Time, yes_no: YesNo, choice: Choice, several: Several, texts: Texts };
