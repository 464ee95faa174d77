// What is wrong with a scenario: each fault at its field, and a list that leads there.
import { html } from "../vendor/preact.js";
import { idOf } from "./fields.js";

/** @typedef {import("./fields.js").Spec} Spec */
/** @typedef {import("./draft.js").Step} Step */
/** @typedef {{path: Step[], detail: string}} Fault */

/** Under these a field of the form stands in what is sent. */
const WHOLES = new Set(["scenario", "versus", "question"]);

/** The place in the form. @param {string} field as the service names it @returns {Step[]} */
function placeOf(field) {
  const steps = field.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return WHOLES.has(String(steps[0])) ? steps.slice(1) : steps;
}

/** The faults that a problem names. @param {import("../shared/api.js").Problem | null} problem @returns {Fault[]} */
export function faultsOf(problem) {
  const fields = /** @type {{field: string, detail: string}[]} */ (problem?.body.fields ?? []);
  return fields.map(({ field, detail }) => ({ path: placeOf(field), detail }));
}

/** A path as people read it: names of fields, places of entries. @param {Spec[]} fields @param {Step[]} path @returns {string[]} */
function named(fields, [step, ...rest]) {
  if (step === undefined) return [];
  if (typeof step === "number") return [String(step + 1), ...named(fields, rest)];
  const spec = fields.find((one) => one.name === step);
  return [spec?.label ?? step, ...named(spec?.fields ?? [], rest)];
}

const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Brings a field into view: unfolds what it is folded into, from outside inwards. @param {Step[]} path */
async function show(path) {
  for (let length = 1; length <= path.length; length += 1) {
    const part = path.slice(0, length);
    const fold = /** @type {HTMLDetailsElement | null} */ (document.querySelector(`[data-place="${part.join(".")}"]`));
    if (fold && !fold.open) {
      fold.open = true;
      await drawn();
    }
    const field = document.getElementById(idOf(part));
    (field ?? fold)?.scrollIntoView({ block: "center" });
    field?.focus();
  }
}

/** @param {{t: import("../shared/texts.js").Translate, faults: Fault[], fields: Spec[]}} properties */
export function Faults({ t, faults, fields }) {
  if (faults.length === 0) return null;
  return html`<div class="notice tone-stop faults" role="alert"><b class="notice-title">${t("faults", { n: faults.length })}</b>
    <ul>${faults.map((fault) => html`<li><button type="button" class="link" onClick=${() => show(fault.path)}>${named(fields, fault.path).join(" › ")}</button>: ${fault.detail}</li>`)}</ul>
  </div>`;
}
