// The page of whoever plans: scenarios, runs of the model, what they come to, side by side.
import { html, render, useEffect, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, ProblemNotice, SignedIn } from "../shared/ui.js";
import { Change } from "./change.js";
import { Compare } from "./compare.js";
import { addressOf, keepPlace, placeIn, restorePlace } from "./places.js";
import { Run } from "./run.js";
import { Runs } from "./runs.js";
import { Scenarios } from "./scenarios.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/api.js").Api} Api */
/** What every part of the page needs: words, the service, who is signed in. @typedef {{t: Translate, api: Api, me: session.Session}} Desk */

/**
 * Each part, under which section of the page it stands, and of how many words it is: the list stands in for a link with fewer.
 * @type {{[name: string]: {part: (properties: {desk: Desk, about: string[]}) => unknown, section: string, about: number}}}
 */
const PARTS = {
  scenarios: { part: Scenarios, section: "scenarios", about: 0 },
  change: { part: Change, section: "scenarios", about: 2 },
  runs: { part: Runs, section: "runs", about: 0 },
  run: { part: Run, section: "runs", about: 1 },
  compare: { part: Compare, section: "runs", about: 2 },
};
const SECTIONS = ["scenarios", "runs"];

/** The part to show. @param {string} name @param {string[]} about */
function partOf(name, about) {
  const asked = Object.hasOwn(PARTS, name) ? name : "scenarios";
  return about.filter(Boolean).length < PARTS[asked].about ? PARTS[asked].section : asked;
}

/** The part that the address names after `#`, and what it is about; the browser's way back leads through them. */
function usePlace() {
  const [place, setPlace] = useState(() => placeIn(location.hash));
  useEffect(() => {
    const follow = () => {
      setPlace(placeIn(location.hash));
      window.scrollTo(0, 0);
      document.querySelector("main")?.focus();
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return place;
}

/** @param {{desk: Desk}} properties */
function Page({ desk }) {
  const { t, api, me } = desk;
  const { name, about } = usePlace();
  const known = partOf(name, about);
  const { part, section } = PARTS[known];
  return html`<${Header} t=${t} title=${t("title")}>
      <${SignedIn} t=${t} me=${{ ...me, everywhere: false }} page="planner" api=${api} />
      <${LanguageSwitch} t=${t} />
    </${Header}>
    <nav class="parts" aria-label=${t("parts")} data-scrolls>
      ${SECTIONS.map((one) => html`<a href=${addressOf(one)} aria-current=${one === section ? "page" : undefined}>${t(`part_${one}`)}</a>`)}
    </nav>
    <main class="page desk" tabindex="-1"><${part} key=${`${known}/${about.join("/")}`} desk=${desk} about=${about} /></main>`;
}

/** @param {{t: Translate, problem: Problem}} properties */
function Stopped({ t, problem }) {
  return html`<${Header} t=${t} title=${t("title")}><${SignedIn} t=${t} me=${{ ...me, everywhere: false }} page="planner" api=${api} /><${LanguageSwitch} t=${t} /></${Header}>
    <main class="page"><${ProblemNotice} t=${t} problem=${problem} />
      <button type="button" class="button" onClick=${() => location.reload()}>${t("again")}</button></main>`;
}

keepPlace();
const me = await session.require("planner");
restorePlace();
const t = await texts("planner");
document.title = t("title");
const api = apiAs(me.token, t.language);
try {
  await api.get("/v1/scenarios");
  render(html`<${Page} desk=${{ t, api, me }} />`, document.body);
} catch (problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.kind === "unauthorized") {
    session.forget("planner");
    session.leave("planner");
  }
  render(html`<${Stopped} t=${t} problem=${problem} />`, document.body);
}
