// One run: how far it is, what it came to, a day to watch, what may be done with it.
import { html, useEffect, useState } from "../vendor/preact.js";
import { asProblem } from "../shared/answer.js";
import { Problem } from "../shared/api.js";
import { Button, Dialog, Notice, ProblemNotice } from "../shared/ui.js";
import { DraftRegime } from "./draft_regime.js";
import { Fold } from "./form.js";
import { Held } from "./held.js";
import { addressOf, goTo, linkTo } from "./places.js";
import { Progress, StateBadge } from "./progress.js";
import { Results } from "./results.js";
import { Search } from "./search.js";
import { Tornado } from "./tornado.js";
import { WatchDay } from "./watch.js";

/** @typedef {import("./planner.js").Desk} Desk */

const LOOK_EVERY_MS = 1000;
const isUnderWay = (/** @type {any} */ run) => run.state === "queued" || run.state === "running";

/** A run as it is now; looked at again while it is under way or nobody answers. @param {import("../shared/api.js").Api} api @param {string} path */
function useRun(api, path) {
  const [run, setRun] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const look = async () => {
    const found = await api.get(path).catch(asProblem);
    setProblem(found instanceof Problem ? found : null);
    if (!(found instanceof Problem)) setRun(found);
  };
  useEffect(() => {
    look();
  }, [path]);
  const isGone = problem?.kind === "unknown-simulation";
  const again = run ? !isGone && (isUnderWay(run) || problem !== null) : problem?.offline;
  useEffect(() => {
    if (!again) return undefined;
    const timer = setTimeout(look, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [again, run, problem]);
  return { run, problem, setRun, setProblem };
}

/** @param {{desk: Desk, about: string[]}} properties `about`: the id of the run */
export function Run({ desk, about: [id] }) {
  const { t, api } = desk;
  const path = `/v1/simulations/${encodeURIComponent(id)}`;
  const { run, problem, setRun, setProblem } = useRun(api, path);
  const cancel = async () => {
    const found = await api.post(`${path}/cancel`).catch(asProblem);
    if (found instanceof Problem) setProblem(found);
    else setRun(found);
  };
  const crumbs = html`<p class="crumbs"><a href="#runs">${t("part_runs")}</a></p>`;
  if (!run) return html`<div class="stack wide">${crumbs}<${ProblemNotice} t=${t} problem=${problem} />${!problem && html`<p class="soft" aria-busy="true">${t("loading")}</p>`}</div>`;
  return html`<div class="stack wide">${crumbs}
    <div class="run-head"><div class="grow"><h2>${run.title}</h2>
      <p class="soft">${run.kind_text} · ${run.branch_name} · ${run.dates} · ${run.by}, ${run.at_text}</p></div><div role="status"><${StateBadge} run=${run} /></div></div>
    <${ProblemNotice} t=${t} problem=${problem} />
    ${run.failure && html`<${Notice} tone="stop" title=${t("failed")}>${run.failure}</${Notice}>`}
    ${isUnderWay(run) && html`<section class="card stack"><${Progress} run=${run} />
      ${run.state === "queued" && html`<p class="soft">${t("queued_detail")}</p>`}
      ${run.actions.includes("cancel") && html`<div><${Button} class="danger small" data-command="cancel" onPress=${cancel}>${t("cancel_run")}</${Button}></div>`}</section>`}
    <${Deeds} desk=${desk} run=${run} />
    ${run.search && html`<${Search} desk=${desk} run=${run} />`}
    ${run.sensitivity && html`<${Tornado} t=${t} found=${run.sensitivity} />`}
    ${run.results.some((/** @type {any} */ one) => one.days.length > 0) && html`<${Results} t=${t} run=${run} />`}
    ${["scenario", "versus"].filter((which) => run[which]).map((which) => html`<${Fold} key=${which} class="card" place=${`held-${which}`} open=${false} head=${html`${t("held")}${run.versus && `: ${run[`${which}_title`]}`}`}>${() => html`<${Held} desk=${desk} scenario=${run[which]} />`}</${Fold}>`)}
    ${run.courses.length > 0 && html`<${WatchDay} desk=${desk} run=${run} path=${path} />`}</div>`;
}

/** What may be done with a run. @param {{desk: Desk, run: any}} properties */
function Deeds({ desk, run }) {
  const { t } = desk;
  const [shared, setShared] = useState("");
  const [drafting, setDrafting] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const share = async () => {
    const link = linkTo("run", run.id);
    await navigator.clipboard?.writeText(link).catch(() => undefined);
    setShared(link);
  };
  return html`<section class="row deeds" aria-label=${t("deeds")}>
      <${Button} class="quiet small" data-command="share" onPress=${share}>${t("share")}</${Button}>
      <a class="button quiet small" href=${addressOf("change", "run", run.id, run.versus ? "versus" : "scenario")}>${t("change_run")}</a>
      ${run.kind === "run" && html`<a class="button quiet small" href="#runs">${t("compare_run")}</a>`}
      ${run.actions.includes("delete") && html`<button type="button" class="button quiet small" data-command="delete" onClick=${() => setDeleting(true)}>${t("delete_run")}</button>`}
      ${run.actions.includes("draft") && html`<button type="button" class="button small" data-command="draft" onClick=${() => setDrafting(true)}>${t("make_draft")}</button>`}
    </section>
    ${shared && html`<${Notice} tone="go" live=${true} title=${t("shared")}><p>${t("shared_detail")}</p>
      <label class="field"><span class="sr-only">${t("link")}</span><input class="input" readonly name="link" value=${shared} onFocus=${(/** @type {any} */ event) => event.target.select()} /></label></${Notice}>`}
    ${deleting && html`<${Delete} desk=${desk} run=${run} onClose=${() => setDeleting(false)} />`}
    ${drafting && html`<${DraftRegime} desk=${desk} run=${run} onClose=${() => setDrafting(false)} />`}`;
}

/** Asks once more: what is deleted does not come back. @param {{desk: Desk, run: any, onClose: () => void}} properties */
function Delete({ desk: { t, api }, run, onClose }) {
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const remove = async () => {
    const found = await api.delete(`/v1/simulations/${encodeURIComponent(run.id)}`).catch(asProblem);
    if (found instanceof Problem) setProblem(found);
    else goTo("runs");
  };
  return html`<${Dialog} title=${t("delete_run")} onClose=${onClose}><div class="stack">
    <p>${t("delete_run_detail", { title: run.title })}</p><${ProblemNotice} t=${t} problem=${problem} />
    <div class="row decide"><${Button} class="danger" data-command="delete-for-good" onPress=${remove}>${t("delete_run")}</${Button}>
      <button type="button" class="button quiet" onClick=${onClose}>${t("cancel")}</button></div></div></${Dialog}>`;
}
