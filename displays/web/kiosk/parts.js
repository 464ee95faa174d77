// Small parts that the kiosk's screens share.
import { html, useEffect, useRef } from "../vendor/preact.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {{kk: string, ru: string, en: string}} Names */
/** @typedef {{code: string, category: string, name: Names, letter: string, online_only: boolean, usual_minutes: number}} Service */
/**
 * @typedef {object} KioskDay what GET kiosk answers
 * @property {Names} name @property {string} date @property {string} at @property {string} day @property {boolean} tickets_now
 * @property {string | null} tickets_from @property {string | null} opens_at @property {string | null} closes_at
 * @property {string | null} next_opens_at @property {{[language: string]: string}} closed_text
 * @property {{[language: string]: string}} message @property {Names[]} regimes @property {string[]} accepted_reasons
 * @property {number} party_limit @property {number} services_limit @property {string | null} carried_from @property {string} phone
 * @property {{code: string, name: Names}[]} categories @property {Service[]} services
 */

/** The heading of a screen; it takes the focus, so that a screen reader says where one is now. @param {{children?: unknown}} properties */
export function Heading({ children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus(), []);
  return html`<h1 class="kiosk-title" tabindex="-1" ref=${heading}>${children}</h1>`;
}

/** @param {{t: Translate, service: Service, onChoose: (service: Service) => void}} properties */
export function ServiceButton({ t, service, onChoose }) {
  return html`<button type="button" class="choice" onClick=${() => onChoose(service)}>
    <span class="grow">${service.name[t.language]}</span>
    ${service.online_only && html`<span class="badge tone-pause">${t("online_only_now")}</span>`}
  </button>`;
}

/** @param {{onPress: () => void, children?: unknown}} properties */
export const Back = ({ onPress, children }) =>
  html`<button type="button" class="button quiet big back" onClick=${onPress}><span aria-hidden="true">←</span> ${children}</button>`;

/** Address of a picture of a QR code. @param {string} text */
export const qr = (text) => `/qr.svg?text=${encodeURIComponent(text)}`;
