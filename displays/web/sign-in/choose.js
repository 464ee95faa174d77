// Whoever has all branches says which one to look at, and where several pages are theirs, at which.
import { html, useEffect, useState } from "../vendor/preact.js";
import { Problem, apiAs } from "../shared/api.js";
import * as session from "../shared/session.js";
import { Button, Notice, ProblemNotice } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/session.js").Session} Session */
/** @typedef {import("../shared/session.js").Page} Page */

/** @param {{t: Translate, me: Session, wanted: Page | undefined}} properties */
export function Choose({ t, me, wanted }) {
  const [branches, setBranches] = useState(/** @type {any[] | null} */ (null));
  const [branch, setBranch] = useState(me.branch);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const pages = session.pagesOf(me.role);
  const api = apiAs(me.token, t.language);
  const load = async () => {
    setProblem(null);
    await api.get("/v1/branches").then((found) => setBranches(found.branches)).catch(failed);
  };
  /** @param {unknown} error */
  const failed = (error) => {
    if (!(error instanceof Problem)) throw error;
    setProblem(error);
  };
  /** A session that was ended elsewhere is no session: the way out is to sign in again. */
  const leave = () => session.signOut(wanted ?? pages[0] ?? "manager", api, me);
  useEffect(() => {
    if (pages.length) load();
  }, []);
  return html`<div class="card stack">
    <h2>${t("choose")}</h2>
    ${me.name && html`<p class="soft">${t("you_are", { name: me.name })}</p>`}
    ${pages.length === 0 && html`<${Notice} tone="pause" title=${t("no_page")}>${t("no_page_detail")}</${Notice}>`}
    <${ProblemNotice} t=${t} problem=${problem} />
    ${problem?.offline && html`<${Button} onPress=${load}>${t("again")}</${Button}>`}
    ${pages.length > 0 && !branches && !problem && html`<p aria-busy="true">${t("loading")}</p>`}
    ${branches && html`<label class="field"><span>${t("branch")}</span>
      <select name="branch" value=${branch} onChange=${(/** @type {any} */ event) => setBranch(event.target.value)}>
        <option value="" selected=${!branch}>${t("choose_branch")}</option>
        ${branches.map((one) => html`<option value=${one.code} selected=${one.code === branch}>${one.name[t.language]}</option>`)}
      </select></label>
      ${[...pages].sort((one, other) => Number(other === wanted) - Number(one === wanted)).map((page, place) => html`<button type="button" class=${`button ${place ? "quiet" : ""}`} disabled=${!session.suffices(page, { branch })} data-page=${page}
        onClick=${() => session.enter(page, { ...me, branch, everywhere: true })}>${t(`open_${page}`)}</button>`)}`}
    <${Button} class="quiet" onPress=${leave}>${t("sign_out")}</${Button}>
  </div>`;
}
