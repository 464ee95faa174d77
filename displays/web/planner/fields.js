// One value of a scenario in a form: which field it takes and in which bounds, the service says.
import { html, useEffect, useState } from "../vendor/preact.js";
import { DateField } from "../shared/date_field.js";
import { LANGUAGES, LANGUAGE_NAMES } from "../shared/texts.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./draft.js").Step} Step */
/** @typedef {{value: string, label: string}} Choice */
/**
 * What the service says of a field.
 * @typedef {{name: string, label: string, hint?: string, kind: string, unit?: string, least?: number, most?: number, above?: number,
 *   required?: boolean, default?: any, choices?: Choice[], fields?: Spec[], fewest?: number}} Spec
 */
/** What a form knows besides: words, codes to choose from, what is wrong, the date that a new entry begins with. @typedef {{t: Translate, choices: (kind: string) => Choice[], wrongAt: (path: Step[]) => string, date?: string}} Form */
/** @typedef {{form: Form, spec: Spec, path: Step[], value: any, was: any, onChange: (value: unknown) => void}} FieldOf */
/** @typedef {FieldOf & {id: string, described: string, wrong: boolean}} Input */

/** @param {Step[]} path */
export const idOf = (path) => `field-${path.join("-")}`;

/** People write shares in per cent; 0.07 is 7, not 7.000000000000001. @param {number} value */
const inPercent = (value) => Math.round(value * 1e6) / 1e4;

const DECIMAL = /^[-+]?(\d+[.,]?\d*|[.,]\d+)$/;
/** Thousands as the pages print them: 1,500 in English, 1 500 in Kazakh and Russian. */
const THOUSANDS = { en: /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/, other: /^[-+]?[1-9]\d{0,2}([ \u00a0\u202f]\d{3})+([.,]\d*)?$/ };

/** @param {string} text @param {string} language */
function ungrouped(text, language) {
  if (language === "en") return THOUSANDS.en.test(text) ? text.replaceAll(",", "") : text;
  return THOUSANDS.other.test(text) ? text.replace(/[ \u00a0\u202f]/g, "") : text;
}

/** What somebody has typed as a number, the text itself where it is none, null where there is nothing. @param {string} typed @param {string} language @param {number} [scale] */
function numberIn(typed, language, scale = 1) {
  const text = ungrouped(typed.trim(), language);
  if (!DECIMAL.test(text)) return text || null;
  return Math.round((Number(text.replace(",", ".")) / scale) * 1e8) / 1e8;
}

/** @param {any} event */
const textOf = (event) => event.target.value;

/** A field with its name, its unit, its bounds and what is wrong with it. @param {FieldOf & {bare?: boolean}} field `bare`: its name is said and not shown */
export function Field(field) {
  const { form, spec, path, value, was, bare = false } = field;
  const [id, wrong] = [idOf(path), form.wrongAt(path)];
  if (spec.kind === "date") return html`<${DateEntry} ...${field} id=${id} />`;
  const input = INPUTS[spec.kind] ?? TextInput;
  const changed = JSON.stringify(value ?? null) !== JSON.stringify(was ?? null);
  const hint = [spec.hint, boundsText(form.t, spec), nameOf(form, spec, value)].filter(Boolean).join(" ");
  return html`<div class=${`field scenario-field kind-${spec.kind} ${changed ? "changed" : ""}`}>
    <label id=${`${id}-label`} for=${id} class=${bare ? "sr-only" : ""}>${spec.label}</label>
    <${input} ...${field} id=${id} described=${`${id}-hint`} wrong=${Boolean(wrong)} />
    <span id=${`${id}-hint`} class=${wrong ? "error" : "hint"}>${wrong || hint}</span></div>`;
}

/** @param {Translate} t @param {Spec} spec */
function boundsText(t, spec) {
  const scale = spec.kind === "share" ? 100 : 1;
  if (spec.most === undefined || spec.most > 1e5) return "";
  return t("bounds", { from: (spec.least ?? spec.above ?? 0) * scale, to: spec.most * scale });
}

/** What the code of a profile stands for, where it is known. @param {Form} form @param {Spec} spec @param {any} value */
const nameOf = (form, spec, value) => (spec.name === "code" && form.choices("profile").find((one) => one.value === value && one.label !== value)?.label) || "";

/** @param {Input} field */
function NumberInput({ form, spec, value, id, described, wrong, onChange }) {
  const isShare = spec.kind === "share";
  const scale = isShare ? 100 : 1;
  /** What is typed, "0." on its way to "0.5" too. */
  const shown = value === null || value === undefined ? "" : String(isShare ? inPercent(value) : value);
  const [typed, setTyped] = useState(shown);
  useEffect(() => {
    if (numberIn(typed, form.t.language, scale) !== (value ?? null)) setTyped(shown);
  }, [shown]);
  /** @param {any} event */
  const input = (event) => {
    setTyped(textOf(event));
    onChange(numberIn(textOf(event), form.t.language, scale));
  };
  return html`<span class="unit-field"><input class="input" id=${id} type="text" inputmode=${spec.kind === "whole" ? "numeric" : "decimal"} autocomplete="off"
    value=${typed} aria-invalid=${String(wrong)} aria-describedby=${described} onInput=${input} />
    <span class="soft">${isShare ? "%" : spec.unit}</span></span>`;
}

