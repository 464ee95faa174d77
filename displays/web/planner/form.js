// A scenario as a form: groups, lists and values, as the service describes them.
import { html, useState } from "../vendor/preact.js";
import { at, same } from "./draft.js";
import { Field, idOf } from "./fields.js";

/** @typedef {import("./fields.js").Spec} Spec */
/** @typedef {import("./fields.js").Form} Form */
/** @typedef {import("./draft.js").Step} Step */
/** @typedef {{form: Form, spec: Spec, path: Step[], value: any, was: any, onChange: (path: Step[], value: unknown) => void}} PartOf */

/** Lists whose entries are chosen from what there is. */
const CHOSEN = new Set(["choice", "counter"]);
/** What takes much room is folded away. */
const NESTED = new Set(["group", "list", "texts"]);
const isNested = (/** @type {Spec} */ spec) => NESTED.has(spec.kind);

/** What is entered for a field, whatever it is. @param {PartOf} part */
export function Part(part) {
  if (part.spec.kind === "group") return html`<${Group} ...${part} />`;
  if (part.spec.kind === "list") return html`<${List} ...${part} />`;
  if (part.spec.kind === "hours") return html`<${Hours} ...${part} />`;
  return html`<${Field} ...${part} onChange=${(/** @type {unknown} */ value) => part.onChange(part.path, value)} />`;
}

/** Fields that stand together: values side by side, then what has parts of its own. @param {PartOf} part */
export function Group({ form, spec, path, value, was, onChange }) {
  const { t } = form;
  if (value === null || value === undefined) {
    return html`<button type="button" class="button quiet small" onClick=${() => onChange(path, blank(spec, form))}>${t("set_own", { name: spec.label })}</button>`;
  }
  const fields = spec.fields ?? [];
  /** @param {Spec} one */
  const inside = (one) => ({ form, spec: one, path: [...path, one.name], value: value[one.name], was: was?.[one.name], onChange });
  return html`<div class="scenario-group">
    <div class="scenario-values">${fields.filter((one) => !isNested(one)).map((one) => html`<${Part} key=${one.name} ...${inside(one)} />`)}</div>
    <div class="scenario-parts">${fields.filter(isNested).map((one) => html`<${Nested} key=${one.name} part=${inside(one)} />`)}</div>
    ${!spec.required && spec.default === null && html`<button type="button" class="button quiet small" onClick=${() => onChange(path, null)}>${t("unset_own", { name: spec.label })}</button>`}
  </div>`;
}

/** Closed, or hours of one's own. @param {PartOf} part */
function Hours({ form, spec, path, value, was, onChange }) {
  const fields = value && typeof value === "object" ? spec.fields ?? [] : [];
  return html`<${Field} form=${form} spec=${spec} path=${path} value=${value} was=${was} onChange=${(/** @type {unknown} */ next) => onChange(path, next)} />
    ${fields.map((one) => html`<${Part} key=${one.name} form=${form} spec=${one} path=${[...path, one.name]} value=${value[one.name]} was=${was?.[one.name]} onChange=${onChange} />`)}`;
}

/** What a section is about stands open once the section is. */
const UNFOLDED = new Set(["mix.services", "staff.shifts"]);

/** A part within a part, folded away until it is wanted. @param {{part: PartOf}} properties */
function Nested({ part }) {
  const { form, spec, value, was, path } = part;
  const place = path.join(".");
  return html`<${Fold} class="scenario-nested" place=${place} open=${UNFOLDED.has(place)}
    head=${html`${spec.label}${size(spec, value)}${!same(value, was) && html` <span class="badge tone-pause">${form.t("changed")}</span>`}`}>${() => html`<${Part} ...${part} />`}</${Fold}>`;
}

/**
 * What is folded away is made once it is unfolded.
 * @param {{class: string, place: string, open: boolean, head: unknown, children: () => unknown}} properties `place`: path of the part, by which a fault finds it
 */
export function Fold({ class: look, place, open, head, children }) {
  const [isOpen, setOpen] = useState(open);
  return html`<details class=${look} data-place=${place} open=${isOpen} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${head}</summary>${isOpen && children()}</details>`;
}

/** @param {Spec} spec @param {any} value */
const size = (spec, value) => (value?.length ? ` (${value.length})` : "");

/** @param {PartOf} part */
function List(part) {
  const entry = part.spec.fields?.[0];
  const isPlain = part.spec.fields?.length === 1 && entry?.name === "";
  if (entry && isPlain && CHOSEN.has(entry.kind)) return html`<${Several} ...${part} entry=${entry} />`;
  return html`<${Entries} ...${part} plain=${isPlain ? entry : undefined} />`;
}

