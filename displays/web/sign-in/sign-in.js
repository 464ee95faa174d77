// Members of staff say who they are; then the page that they wanted opens.
import { html, render, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import { sayOfFields } from "../shared/fields.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, ProblemNotice } from "../shared/ui.js";
import { Choose } from "./choose.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/session.js").Session} Session */

const wanted = session.wantedPage();

/** The page that opens at once: the wanted one or the only one, where no branch is to be chosen first. @param {Session} me */
function target(me) {
  const pages = session.pagesOf(me.role);
  const page = pages.find((one) => one === wanted) ?? (pages.length === 1 ? pages[0] : undefined);
  return page && session.suffices(page, me) ? page : undefined;
}

/** Whoever has all branches and comes to choose another. @returns {Session | null} */
function choosing() {
  const kept = wanted && new URLSearchParams(location.search).has("choose") ? session.get(wanted) : null;
  return kept && (kept.everywhere || !kept.branch) ? kept : null;
}

/** @param {{t: Translate, onSignedIn: (me: Session) => void}} properties */
function SignIn({ t, onSignedIn }) {
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const { login, password } = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
    try {
      onSignedIn(await apiAs("", t.language).post("/v1/sign-in", { login: String(login).trim().toLowerCase(), password }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setBusy(false);
    }
  };
  return html`<form class="card" onSubmit=${submit}>
    <h2>${t("who")}</h2>
    <label class="field"><span>${t("login")}</span>
      <input name="login" required autocomplete="username" autocapitalize="none" spellcheck=${false} maxlength="60" /></label>
    <label class="field"><span>${t("password")}</span>
      <input name="password" type="password" required autocomplete="current-password" maxlength="200" /></label>
    <${ProblemNotice} t=${t} problem=${problem} />
    <button class="button" aria-busy=${String(busy)}>${t("sign_in")}</button>
    <p class="soft">${t("device")} <a href=${`/pair/${wanted ? `?for=${wanted}` : ""}`}>${t("pair")}</a></p>
  </form>`;
}

/** @param {{t: Translate}} properties */
function Page({ t }) {
  const [me, setMe] = useState(choosing);
  /** @param {Session} found */
  const signedIn = (found) => {
    const page = target(found);
    if (page) session.enter(page, found);
    else setMe({ ...found, everywhere: !found.branch });
  };
  return html`<${Header} t=${t} title=${t("title")}><${LanguageSwitch} t=${t} /></${Header}>
    <main class="sign-in">${me ? html`<${Choose} t=${t} me=${me} wanted=${wanted} />` : html`<${SignIn} t=${t} onSignedIn=${signedIn} />`}</main>`;
}

const t = await texts("sign-in");
sayOfFields(t);
document.title = t("title");
render(html`<${Page} t=${t} />`, document.body);