/** @param {Input} field */
function TextInput({ value, id, described, wrong, onChange }) {
  return html`<input class="input" id=${id} type="text" autocomplete="off" spellcheck=${false} value=${value ?? ""} aria-invalid=${String(wrong)} aria-describedby=${described}
    onInput=${(/** @type {any} */ event) => onChange(textOf(event) || null)} />`;
}

/** @param {Input} field */
function TimeInput({ value, id, described, wrong, onChange }) {
  return html`<input class="input time" id=${id} type="text" inputmode="numeric" maxlength="5" placeholder="09:00" autocomplete="off" value=${value ?? ""}
    aria-invalid=${String(wrong)} aria-describedby=${described} onInput=${(/** @type {any} */ event) => onChange(textOf(event) || null)} />`;
}

/** @param {Input} field */
function YesNo({ form, spec, value, id, described, onChange }) {
  const { t } = form;
  const isOpen = spec.default === undefined || spec.default === null;
  if (!isOpen || spec.required) {
    return html`<label class="switch"><input id=${id} type="checkbox" role="switch" checked=${Boolean(value)} aria-describedby=${described}
      onChange=${(/** @type {any} */ event) => onChange(event.target.checked)} /><span aria-hidden="true">${value ? t("yes") : t("no")}</span></label>`;
  }
  const choices = [{ value: "yes", label: t("yes") }, { value: "no", label: t("no") }];
  const chosen = value === true ? "yes" : value === false ? "no" : "";
  return html`<${Options} id=${id} described=${described} value=${chosen} choices=${choices} open=${t("as_usual")}
    onChoose=${(/** @type {string} */ answer) => onChange(answer ? answer === "yes" : null)} />`;
}

/** @param {Input} field */
function ChoiceInput({ form, spec, value, id, described, onChange }) {
  const choices = spec.choices?.length ? spec.choices : form.choices(spec.kind);
  return html`<${Options} id=${id} described=${described} value=${value ?? ""} choices=${choices} open=${spec.required || spec.default ? "" : form.t("as_usual")}
    onChoose=${(/** @type {string} */ answer) => onChange(answer || null)} />`;
}

/** What is an object is chosen by its text. @param {Input} field */
function ScopeInput(field) {
  return html`<${ChoiceInput} ...${field} value=${field.value && JSON.stringify(field.value)} onChange=${(/** @type {string} */ chosen) => field.onChange(JSON.parse(chosen))} />`;
}

/** Whether there are hours; which ones, stands beside it. @param {Input} field */
function HoursInput({ form, spec, value, id, described, onChange }) {
  const hours = Object.fromEntries((spec.fields ?? []).map((one) => [one.name, one.default]));
  return html`<${Options} id=${id} described=${described} value=${typeof value === "string" ? value : ""} choices=${spec.choices ?? []} open=${form.t("own_hours")}
    onChoose=${(/** @type {string} */ chosen) => onChange(chosen || hours)} />`;
}

/** @param {{id: string, described: string, value: string, choices: Choice[], open: string, onChoose: (value: string) => void}} properties `open`: what choosing nothing is called */
function Options({ id, described, value, choices, open, onChoose }) {
  const isKnown = !value || choices.some((one) => one.value === value);
  return html`<select class="input" id=${id} aria-describedby=${described} value=${value} onChange=${(/** @type {any} */ event) => onChoose(textOf(event))}>
    ${open && html`<option value="" selected=${!value}>${open}</option>`}
    ${!isKnown && html`<option value=${value} selected>${value}</option>`}
    ${choices.map((one) => html`<option value=${one.value} selected=${one.value === value}>${one.label}</option>`)}
  </select>`;
}

/** @param {Input} field */
function TextsInput({ value, id, onChange }) {
  const texts = value ?? { kk: "", ru: "", en: "" };
  return html`<div class="texts" role="group" id=${id} aria-labelledby=${`${id}-label`}>
    ${LANGUAGES.map((language) => html`<label class="field"><span>${LANGUAGE_NAMES[language]}</span>
      <input class="input" lang=${language} maxlength="500" value=${texts[language]} onInput=${(/** @type {any} */ event) => onChange({ ...texts, [language]: textOf(event) })} /></label>`)}
  </div>`;
}

/** @param {FieldOf & {id: string}} field */
function DateEntry({ form, spec, path, value, id, onChange }) {
  const wrong = form.wrongAt(path);
  return html`<div class="scenario-field kind-date"><${DateField} t=${form.t} id=${id} label=${spec.label} value=${value ?? ""} onInput=${onChange} />
    ${wrong && html`<span class="error">${wrong}</span>`}</div>`;
}

/** @type {{[kind: string]: (field: Input) => unknown}} */
const INPUTS = {
  whole: NumberInput, number: NumberInput, share: NumberInput, time: TimeInput, yes_no: YesNo, texts: TextsInput,
  choice: ChoiceInput, service: ChoiceInput, branch: ChoiceInput, profile: ChoiceInput, counter: ChoiceInput,
  skill: ChoiceInput, scope: ScopeInput, hours: HoursInput,
};
