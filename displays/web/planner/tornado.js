// What matters most: the inputs in their order, each with a bar as long as it moves the figure.
import { html } from "../vendor/preact.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */

const WIDTH = 260;
const ROW = 26;
const MIDDLE = WIDTH / 2;

/** @param {{t: Translate, found: any}} properties */
export function Tornado({ t, found }) {
  const reach = Math.max(1e-9, ...found.effects.map((/** @type {any} */ one) => Math.abs(one.elasticity) + (one.half_width ?? 0)));
  return html`<section class="card stack"><h3>${t("tornado_title", { measure: found.measure })}</h3>
    <p class="soft">${t("tornado_note", { n: found.by, base: found.base })}</p>
    ${found.effects.length === 0 ? html`<p class="soft">${t("no_effects")}</p>` : html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("tornado_title", { measure: found.measure })}><table class="figures tornado rows-as-cards">
      <thead><tr><th scope="col">${t("input")}</th><th scope="col">${t("less_more")}</th><th scope="col" class="num">${t("elasticity")}</th><th scope="col" class="num">${t("with_less")}</th><th scope="col" class="num">${t("with_more")}</th></tr></thead>
      <tbody>${found.effects.map((/** @type {any} */ one) => html`<tr class=${one.matters ? "differs" : ""}><th scope="row">${one.label}<br /><span class="soft">${one.change}</span></th><td data-label=${t("less_more")}><${Bar} one=${one} reach=${reach} /></td><td class="num" data-label=${t("elasticity")}><b>${one.text}</b></td><td class="num" data-label=${t("with_less")}>${one.less}</td><td class="num" data-label=${t("with_more")}>${one.more}</td></tr>`)}</tbody>
    </table></div>`}
    <p class="soft note">${t("tornado_method")}</p></section>`;
}

/** @param {{one: any, reach: number}} properties */
function Bar({ one, reach }) {
  const half = one.half_width ?? 0;
  /** @param {number} value */
  const x = (value) => MIDDLE + (value / reach) * (MIDDLE - 8);
  return html`<svg class=${`whisker tornado-bar ${one.matters ? "sure" : ""}`} viewBox=${`0 0 ${WIDTH} ${ROW}`} aria-hidden="true">
    <rect class="tornado-fill" x=${Math.min(MIDDLE, x(one.elasticity))} width=${Math.max(1, Math.abs(x(one.elasticity) - MIDDLE))} y="5" height=${ROW - 10} />
    <line class="whisker-zero" x1=${MIDDLE} x2=${MIDDLE} y1="2" y2=${ROW - 2} />
    <line class="tornado-span" x1=${x(one.elasticity - half)} x2=${x(one.elasticity + half)} y1=${ROW / 2} y2=${ROW / 2} /></svg>`;
}
