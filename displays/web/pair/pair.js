// A kiosk, a board or a door tablet shows a short code; the branch's manager lets it in.
import { html, render, useEffect, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, ProblemNotice } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {{pairing: string, code: string, token: string}} Begun */

/** The pages that a device of each role may open; the first one unless another was wanted. @type {{[role: string]: session.Page[]}} */
const PAGES = { kiosk: ["kiosk"], board: ["hall", "street"], attendant: ["door"] };
const ASK_EVERY_MS = 2000;
const wanted = new URLSearchParams(location.search).get("for") ?? "";

/** @param {Translate} t @param {(begun: Begun | null) => void} show @param {(problem: Problem | null) => void} refuse */
function pairing(t, show, refuse) {
  const api = apiAs("", t.language);
  let over = false;
  /** @type {Begun | null} */
  let shown = null;
  /** @param {Begun} begun */
  const outcome = async (begun) => {
    const found = await api.get(`/v1/pairings/${begun.pairing}`);
    refuse(null);
    if (found.state === "approved") return enter(begun.token, found);
    if (found.state === "expired") return begin();
    if (!over) setTimeout(() => outcome(begun).catch(failed), ASK_EVERY_MS);
  };
  const begin = async () => {
    const begun = await api.post("/v1/pairings");
    if (over) return;
    shown = begun;
    show(begun);
    await outcome(begun);
  };
  /** @param {unknown} error */
  const failed = (error) => {
    if (!(error instanceof Problem)) throw error;
    refuse(error);
    const wait = 1000 * (error.body.extra?.retry_after ?? 0);
    // A code may have been let in while nobody answered: its question is asked on.
    const kept = error.offline || error.status >= 500 ? shown : null;
    if (!over) setTimeout(() => (kept ? outcome(kept) : begin()).catch(failed), Math.max(wait, ASK_EVERY_MS));
  };
  begin().catch(failed);
  return () => {
    over = true;
  };
}

/** @param {string} token @param {{role: string, branch: string}} found */
function enter(token, { role, branch }) {
  const pages = PAGES[role];
  for (const page of pages) session.keep(page, { token, branch, role });
  location.replace(`/${pages.find((page) => page === wanted) ?? pages[0]}/`);
}

/** @param {{t: Translate}} properties */
function Pair({ t }) {
  const [begun, setBegun] = useState(/** @type {Begun | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  useEffect(() => pairing(t, setBegun, setProblem), []);
  return html`<${Header} t=${t} title=${t("title")}><${LanguageSwitch} t=${t} /></${Header}>
    <main class="pair">
      <div class="card">
        <h2>${t("show")}</h2>
        <p class="code number" aria-live="polite">${begun ? begun.code : "······"}</p>
        <ol><li>${t("step_open")}</li><li>${t("step_type")}</li><li>${t("step_wait")}</li></ol>
        <${ProblemNotice} t=${t} problem=${problem} />
        <p class="soft">${t("person")} <a href=${`/sign-in/${wanted === "door" ? "?for=door" : ""}`}>${t("sign_in")}</a></p>
      </div>
    </main>`;
}

const t = await texts("pair");
document.title = t("title");
render(html`<${Pair} t=${t} />`, document.body);
