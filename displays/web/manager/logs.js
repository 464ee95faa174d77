// The logs that an inspector reads: who did what, and every sanitation of the hall.
import { html, useRef, useState } from "../vendor/preact.js";
import { clockText } from "../shared/ui.js";
import { Answered, dayText, useAnswer } from "./parts.js";
import { PeriodBar, queryOf } from "./period.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {import("../shared/texts.js").Translate} Translate */

/** @param {{office: Office, path: string, children: (found: any) => unknown}} properties */
function Log({ office, path, children }) {
  const { t, api, home } = office;
  const [period, setPeriod] = useState({ from: "", until: "" });
  const answer = useAnswer(() => api.get(`${home}${path}${queryOf(period)}`), [period]);
  const today = useRef("");
  today.current ||= answer.found?.until ?? "";
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`
    <${PeriodBar} office=${office} path=${path} period=${period} shown=${{ from: found.from, until: found.until }} today=${today.current} onChange=${setPeriod} />
    ${found.lines.length === 0 ? html`<p class="card empty">${t("nothing_happened")}</p>` : children(found)}`}
  </${Answered}>`;
}

/** @param {{t: Translate, title: string, columns: string[], children: unknown}} properties */
function LogTable({ t, title, columns, children }) {
  return html`<section class="card"><div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table class="log">
    <thead><tr>${columns.map((name) => html`<th scope="col">${t(`column_${name}`)}</th>`)}</tr></thead>
    <tbody>${children}</tbody></table></div></section>`;
}

/** @param {{office: Office}} properties */
export function Audit({ office }) {
  const { t } = office;
  return html`<${Log} office=${office} path="/audit">${(/** @type {any} */ found) => html`
    <${LogTable} t=${t} title=${t("part_audit")} columns=${["date", "time", "who", "what", "details", "reason"]}>
      ${[...found.lines].reverse().map((line) => html`<tr class=${line.kind === "alarm_raised" ? "alarm-row" : ""}><td>${dayText(line.date)}</td><td class="number">${clockText(line.at)}</td>
        <td>${line.who}</td><td class="wide"><b>${line.name}</b></td><td class="wide">${line.text}</td><td class="wide">${line.reason}</td></tr>`)}
    </${LogTable}>`}
  </${Log}>`;
}

/** @param {{office: Office}} properties */
export function SanitationLog({ office }) {
  const { t } = office;
  return html`<${Log} office=${office} path="/sanitation-log">${(/** @type {any} */ found) => html`
    <${LogTable} t=${t} title=${t("part_sanitation")} columns=${["date", "begun", "cleaned", "confirmed", "who", "lasted", "note"]}>
      ${[...found.lines].reverse().map((line) => html`<tr class=${line.hall_not_empty || line.confirmation_overdue ? "alarm-row" : ""}><td>${dayText(line.date)}</td>
        <td class="number" data-label=${t("column_begun")}>${clockText(line.begun_at)}</td><td class="number" data-label=${t("column_cleaned")}>${clockText(line.cleaned_from)}</td>
        <td class="number" data-label=${t("column_confirmed")}>${clockText(line.confirmed_at)}</td><td>${line.confirmed_who}</td>
        <td data-label=${t("column_lasted")}>${line.lasted}</td><td class="wide">${line.text}</td></tr>`)}
    </${LogTable}>`}
  </${Log}>`;
}
