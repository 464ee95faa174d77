// What holds in the branch on each date of a scenario: its own rules, regimes, and what the scenario changes.
import { html } from "../vendor/preact.js";
import { Answered, useAnswer } from "../shared/answer.js";

/** @typedef {import("./planner.js").Desk} Desk */

/** A text of many words, which says nothing of the queue. */
const LEFT_OUT = "message";

/** @param {{desk: Desk, scenario: any}} properties */
export function Held({ desk, scenario }) {
  const { t, api } = desk;
  const answer = useAnswer(() => api.post("/v1/scenarios/rules", { scenario }), [JSON.stringify(scenario)]);
  return html`<${Answered} t=${t} answer=${answer}>${(/** @type {any} */ found) => html`<${Table} t=${t} held=${found.held} />`}</${Answered}>`;
}

/** @param {{t: import("../shared/texts.js").Translate, held: any[]}} properties */
function Table({ t, held }) {
  const names = new Map(held.flatMap((one) => one.rules.map((/** @type {any} */ rule) => [rule.name, rule.label])));
  names.delete(LEFT_OUT);
  /** @param {any} one @param {string} name */
  const said = (one, name) => one.rules.find((/** @type {any} */ rule) => rule.name === name)?.text ?? (one.closed || "–");
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("held")}><table class="figures held">
    <thead><tr><th scope="col">${t("rule")}</th>${held.map((one) => html`<th scope="col">${one.text}</th>`)}</tr></thead>
    <tbody>${[...names].map(([name, label]) => html`<tr data-rule=${name}><th scope="row">${label}</th>${held.map((one, place) => html`<td class=${place > 0 && said(held[place - 1], name) !== said(one, name) ? "turns" : ""}>${said(one, name)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
