// From typed values to a plan in force: the reason, the preview, the decision.
import { html, useRef, useState } from "../vendor/preact.js";
import { Problem, newKey } from "../shared/api.js";
import { Button, Dialog, Notice, ProblemNotice } from "../shared/ui.js";
import { Consequences, Differences, ReasonField, Redirect, asProblem, momentText, namedFields } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {import("./plan.js").Draft} Draft */

/** What the page calls the values of a plan. @param {any} plan @returns {{[field: string]: string}} */
const labelsOf = (plan) => Object.fromEntries(plan.values.map((/** @type {any} */ one) => [one.name, one.label]));

/**
 * The reason of a draft is kept as the draft is: it outlives another tab of the page and a reload.
 * @param {string} place branch and day
 */
function useReason(place) {
  const key = `kezek.reason.${place}`;
  const [, changed] = useState(0);
  /** @param {string} reason */
  const keep = (reason) => {
    if (reason) sessionStorage.setItem(key, reason);
    else sessionStorage.removeItem(key);
    changed((n) => n + 1);
  };
  return /** @type {const} */ ([sessionStorage.getItem(key) ?? "", keep]);
}

/**
 * @param {{office: Office, plan: any, versions: any[], query: string, changes: Draft, onSaved: (said: string) => Promise<void>,
 *   onDrop: () => void, onStale: () => Promise<void>}} properties
 */
export function SaveBar({ office, plan, versions, query, changes, onSaved, onDrop, onStale }) {
  const { t, api, home } = office;
  const [reason, setReason] = useReason(`${office.branch}.${plan.date}`);
  const [effect, setEffect] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [stale, setStale] = useState(0);
  const count = Object.keys(changes).length;
  const missed = versions.filter((one) => stale && one.version > stale);
  const body = { ...changes, reason };
  const preview = async () => {
    setProblem(null);
    const found = await api.post(`${home}/plan/preview${query}`, body).catch(asProblem);
    if (found instanceof Problem) setProblem(namedFields(found, labelsOf(plan)));
    else setEffect(found);
  };
  const turnedStale = async () => {
    setStale(plan.version);
    setEffect(null);
    await onStale();
  };
  /** @param {string} said */
  const saved = async (said) => {
    setEffect(null);
    setReason("");
    setStale(0);
    await onSaved(said);
  };
  if (!count) return null;
  return html`<section class="card save-bar" aria-label=${t("unsaved")}>
    ${stale > 0 && html`<${Notice} tone="pause" live=${true} title=${t("stale_plan")}>
      ${t("stale_plan_detail")}
      ${missed.map((one) => html`<div class="missed"><b>${one.who}, ${momentText(one.at)}</b> ${one.reason}<${Differences} t=${t} differences=${one.differences ?? []} /></div>`)}
    </${Notice}>`}
    <${ProblemNotice} t=${t} problem=${problem} />
    <form class="save-form" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); return preview(); }}>
      <b class="grow">${t("changes", { n: count })}</b>
      <${ReasonField} t=${t} value=${reason} onInput=${setReason} />
      <div class="row"><button type="submit" class="button" disabled=${!reason.trim()}>${t("preview")}</button>
      <button type="button" class="button quiet" onClick=${() => { setStale(0); setProblem(null); setReason(""); onDrop(); }}>${t("drop")}</button></div>
    </form>
    ${effect && html`<${Confirm} office=${office} plan=${plan} query=${query} body=${body} effect=${effect}
      onClose=${() => setEffect(null)} onSaved=${saved} onStale=${turnedStale} />`}
  </section>`;
}

/**
 * @param {{office: Office, plan: any, query: string, body: Draft, effect: any, onClose: () => void,
 *   onSaved: (said: string) => Promise<void>, onStale: () => Promise<void>}} properties
 */
function Confirm({ office, plan, query, body, effect, onClose, onSaved, onStale }) {
  const { t, api, home } = office;
  const [redirect, setRedirect] = useState(false);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const key = useRef(newKey());
  const save = async () => {
    const options = { key: key.current, version: `"${plan.version}"` };
    const found = await api.patch(`${home}/plan${query}`, { ...body, redirect_issued: redirect }, options).catch(asProblem);
    if (!(found instanceof Problem)) return onSaved(t("saved", { n: found.version }));
    if (found.kind === "stale-version") return onStale();
    setProblem(namedFields(found, labelsOf(plan)));
  };
  return html`<${Dialog} title=${t("preview_title")} onClose=${onClose}>
    <div class="stack">
      <${Differences} t=${t} differences=${effect.differences} />
      <h3>${t("effect_title")}</h3>
      <${Consequences} t=${t} effect=${effect} />
      <${Redirect} t=${t} effect=${effect} chosen=${redirect} onChoose=${setRedirect} />
      <${ProblemNotice} t=${t} problem=${problem} />
      <div class="row decide"><${Button} onPress=${save}>${t("save")}</${Button}>
        <button type="button" class="button quiet" onClick=${onClose}>${t("back")}</button></div>
    </div>
  </${Dialog}>`;
}
