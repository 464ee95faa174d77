// All runs, the newest first; some of them are put side by side.
import { html, useEffect, useState } from "../vendor/preact.js";
import { asProblem } from "../shared/answer.js";
import { Problem } from "../shared/api.js";
import { Button, ProblemNotice } from "../shared/ui.js";
import { addressOf, goTo } from "./places.js";
import { StateBadge } from "./progress.js";

/** @typedef {import("./planner.js").Desk} Desk */

const LOOK_EVERY_MS = 2000;
const isUnderWay = (/** @type {any} */ run) => run.state === "queued" || run.state === "running";

/** The pages of the list that were asked for; the first is asked for again while something of it moves. @param {Desk} desk */
function useRuns({ api }) {
  const [pages, setPages] = useState(/** @type {any[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  /** @param {string} query @param {(page: any) => void} then */
  const ask = async (query, then) => {
    const found = await api.get(`/v1/simulations${query}`).catch(asProblem);
    setProblem(found instanceof Problem ? found : null);
    if (!(found instanceof Problem)) then(found);
  };
  const look = () => ask("", (page) => setPages(([, ...older]) => [page, ...older]));
  const older = () => ask(`?before=${encodeURIComponent(pages[pages.length - 1].older)}`, (page) => setPages((before) => [...before, page]));
  const runs = pages.flatMap((page) => page.simulations);
  const moves = runs.some(isUnderWay) || problem !== null;
  useEffect(() => {
    look();
  }, []);
  useEffect(() => {
    if (!moves) return undefined;
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [moves]);
  return { runs, problem, isLoading: pages.length === 0, older: pages.length && pages[pages.length - 1].older ? older : null, most: pages[0]?.most_compared };
}

/** @param {{desk: Desk}} properties */
export function Runs({ desk }) {
  const { t } = desk;
  const { runs, problem, isLoading, older, most } = useRuns(desk);
  const [chosen, setChosen] = useState(/** @type {string[]} */ ([]));
  /** @param {string} id @param {boolean} wanted */
  const choose = (id, wanted) => setChosen((before) => (wanted ? [...before, id] : before.filter((one) => one !== id)));
  const variants = runs.filter((one) => chosen.includes(one.id)).flatMap((one) => (one.versus_title ? [one.id, `${one.id}:versus`] : [one.id]));
  return html`<div class="stack wide"><h2 class="sr-only">${t("part_runs")}</h2><${ProblemNotice} t=${t} problem=${problem} />
    ${isLoading && !problem && html`<p class="soft" aria-busy="true">${t("loading")}</p>`}
    ${!isLoading && runs.length === 0 && html`<div class="card empty"><p>${t("no_runs")}</p><p><a class="button" href="#scenarios">${t("to_scenarios")}</a></p></div>`}
    ${runs.length > 1 && html`<p class="soft">${t("runs_lead")}</p>`}
    <ul class="runs">${runs.map((run) => html`<li key=${run.id} class="card run-line">
      ${runs.length > 1 && run.kind === "run" && html`<label class="check"><input type="checkbox" checked=${chosen.includes(run.id)} onChange=${(/** @type {any} */ event) => choose(run.id, event.target.checked)} aria-label=${t("choose_run", { title: run.title })} /></label>`}
      <div class="grow"><h3><a href=${addressOf("run", run.id)}>${run.title}</a></h3>
        <p class="soft">${run.kind !== "run" && html`<span class="badge tone-next">${run.kind_text}</span> `}${run.branch_name} · ${run.dates}${run.versus_title && ` · ${t("with_versus")}`}</p>
        <p class="soft">${run.by} · ${run.at_text}</p></div>
      <div class="run-state"><${StateBadge} run=${run} />${isUnderWay(run) && html`<progress max=${run.progress.of} value=${run.progress.done} aria-label=${run.progress.text}></progress>`}
        <span class="soft">${run.progress.text}</span></div>
    </li>`)}</ul>
    ${older && html`<div><${Button} class="quiet" onPress=${older}>${t("older_runs")}</${Button}></div>`}
    ${chosen.length > 0 && html`<section class="card launch" aria-label=${t("compare")}><div class="row"><button type="button" class="button" disabled=${variants.length < 2 || variants.length > most} onClick=${() => goTo("compare", ...variants)} data-command="compare">${t("compare")}</button>
      <span>${t("chosen_runs", { n: chosen.length })}</span></div>
      ${variants.length > most && html`<p class="soft" role="status">${t("compare_most", { n: variants.length, most })}</p>`}</section>`}</div>`;
}
