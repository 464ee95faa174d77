// The operator's page: one counter, its visitor, and those who wait for it.
import { html, render, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import { keepFresh, nowOf } from "../shared/refresh.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, ProblemNotice, SignedIn, Stale, clockText, clockTextOf, useTick } from "../shared/ui.js";
import { Choose } from "./choose.js";
import { Intentions } from "./intentions.js";
import { Side } from "./side.js";
import { Work } from "./work.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/api.js").Api} Api */
/** @typedef {{t: Translate, api: Api, home: string, services: {[code: string]: string}, me: session.Session}} Desk what every part of the page needs */

const KEPT = "kezek.counter";

/** The counter chosen before in this browser, or named in the address. @param {string} branch */
function chosenCounter(branch) {
  return new URLSearchParams(location.search).get("counter") ?? localStorage.getItem(`${KEPT}.${branch}`) ?? "";
}

/** The view of this counter, kept fresh. @param {Desk} desk @param {string} branch @param {string} counter */
function useView(desk, branch, counter) {
  const [view, setView] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const look = useRef(async () => {});
  useEffect(() => {
    const load = async () => {
      try {
        const fresh = { ...(await desk.api.get(`${desk.home}/counters/${counter}`, { give_up: 0 })), readAt: performance.now() };
        setView(fresh);
        setProblem(null);
        return fresh;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        setProblem(error);
        return null;
      }
    };
    const freshness = keepFresh(branch, load, instants);
    look.current = freshness.look;
    return freshness.stop;
  }, [branch, counter]);
  return { view, problem, look };
}

/** @param {any} view @returns {(string | null | undefined)[]} */
const instants = (view) => [view.open.next_at, view.close.next_at, view.call_next.next_at];

/** @param {{desk: Desk, branch: string, counter: string, onLeave: () => void}} properties */
function Counter({ desk, branch, counter, onLeave }) {
  const { t } = desk;
  const { view, problem, look } = useView(desk, branch, counter);
  const [refused, setRefused] = useState(/** @type {Problem | null} */ (null));
  const [said, setSaid] = useState("");
  const actedAt = useRef(0);
  const intentions = useMemo(() => new Intentions(desk.api, `${branch}/${counter}`), [branch, counter]);
  /** @param {string} path @param {unknown} [body] */
  const act = async (path, body) => {
    setSaid("");
    setRefused(null);
    actedAt.current = Infinity;
    try {
      const answer = await intentions.carryOut(`${desk.home}${path}`, body);
      if (answer === null) setSaid(t("nobody_waits"));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setRefused(error);
    }
    await look.current();
    actedAt.current = performance.now();
  };
  useEffect(() => {
    // The connection is back: what was pressed without it is offered again, or is done.
    if (view?.readAt > actedAt.current) setRefused((before) => (before?.offline ? null : before));
  }, [view]);
  useTick();
  if (!view) return html`<${Shell} desk=${desk} onLeave=${onLeave}>
    ${problem ? html`<${Stopped} t=${t} problem=${problem} />` : html`<p aria-busy="true">${t("loading")}</p>`}</${Shell}>`;
  return html`<${Stale} t=${t} stale=${problem?.offline} since=${clockText(view.at)} />
    <${Shell} desk=${desk} view=${view} onLeave=${onLeave}>
      ${problem && !problem.offline && html`<${Stopped} t=${t} problem=${problem} />`}
      <div class="desk">
        <${Work} desk=${desk} view=${view} act=${act} said=${said}>
          <${ProblemNotice} t=${t} problem=${refused} onClose=${() => setRefused(null)} />
        </${Work}>
        <${Side} desk=${desk} view=${view} act=${act} />
      </div>
    </${Shell}>`;
}

/** Why there is nothing to be seen, and the way out. @param {{t: Translate, problem: Problem}} properties */
function Stopped({ t, problem }) {
  const unknown = problem.status === 401 || problem.status === 403;
  const signIn = () => {
    session.forget("counter");
    session.leave("counter");
  };
  return html`<${ProblemNotice} t=${t} problem=${problem} />
    <div class="row"><button type="button" class="button" onClick=${unknown ? signIn : () => location.reload()}>${t(unknown ? "sign_in" : "again")}</button></div>`;
}

/** @param {{desk: Desk, view?: any, onLeave: () => void, children?: unknown}} properties */
function Shell({ desk, view, onLeave, children }) {
  const { t } = desk;
  const title = view ? t("title_counter", { counter: view.desk.counter }) : t("title");
  return html`<${Header} t=${t} title=${title}>
      ${view && html`<span class="clock number">${clockTextOf(nowOf(view), view.at)}</span>`}
      <button type="button" class="button quiet small" onClick=${onLeave}>${t("other_counter")}</button>
      <${SignedIn} t=${t} me=${desk.me} page="counter" api=${desk.api} />
      <${LanguageSwitch} t=${t} />
    </${Header}>
    <main class="page">${children}</main>`;
}

/** @param {{desk: Desk, branch: string}} properties */
function Page({ desk, branch }) {
  const [counter, setCounter] = useState(() => chosenCounter(branch));
  /** @param {string} code */
  const choose = (code) => {
    localStorage.setItem(`${KEPT}.${branch}`, code);
    setCounter(code);
  };
  const leave = () => {
    localStorage.removeItem(`${KEPT}.${branch}`);
    history.replaceState(null, "", location.pathname);
    setCounter("");
  };
  if (counter) return html`<${Counter} desk=${desk} branch=${branch} counter=${counter} onLeave=${leave} />`;
  return html`<${Choose} desk=${desk} onChoose=${choose} />`;
}

const me = await session.require("counter");
const t = await texts("counter");
document.title = t("title");
const api = apiAs(me.token, t.language);
/** @type {{[code: string]: string}} */
const services = {};
/** @type {Problem | null} */
let stopped = null;
try {
  for (const service of (await api.get("/v1/services")).services) services[service.code] = service.name[t.language];
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  stopped = error;
}
const desk = { t, api, home: `/v1/branches/${encodeURIComponent(me.branch)}`, services, me };
render(
  stopped
    ? html`<${Header} t=${t} title=${t("title")}><${SignedIn} t=${t} me=${me} page="counter" api=${api} /><${LanguageSwitch} t=${t} /></${Header}><main class="page">
        <${Stopped} t=${t} problem=${stopped} /></main>`
    : html`<${Page} desk=${desk} branch=${me.branch} />`,
  document.body,
);
