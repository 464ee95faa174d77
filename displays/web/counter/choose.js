// Which counter the operator sits at.
import { html, useEffect, useState } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { Header, LanguageSwitch, ProblemNotice, SignedIn } from "../shared/ui.js";
import { personOf } from "./words.js";

/** @param {{desk: import("./counter.js").Desk, onChoose: (code: string) => void}} properties */
export function Choose({ desk, onChoose }) {
  const { t } = desk;
  const [counters, setCounters] = useState(/** @type {any[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const load = () =>
    desk.api
      .get(`${desk.home}/counters`)
      .then((answer) => {
        setCounters(answer.counters);
        setProblem(null);
      })
      .catch(setProblem);
  useEffect(() => {
    load();
  }, []);
  return html`<${Header} t=${t} title=${t("title")}><${SignedIn} t=${t} me=${desk.me} page="counter" api=${desk.api} /><${LanguageSwitch} t=${t} /></${Header}>
    <main class="page">
      <h2>${t("choose")}</h2>
      <${ProblemNotice} t=${t} problem=${problem} />
      ${problem && html`<button type="button" class="button" onClick=${load}>${t("again")}</button>`}
      ${!counters && !problem && html`<p aria-busy="true">${t("loading")}</p>`}
      ${counters?.length === 0 && html`<p class="soft">${t("no_counters")}</p>`}
      <div class="counters">
        ${counters?.map((one) => html`<button type="button" class=${`card choice ${tone(one)}`} onClick=${() => onChoose(one.counter)}>
          <b class="number">${one.counter}</b><span>${whose(t, one)}</span></button>`)}
      </div>
    </main>`;
}

/** @param {any} one */
const tone = (one) => (one.yours ? "yours" : one.open ? "taken" : "");

/** @param {import("../shared/texts.js").Translate} t @param {any} one */
function whose(t, one) {
  if (!one.open) return t("free");
  return one.yours ? t("yours") : t("taken_by", { name: personOf(one.operator) });
}