/** Some of what there is. @param {PartOf & {entry: Spec}} properties */
function Several({ form, spec, path, value, onChange, entry }) {
  const choices = entry.choices?.length ? entry.choices : form.choices(entry.kind);
  const chosen = new Set(value ?? []);
  const wrong = form.wrongAt(path);
  /** @param {string} code @param {boolean} wanted */
  const choose = (code, wanted) => {
    const next = choices.map((one) => one.value).filter((one) => (one === code ? wanted : chosen.has(one)));
    onChange(path, next.length === 0 && spec.default === null ? null : next);
  };
  return html`<div class="field"><span id=${`${idOf(path)}-label`}>${spec.label}</span>
    <div class="several" role="group" id=${idOf(path)} aria-labelledby=${`${idOf(path)}-label`}>
      ${choices.map((one) => html`<label class="check"><input type="checkbox" checked=${chosen.has(one.value)} onChange=${(/** @type {any} */ event) => choose(one.value, event.target.checked)} /><span>${one.label}</span></label>`)}
    </div>${wrong ? html`<span class="error">${wrong}</span>` : spec.hint && html`<span class="hint">${spec.hint}</span>`}</div>`;
}

/** Entries that are added and taken away. @param {PartOf & {plain?: Spec}} properties `plain`: of entries that have no parts */
function Entries({ form, spec, path, value, was, onChange, plain }) {
  const { t } = form;
  const entries = /** @type {any[]} */ (value ?? []);
  const wrong = form.wrongAt(path);
  const whole = plain ?? { name: "", label: spec.label, kind: "group", required: true, fields: spec.fields };
  const add = () => onChange(path, [...entries, withOwnCode(entries.length ? next(entries[entries.length - 1], spec) : blank(whole, form), entries, spec)]);
  return html`<div class="entries"><ul class=${plain ? "entries-plain" : "entries-parts"}>
    ${entries.map((entry, place) => html`<li key=${place}>
      <${Part} form=${form} spec=${{ ...whole, label: plain ? `${spec.label} ${place + 1}` : whole.label }} path=${[...path, place]} value=${entry} was=${at(was, [place])} onChange=${onChange} bare=${Boolean(plain)} />
      <button type="button" class="button quiet small remove" disabled=${entries.length <= (spec.fewest ?? 0)} aria-label=${t("remove_entry", { name: `${spec.label} ${place + 1}` })}
        onClick=${() => onChange(path, entries.filter((_, other) => other !== place))}>${t("remove")}</button></li>`)}
  </ul>
  ${wrong && html`<p class="error" id=${idOf(path)}>${wrong}</p>`}
  <button type="button" class="button quiet small" aria-label=${t("add_entry", { name: spec.label })} onClick=${add}>${t("add")}</button></div>`;
}

const DAY_MS = 86_400_000;

/** Another entry like the last; a day later where it has a date. @param {any} last @param {Spec} spec */
function next(last, spec) {
  if (!spec.fields?.some((one) => one.kind === "date" && one.name === "date")) return last;
  return { ...last, date: new Date(Date.parse(last.date) + DAY_MS).toISOString().slice(0, 10) };
}

/** An entry that is known by a code gets one that no other has. @param {any} entry @param {any[]} others @param {Spec} spec */
function withOwnCode(entry, others, spec) {
  const name = spec.fields?.find((one) => one.kind === "code" && one.required)?.name;
  if (!name) return entry;
  const taken = new Set(others.map((one) => one[name]));
  const stem = String(entry[name] || spec.name.replaceAll("_", "-")).replace(/-\d+$/, "");
  let number = others.length + 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return { ...entry, [name]: `${stem}-${number}` };
}

/** Whether a value is there also where nobody has written one. @param {Spec} spec */
const hasValue = (spec) => !isNested(spec) && spec.default !== undefined && spec.default !== null;

/** What a field holds before anything is entered. @param {Spec} spec @param {Form} form @returns {any} */
function blank(spec, form) {
  if (spec.kind === "group") return Object.fromEntries((spec.fields ?? []).filter((one) => one.required || hasValue(one)).map((one) => [one.name, blank(one, form)]));
  if (spec.kind === "list") return [];
  if (spec.default !== undefined && spec.default !== null) return spec.default;
  if (spec.kind === "hours") return spec.choices?.[0]?.value;
  if (spec.kind === "date") return form.date ?? "";
  if (spec.kind === "scope") return JSON.parse(form.choices("scope")[0]?.value ?? "null");
  if (spec.kind === "yes_no") return false;
  if (spec.kind === "time") return "10:00";
  if (spec.least !== undefined || spec.above !== undefined) return Math.max(spec.least ?? 0, Math.floor(spec.above ?? 0) + 1, 1);
  const choices = spec.choices?.length ? spec.choices : form.choices(spec.kind);
  return choices[0]?.value ?? "";
}
