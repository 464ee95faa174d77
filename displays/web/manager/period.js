// A period and the files of a report about it.
import { html, useState } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { Button, ProblemNotice } from "../shared/ui.js";
import { DateField } from "../shared/date_field.js";
import { asProblem, download } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {{from: string, until: string}} Period business dates; empty before the service has named today */

/** @param {Period} period */
export const queryOf = (period) => (period.from ? `?from=${period.from}&until=${period.until}` : "");

/** So many days that end with a date. @param {string} until @param {number} days @returns {Period} */
function lastDays(until, days) {
  const first = new Date(Date.parse(until) - (days - 1) * 86_400_000);
  return { from: first.toISOString().slice(0, 10), until };
}

/** @param {{office: Office, path: string, period: Period, shown: Period, today: string, onChange: (period: Period) => void}} properties */
export function PeriodBar({ office, path, period, shown, today, onChange }) {
  const { t } = office;
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  /** @param {string} end */
  const save = async (end) => {
    const failed = await download(office, `${path}.${end}${queryOf(period)}`).catch(asProblem);
    setProblem(failed instanceof Problem ? failed : null);
  };
  return html`<section class="card period">
    <${DateField} t=${t} id="period-from" label=${t("period_from")} value=${shown.from} most=${shown.until} onInput=${(/** @type {string} */ from) => onChange({ from, until: shown.until })} />
    <${DateField} t=${t} id="period-until" label=${t("period_until")} value=${shown.until} least=${shown.from} onInput=${(/** @type {string} */ until) => onChange({ from: shown.from, until })} />
    <div class="row quick">${[1, 7, 30].map((days) => html`<button type="button" class="button quiet small" onClick=${() => onChange(lastDays(today, days))}>${days === 1 ? t("today") : t("last_days", { n: days })}</button>`)}</div>
    <div class="row files"><${Button} class="quiet small" onPress=${() => save("xlsx")}>${t("as_xlsx")}</${Button}><${Button} class="quiet small" onPress=${() => save("csv")}>${t("as_csv")}</${Button}></div>
    <${ProblemNotice} t=${t} problem=${problem} />
  </section>`;
}
