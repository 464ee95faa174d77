// A scenario in a form: changed, checked as it is typed, run, kept.
import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { Answered, asProblem, useAnswer } from "../shared/answer.js";
import { Problem } from "../shared/api.js";
import { Notice, ProblemNotice } from "../shared/ui.js";
import { same, useDraft } from "./draft.js";
import { Faults, faultsOf } from "./faults.js";
import { Field } from "./fields.js";
import { Fold, Part } from "./form.js";
import { Held } from "./held.js";
import { Launch } from "./launch.js";
import { opened } from "./origins.js";
import { Question, useQuestion } from "./question.js";

/** @typedef {import("./planner.js").Desk} Desk */
/** @typedef {import("./fields.js").Spec} Spec */
/** @typedef {import("./draft.js").Step} Step */

/** What planners change first stands open; a section has the name of its first field. */
const SECTIONS = [
  { names: ["days"], open: true },
  { names: ["rules", "rules_over_regimes"], open: true },
  { names: ["staff"], open: false },
  { names: ["mix"], open: false },
  { names: ["visitors"], open: false },
  { names: ["serving"], open: false },
  { names: ["profiles"], open: false },
  { names: ["regimes"], open: false },
  { names: ["special_days"], open: false },
  { names: ["site"], open: false },
];
/** Where it is shown what all rules come to. */
const RULES = "rules";
const IN_SECTIONS = new Set(SECTIONS.flatMap((one) => one.names));
/** While somebody types, nothing is checked. */
const TYPING_MS = 500;

/** @param {{desk: Desk, about: string[]}} properties `about`: where the scenario comes from */
export function Change({ desk, about }) {
  const { t, api } = desk;
  const answer = useAnswer(async () => ({ form: await api.get("/v1/scenarios/schema"), base: await opened(api, about) }), [about.join("/")]);
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => found.base
    ? html`<${Form} desk=${desk} form=${found.form} base=${found.base} origin=${about.join("/")} />`
    : html`<${Notice} tone="pause" title=${t("file_gone")}><a href="#scenarios">${t("part_scenarios")}</a></${Notice}>`}</${Answered}>`;
}

/**
 * What is wrong with a scenario, asked of the service once typing rests, and how it was when nothing was.
 * @param {import("../shared/api.js").Api} api @param {any} scenario @param {boolean} changed @param {any} base
 */
function useCheck(api, scenario, changed, base) {
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [settled, setSettled] = useState(base);
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    if (!changed) {
      setProblem(null);
      setSettled(base);
      return undefined;
    }
    const timer = setTimeout(async () => {
      const found = await api.post("/v1/scenarios/check", { scenario }).catch(asProblem);
      if (mine !== turn.current) return;
      setProblem(found instanceof Problem ? found : null);
      if (!(found instanceof Problem)) setSettled(scenario);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [scenario, changed]);
  return { problem, settled };
}

/** @param {{desk: Desk, form: any, base: any, origin: string}} properties `form`: as the service describes it */
function Form({ desk, form, base, origin }) {
  const { t, api } = desk;
  const { scenario, change, restore } = useDraft(origin, base);
  const [refused, setRefused] = useState(/** @type {Problem | null} */ (null));
  const changed = !same(scenario, base);
  const { question, ask } = useQuestion(origin);
  const { problem: checked, settled } = useCheck(api, scenario, changed, base);
  const problem = refused ?? checked;
  const faults = useMemo(() => faultsOf(problem), [problem]);
  /** @param {Step[]} path @param {unknown} value */
  const enterQuestion = (path, value) => {
    setRefused(null);
    ask(path, value);
  };
  /** @param {Step[]} path @param {unknown} value */
  const enter = (path, value) => {
    setRefused(null);
    change(path, value);
  };
  /** @type {import("./fields.js").Form} */
  const words = {
    t,
    choices: (kind) => choicesOf(kind, form, scenario),
    date: scenario.days[0]?.date,
    wrongAt: (path) => faults.find((one) => one.path.join(".") === path.join("."))?.detail ?? "",
  };
  const fields = /** @type {Spec[]} */ (form.fields);
  const replications = { ...form.replications, name: "replications" };
  /** @param {Spec} spec */
  const part = (spec) => ({ form: words, spec, path: [spec.name], value: scenario[spec.name], was: base[spec.name], onChange: enter });
  return html`<div class="stack wide"><p class="crumbs"><a href="#scenarios">${t("part_scenarios")}</a></p>
    <h2>${base.title}</h2>
    <p class="soft">${t("change_lead")}</p>
    ${SECTIONS.map(({ names, open }) => ({ specs: names.flatMap((name) => fields.filter((one) => one.name === name)), open })).filter(({ specs }) => specs.length > 0).map(({ specs, open }) => html`
      <${Section} key=${specs[0].name} t=${t} spec=${specs[0]} open=${open} changed=${specs.some((one) => !same(scenario[one.name], base[one.name]))}>${() => html`${specs.map((spec) => html`<${Part} key=${spec.name} ...${part(spec)} />`)}
        ${specs[0].name === RULES && html`<${Fold} class="scenario-nested" place="held" open=${false} head=${t("held")}>${() => html`<${Held} desk=${desk} scenario=${settled} />`}</${Fold}>`}`}</${Section}>`)}
    <${Section} t=${t} spec=${{ name: "other", label: t("other_fields"), kind: "group" }} open=${false} changed=${false}>${() => html`<div class="scenario-values">
      ${fields.filter((one) => !IN_SECTIONS.has(one.name)).map((spec) => html`<${Field} key=${spec.name} ...${part(spec)} onChange=${(/** @type {unknown} */ value) => enter([spec.name], value)} />`)}</div>`}</${Section}>
    <${Question} form=${words} known=${form} question=${question} onAsk=${enterQuestion} />
    <${Faults} t=${t} faults=${faults} fields=${[...fields, replications, ...(form[question?.kind] ?? [])]} />
    ${problem && faults.length === 0 && html`<${ProblemNotice} t=${t} problem=${problem} />`}
    <${Launch} desk=${desk} form=${words} replications=${replications} scenario=${scenario} question=${question} base=${base} changed=${changed} blocked=${faults.length > 0} onRestore=${() => { setRefused(null); restore(); }} onRefused=${setRefused} /></div>`;
}

/** @param {{t: import("../shared/texts.js").Translate, spec: Spec, open: boolean, changed: boolean, children: () => unknown}} properties */
function Section({ t, spec, open, changed, children }) {
  return html`<${Fold} class="card scenario-section" place=${spec.name} open=${open} head=${html`<h3>${spec.label}</h3>${changed && html`<span class="badge tone-pause">${t("changed")}</span>`}`}>
    ${() => html`${spec.hint && html`<p class="soft">${spec.hint}</p>`}${children()}`}</${Fold}>`;
}

/** Codes that may be chosen. @param {string} kind @param {any} form @param {any} scenario @returns {import("./fields.js").Choice[]} */
function choicesOf(kind, form, scenario) {
  if (kind === "service" || kind === "skill") return form.services;
  if (kind === "branch") return form.branches;
  if (kind === "counter") return form.counters[scenario.branch] ?? [];
  if (kind === "profile") return scenario.profiles.map((/** @type {{code: string}} */ { code }) => ({ value: code, label: form.profiles.find((/** @type {any} */ one) => one.value === code)?.label ?? code }));
  if (kind === "scope") return (form.scopes[scenario.branch] ?? []).map((/** @type {any} */ one) => ({ value: JSON.stringify(one.value), label: one.label }));
  return [];
}
