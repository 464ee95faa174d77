// Rules that planners propose for the branch: seen, tried on today's tickets, put in force or turned down.
import { html, useRef, useState } from "../vendor/preact.js";
import { Problem, newKey } from "../shared/api.js";
import { Button, Dialog, ProblemNotice } from "../shared/ui.js";
import { Answered, Consequences, Differences, ReasonField, Redirect, asProblem, useAnswer } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */

/** @param {{office: Office, onDone: (said: string) => Promise<void>}} properties */
export function Drafts({ office, onDone }) {
  const { t, api, home } = office;
  const answer = useAnswer(() => api.get(`${home}/drafts`), []);
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  /** @param {string} said */
  const finished = async (said) => {
    setAsked(null);
    await Promise.all([answer.again(), onDone(said)]);
  };
  /** @param {any} draft */
  const withdraw = async (draft) => {
    const found = await api.post(`${home}/drafts/${draft.id}/withdraw`).catch(asProblem);
    await (found instanceof Problem ? answer.again() : finished(t("draft_withdrawn", { name: draft.name })));
  };
  const open = (answer.found?.drafts ?? []).filter((/** @type {any} */ one) => one.state === "draft");
  if (open.length === 0) return null;
  return html`<section class="stack drafts"><h3>${t("drafts")}</h3><p class="soft">${t("drafts_detail")}</p>
    <div class="cards">${open.map((/** @type {any} */ draft) => html`<article key=${draft.id} class="card stack regime">
      <h4>${draft.name}</h4>
      <p class="row"><span class="badge tone-next">${draft.dates}</span><span class="soft">${draft.by}, ${draft.at_text}</span></p>
      ${draft.note && html`<p>${draft.note}</p>`}
      <dl class="rules">${draft.rules.map((/** @type {any} */ rule) => html`<div><dt>${rule.label}</dt><dd>${rule.text}</dd></div>`)}</dl>
      <div class="row">
        ${draft.actions.includes("declare") && html`<button type="button" class="button" onClick=${() => setAsked(draft)}>${t("draft_look")}</button>`}
        ${draft.actions.includes("withdraw") && html`<${Button} class="danger" onPress=${() => withdraw(draft)}>${t("draft_withdraw")}</${Button}>`}</div>
    </article>`)}</div>
    ${asked && html`<${Declare} office=${office} draft=${asked} onDone=${finished} onClose=${() => setAsked(null)} />`}
  </section>`;
}

/** @param {{office: Office, draft: any, onDone: (said: string) => Promise<void>, onClose: () => void}} properties */
function Declare({ office, draft, onDone, onClose }) {
  const { t, api, home } = office;
  const preview = useAnswer(() => api.post(`${home}/drafts/${draft.id}/preview`), [draft.id]);
  const [reason, setReason] = useState("");
  const [redirect, setRedirect] = useState(false);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const key = useRef(newKey());
  const declare = async () => {
    const found = await api.post(`${home}/drafts/${draft.id}/declare`, { reason, redirect_issued: redirect }, { key: key.current }).catch(asProblem);
    if (found instanceof Problem) return setProblem(found);
    await onDone(t("regime_declared", { name: draft.name }));
  };
  return html`<${Dialog} title=${draft.name} onClose=${onClose}><div class="stack">
    <${Answered} t=${t} answer=${preview}>${(/** @type {any} */ effect) => html`<h3>${t("preview_title")}</h3><${Differences} t=${t} differences=${effect.differences} />
      <h3>${t("effect_title")}</h3><${Consequences} t=${t} effect=${effect} />
      <${Redirect} t=${t} effect=${effect} chosen=${redirect} onChoose=${setRedirect} />`}</${Answered}>
    <${ReasonField} t=${t} value=${reason} onInput=${setReason} />
    <${ProblemNotice} t=${t} problem=${problem} />
    <div class="row decide"><${Button} disabled=${!reason.trim() || !preview.found} onPress=${declare}>${t("draft_declare")}</${Button}>
      <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div>
  </div></${Dialog}>`;
}
