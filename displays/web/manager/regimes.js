// Emergency rules over the own branch: what is in force, what can be put in force, with a preview.
import { html, useRef, useState } from "../vendor/preact.js";
import { Problem, newKey } from "../shared/api.js";
import { Button, Dialog, ProblemNotice } from "../shared/ui.js";
import { DateField } from "../shared/date_field.js";
import { Drafts } from "./drafts.js";
import { Answered, Consequences, Differences, Done, ReasonField, Redirect, asProblem, dayText, useAnswer } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */

/** @param {{office: Office}} properties */
export function Regimes({ office }) {
  const { t, api, home } = office;
  const answer = useAnswer(() => api.get(`${home}/regimes`), []);
  const [asked, setAsked] = useState(/** @type {{regime: any, action: string} | null} */ (null));
  const [done, setDone] = useState("");
  /** @param {string} said */
  const finished = async (said) => {
    setAsked(null);
    setDone(said);
    await answer.again();
  };
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`
    <${Done} t=${t} text=${done} />
    <section class="stack"><h3>${t("regimes_in_force")}</h3>
      ${found.in_force.length === 0 && html`<p class="soft">${t("no_regime")}</p>`}
      <div class="cards">${found.in_force.map((/** @type {any} */ one) => html`<${Card} key=${one.id} t=${t} regime=${one} onAct=${(/** @type {string} */ action) => setAsked({ regime: one, action })} />`)}</div>
    </section>
    <${Drafts} office=${office} onDone=${finished} />
    <section class="stack"><h3>${t("regime_templates")}</h3><p class="soft">${t("regime_templates_detail")}</p>
      ${found.templates.every((/** @type {any} */ one) => one.in_force) && html`<p class="card empty">${t("all_in_force")}</p>`}
      <div class="cards">${found.templates.filter((/** @type {any} */ one) => !one.in_force).map((/** @type {any} */ one) => html`<${Card} key=${one.id} t=${t} regime=${one} template=${true}
        onAct=${(/** @type {string} */ action) => setAsked({ regime: one, action })} />`)}</div>
    </section>
    ${asked?.action === "use" && html`<${Use} office=${office} regime=${asked.regime} bounds=${found} onDone=${finished} onClose=${() => setAsked(null)} />`}
    ${asked?.action === "end" && html`<${End} office=${office} regime=${asked.regime} onDone=${finished} onClose=${() => setAsked(null)} />`}`}
  </${Answered}>`;
}

/** @param {import("../shared/texts.js").Translate} t @param {any} regime */
function spanOf(t, regime) {
  const from = t("from_day", { day: dayText(regime.from) + (regime.from_time && ` ${regime.from_time}`) });
  return regime.until ? `${from} ${t("until_day", { day: dayText(regime.until) + (regime.until_time && ` ${regime.until_time}`) })}` : from;
}

/** @param {{t: import("../shared/texts.js").Translate, regime: any, template?: boolean, onAct: (action: string) => void}} properties */
function Card({ t, regime, template = false, onAct }) {
  return html`<article class=${`card stack regime ${regime.in_force ? "in-force" : ""}`}>
    <h4>${regime.name}</h4>
    <p class="row">${!template && html`<span class="badge tone-pause">${spanOf(t, regime)}</span>`}
      <span class="badge">${regime.own ? t("regime_own") : t(`scope_${regime.scope}`)}</span></p>
    <dl class="rules">${regime.rules.map((/** @type {any} */ rule) => html`<div><dt>${rule.label}</dt><dd>${rule.text}</dd></div>`)}</dl>
    ${regime.actions.includes("use") && html`<button type="button" class="button" onClick=${() => onAct("use")}>${t("regime_use")}</button>`}
    ${regime.actions.includes("end") && html`<button type="button" class="button danger" onClick=${() => onAct("end")}>${t("regime_end")}</button>`}
    ${template && regime.applies && html`<p class="soft">${t("regime_same")}</p>`}
  </article>`;
}

/** @param {{office: Office, regime: any, bounds: any, onDone: (said: string) => Promise<void>, onClose: () => void}} properties */
function Use({ office, regime, bounds, onDone, onClose }) {
  const { t, api, home } = office;
  const [until, setUntil] = useState(bounds.date);
  const [reason, setReason] = useState("");
  const [redirect, setRedirect] = useState(false);
  const [effect, setEffect] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const key = useRef(newKey());
  const body = { template: regime.id, until, reason };
  /** @param {Promise<any>} answer @param {(found: any) => unknown} then */
  const told = async (answer, then) => {
    const found = await answer.catch(asProblem);
    setProblem(found instanceof Problem ? found : null);
    if (!(found instanceof Problem)) await then(found);
  };
  const preview = () => told(api.post(`${home}/regimes/preview`, body), setEffect);
  const declare = () => told(api.post(`${home}/regimes`, { ...body, redirect_issued: redirect }, { key: key.current }), () => onDone(t("regime_declared", { name: regime.name })));
  return html`<${Dialog} title=${regime.name} onClose=${onClose}>
    <div class="stack">
      <${DateField} t=${t} id="regime-until" label=${t("regime_until")} value=${until} least=${bounds.date} most=${bounds.last_until}
        onInput=${(/** @type {string} */ day) => { setUntil(day); setEffect(null); }} />
      <${ReasonField} t=${t} value=${reason} onInput=${setReason} />
      ${effect && html`<div class="stack"><h3>${t("preview_title")}</h3><${Differences} t=${t} differences=${effect.differences} />
        <h3>${t("effect_title")}</h3><${Consequences} t=${t} effect=${effect} />
        <${Redirect} t=${t} effect=${effect} chosen=${redirect} onChoose=${setRedirect} /></div>`}
      <${ProblemNotice} t=${t} problem=${problem} />
      <div class="row decide">
        ${effect ? html`<${Button} key="declare" disabled=${!reason.trim()} onPress=${declare}>${t("regime_put")}</${Button}>` : html`<${Button} key="preview" disabled=${!reason.trim()} onPress=${preview}>${t("preview")}</${Button}>`}
        <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div>
    </div>
  </${Dialog}>`;
}

/** @param {{office: Office, regime: any, onDone: (said: string) => Promise<void>, onClose: () => void}} properties */
function End({ office, regime, onDone, onClose }) {
  const { t, api, home } = office;
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const key = useRef(newKey());
  const end = async () => {
    const found = await api.post(`${home}/regimes/${regime.id}/end`, { reason }, { key: key.current }).catch(asProblem);
    if (found instanceof Problem) return setProblem(found);
    await onDone(t("regime_ended", { name: regime.name }));
  };
  return html`<${Dialog} title=${t("regime_end_title", { name: regime.name })} onClose=${onClose}>
    <div class="stack"><p>${t("regime_end_detail")}</p><${ReasonField} t=${t} value=${reason} onInput=${setReason} />
      <${ProblemNotice} t=${t} problem=${problem} />
      <div class="row decide"><${Button} class="danger" disabled=${!reason.trim()} onPress=${end}>${t("regime_end")}</${Button}>
        <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div></div>
  </${Dialog}>`;
}
