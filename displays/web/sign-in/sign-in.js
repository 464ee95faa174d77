// Members of staff say who they are; then the page that they wanted opens.
import { html, render, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, ProblemNotice } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */

/** The page of each role; who wanted another one that the role may use gets that one. */
const HOME = { attendant: "door", operator: "counter", manager: "manager", planner: "manager", admin: "manager" };
const wanted = new URLSearchParams(location.search).get("for");

/** @param {{role: string}} signedIn */
const target = ({ role }) => (wanted && role === "admin" ? wanted : (HOME[/** @type {keyof typeof HOME} */ (role)] ?? ""));

/** @param {{t: Translate}} properties */
function SignIn({ t }) {
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const { login, password } = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
    try {
      const signedIn = await apiAs("", t.language).post("/v1/sign-in", { login: String(login).trim().toLowerCase(), password });
      const page = target(signedIn);
      session.keep(page, signedIn);
      location.replace(`/${page}/`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setBusy(false);
    }
  };
  return html`<${Header} t=${t} title=${t("title")}><${LanguageSwitch} t=${t} /></${Header}>
    <main class="sign-in">
      <form class="card" onSubmit=${submit}>
        <h2>${t("who")}</h2>
        <label class="field"><span>${t("login")}</span>
          <input name="login" required autocomplete="username" autocapitalize="none" spellcheck=${false} maxlength="60" /></label>
        <label class="field"><span>${t("password")}</span>
          <input name="password" type="password" required autocomplete="current-password" maxlength="200" /></label>
        <${ProblemNotice} t=${t} problem=${problem} />
        <button class="button" aria-busy=${String(busy)}>${t("sign_in")}</button>
        <p class="soft">${t("device")} <a href=${`/pair/${wanted ? `?for=${wanted}` : ""}`}>${t("pair")}</a></p>
      </form>
    </main>`;
}

const t = await texts("sign-in");
document.title = t("title");
render(html`<${SignIn} t=${t} />`, document.body);
