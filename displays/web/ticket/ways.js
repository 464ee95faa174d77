// Where else the services of a ticket can be had, once they are given only online.
import { html } from "../vendor/preact.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */

/** @param {{t: Translate, about: any}} properties */
export const Ways = ({ t, about }) => about.services.filter((/** @type {any} */ one) => one.links).map((/** @type {any} */ one) => html`<${Way} key=${one.code} t=${t} links=${one.links} phone=${about.phone} />`);

/** @param {{t: Translate, links: any, phone: string}} properties */
const Way = ({ t, links, phone }) => html`<section class="card details way">
  <h2>${links.name[t.language]}</h2>
  ${links.portal && html`<a class="button go big" href=${links.portal} rel="noopener">${t("way_portal")}</a>`}
  <ul class="stack">
    ${links.mobile_app && html`<li>${t("way_mobile")}</li>`}
    ${links.bot && html`<li>${t("way_bot")}</li>`}
    <li>${t("way_phone")} <a href=${`tel:${links.phone ?? phone}`}>${links.phone ?? phone}</a></li>
  </ul>
  ${links.qr && html`<figure><img src=${`/qr.svg?text=${encodeURIComponent(links.qr)}`} alt=${t("qr_portal")} /><figcaption class="soft">${t("qr_portal")}</figcaption></figure>`}
</section>`;
