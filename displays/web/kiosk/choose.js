// The screens on which a visitor chooses: services by category and by search, then the visit itself.
import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { useDateWords } from "../shared/dates.js";
import { Button, Notice } from "../shared/ui.js";
import { Keyboard } from "./keyboard.js";
import { Back, Heading, ServiceButton } from "./parts.js";
import { search } from "./search.js";

/** @typedef {import("./parts.js").Translate} Translate */
/** @typedef {import("./parts.js").KioskDay} KioskDay */
/** @typedef {import("./parts.js").Service} Service */
/** @typedef {import("./carried.js").Carried} Carried */

/** @param {{t: Translate, day: KioskDay, carried: Carried | null, onCategory: (code: string) => void, onSearch: () => void, onCarry: () => void}} properties */
export function Home({ t, day, carried, onCategory, onSearch, onCarry }) {
  return html`<${Heading}>${t("what_for")}<//>
    ${carried && html`<${GoesOn} t=${t} carried=${carried} />`}
    <button type="button" class="choice search-open" onClick=${onSearch}><span aria-hidden="true">⌕</span> <span class="grow">${t("search_open")}</span></button>
    <div class="choices" role="group" aria-label=${t("categories")}>
      ${day.categories.map((category) => html`<button type="button" class="choice" onClick=${() => onCategory(category.code)}>
        <span class="grow">${category.name[t.language]}</span>
        <span class="badge" aria-hidden="true">${day.services.filter((service) => service.category === category.code).length}</span>
      </button>`)}
    </div>
    ${day.carried_from && !carried && html`<button type="button" class="choice carry-open" onClick=${onCarry}>
      <span class="grow">${t("carry_open")}</span><span aria-hidden="true">→</span></button>`}
    <p class="soft">${t("help", { phone: day.phone })}</p>`;
}

/** @param {{t: Translate, day: KioskDay, code: string, onChoose: (service: Service) => void, onBack: () => void}} properties */
export function Category({ t, day, code, onChoose, onBack }) {
  const category = day.categories.find((one) => one.code === code);
  return html`<${Heading}>${category?.name[t.language]}<//>
    <div class="choices services">
      ${day.services.filter((service) => service.category === code).map((service) => html`<${ServiceButton} t=${t} service=${service} onChoose=${onChoose} />`)}
    </div>
    <${Back} onPress=${onBack}>${t("back")}<//>`;
}

/** @param {{t: Translate, day: KioskDay, onChoose: (service: Service) => void, onBack: () => void}} properties */
export function Search({ t, day, onChoose, onBack }) {
  const [typed, setTyped] = useState("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  const categories = useMemo(() => Object.fromEntries(day.categories.map(({ code, name }) => [code, name])), [day]);
  const found = useMemo(() => search(typed, day.services, categories), [typed, day]);
  return html`<h1 class="kiosk-title">${t("search_title")}</h1>
    <div class="search" onKeyDown=${walk}><label class="field"><span>${t("search_label")}</span>
      <input class="input search-field" type="search" autocomplete="off" spellcheck="false" ref=${field} value=${typed}
        onInput=${(/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
    <div class="found stack">
    <p role="status" class="soft">${foundText(t, typed, found.length)}</p>
    <div class="choices services">${found.map((service) => html`<${ServiceButton} key=${service.code} t=${t} service=${service} onChoose=${onChoose} />`)}</div>
    </div><${Keyboard} t=${t} value=${typed} onChange=${setTyped} /></div>
    <${Back} onPress=${onBack}>${t("back")}<//>`;
}

/** The arrows go from the field through the matches and back; Enter in the field goes to the first. @param {KeyboardEvent} event */
function walk(event) {
  const places = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll(WALKED)];
  const at = places.indexOf(/** @type {HTMLElement} */ (event.target));
  const step = at === 0 && event.key === "Enter" ? 1 : STEPS[event.key];
  const to = /** @type {HTMLElement | undefined} */ (at < 0 || !step ? undefined : places[at + step]);
  if (!to) return;
  event.preventDefault();
  to.focus();
}

const WALKED = ".search-field, .found .choice";
/** @type {{[key: string]: number}} */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** @param {Translate} t @param {string} typed @param {number} n */
function foundText(t, typed, n) {
  if (!typed.trim()) return t("search_hint");
  return n ? t("search_found", { n }) : t("search_none");
}

/**
 * @param {{t: Translate, day: KioskDay, services: Service[], party: number, assisted: string, carried: Carried | null, onParty: (party: number) => void,
 *   onRemove: (code: string) => void, onMore: () => void, onTake: () => unknown, onBack: () => void}} properties
 */
export function Visit({ t, day, services, party, assisted, carried, onParty, onRemove, onMore, onTake, onBack }) {
  return html`<${Heading}>${t("your_visit")}<//>
    ${carried && html`<${GoesOn} t=${t} carried=${carried} />`}
    <ul class="visit">
      ${services.map((service) => html`<li class="card row" key=${service.code}>
        <b class="grow">${service.name[t.language]}</b>
        ${services.length > 1 && html`<button type="button" class="button quiet" aria-label=${t("remove_named", { name: service.name[t.language] })}
          onClick=${() => onRemove(service.code)}>${t("remove")}</button>`}
      </li>`)}
    </ul>
    ${assisted && html`<p class="badge tone-info">${t("assisted_because", { reason: t(`reason_${assisted}`) })}</p>`}
    ${!assisted && services.length < day.services_limit && html`<button type="button" class="button quiet big" onClick=${onMore}>${t("more_services")}</button>`}
    <${Party} t=${t} party=${party} limit=${day.party_limit} onParty=${onParty} />
    <div class="row actions">
      <${Back} onPress=${onBack}>${t("back")}<//>
      <${Button} class="go big grow" onPress=${onTake}>${t("take_ticket")}<//>
    </div>`;
}

/** Which ticket is gone on with. @param {{t: Translate, carried: Carried}} properties */
function GoesOn({ t, carried }) {
  const date = useDateWords(carried.date);
  return html`<${Notice} tone="go" title=${t("carry_on", { number: carried.number, date: date?.[t.language] ?? carried.date })}>${t("carry_first")}<//>`;
}

/** @param {{t: Translate, party: number, limit: number, onParty: (party: number) => void}} properties */
function Party({ t, party, limit, onParty }) {
  return html`<div class="party card" role="group" aria-label=${t("party")}>
    <div class="grow"><b>${t("party")}</b><p class="soft">${t("party_limit", { n: limit })}</p></div>
    <button type="button" class="button quiet big step" aria-label=${t("party_less")} disabled=${party <= 1} onClick=${() => onParty(party - 1)}>−</button>
    <output class="party-size" aria-live="polite">${party}</output>
    <button type="button" class="button quiet big step" aria-label=${t("party_more")} disabled=${party >= limit} onClick=${() => onParty(party + 1)}>+</button>
  </div>`;
}
