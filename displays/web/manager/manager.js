// The page of whoever runs a branch: today, the plan, regimes, reports, logs, devices.
import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import { sayOfFields } from "../shared/fields.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, ProblemNotice, SignedIn } from "../shared/ui.js";
import { Devices } from "./devices.js";
import { Audit, SanitationLog } from "./logs.js";
import { Plan } from "./plan.js";
import { Regimes } from "./regimes.js";
import { Reports } from "./reports.js";
import { Today } from "./today.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/api.js").Api} Api */
/**
 * What every part of the page needs: words, the service, the address of the branch under /v1, its
 * code and name, and who is signed in.
 * @typedef {{t: Translate, api: Api, home: string, branch: string, name: string, me: session.Session}} Office
 */

const PARTS = { today: Today, plan: Plan, regime: Regimes, reports: Reports, audit: Audit, sanitation: SanitationLog, devices: Devices };
/** @typedef {keyof typeof PARTS} Part */

/** @returns {Part} */
const partInAddress = () => {
  const asked = location.hash.slice(1);
  return asked in PARTS ? /** @type {Part} */ (asked) : "today";
};

/** The part that the address names after `#`; the browser's way back leads through them. */
function usePart() {
  const [part, setPart] = useState(partInAddress);
  useEffect(() => {
    const follow = () => setPart(partInAddress());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return part;
}

/** @param {{t: Translate, part: Part}} properties */
function Parts({ t, part }) {
  const nav = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [part]);
  return html`<nav ref=${nav} class="parts" aria-label=${t("parts")} data-scrolls>
    ${Object.keys(PARTS).map((name) => html`<a href=${`#${name}`} aria-current=${name === part ? "page" : undefined}>${t(`part_${name}`)}</a>`)}
  </nav>`;
}

/** @param {{office: Office}} properties */
function Page({ office }) {
  const { t, api, me } = office;
  const part = usePart();
  return html`<${Header} t=${t} title=${office.name}>
      <${SignedIn} t=${t} me=${me} page="manager" api=${api} />
      <${LanguageSwitch} t=${t} />
    </${Header}>
    <${Parts} t=${t} part=${part} />
    <main class="page office">
      <h2 class="sr-only">${t(`part_${part}`)}</h2>
      <${PARTS[part]} key=${part} office=${office} />
    </main>`;
}

/** @param {{t: Translate, problem: Problem}} properties */
function Stopped({ t, problem }) {
  return html`<${Header} t=${t} title=${t("title")}><${SignedIn} t=${t} me=${me} page="manager" api=${api} /><${LanguageSwitch} t=${t} /></${Header}>
    <main class="page">
      <${ProblemNotice} t=${t} problem=${problem} />
      <button type="button" class="button" onClick=${() => location.reload()}>${t("again")}</button>
    </main>`;
}

const me = await session.require("manager");
const t = await texts("manager");
sayOfFields(t);
document.title = t("title");
const api = apiAs(me.token, t.language);
const home = `/v1/branches/${encodeURIComponent(me.branch)}`;
try {
  const { name } = await api.get(home);
  /** @type {Office} */
  const office = { t, api, home, branch: me.branch, name: name[t.language], me };
  render(html`<${Page} office=${office} />`, document.body);
} catch (problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.kind === "unauthorized") {
    session.forget("manager");
    session.leave("manager");
  }
  render(html`<${Stopped} t=${t} problem=${problem} />`, document.body);
}
