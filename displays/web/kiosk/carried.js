// Going on with a ticket that expired unserved: its number from the paper, or its code by a scanner that types.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { useDateWords } from "../shared/dates.js";
import { Button, Notice, ProblemNotice } from "../shared/ui.js";
import { Back } from "./parts.js";

/** @typedef {import("./parts.js").Translate} Translate */
/** @typedef {import("./parts.js").KioskDay} KioskDay */
/** @typedef {{number: string, date: string, services: string[], party_size: number}} Expired what GET expired answers */
/** @typedef {{name: string, number: string, date: string}} Carried the name by which the ticket was found, its number, its day */

/** Cyrillic letters that look like those of a ticket's number. */
const ALIKE = Object.fromEntries([..."АВЕКМНОРСТУХ"].map((letter, place) => [letter, "ABEKMHOPCTYX"[place]]));
const DIGITS = 3;

/** The number, or the id of a scanned code, in what was typed; "p17" and "Р-017" are P-017. @param {string} typed */
export function ticketOf(typed) {
  const id = /[?&]id=([\w-]+)/.exec(typed)?.[1];
  const plain = [...typed.trim().toUpperCase()].map((letter) => ALIKE[letter] ?? letter).join("");
  const [, letter, digits] = /^([A-Z])\W*(\d+)$/.exec(plain) ?? [];
  return id ?? (letter && digits ? `${letter}-${digits.padStart(DIGITS, "0")}` : typed.trim());
}

/** How the ticket is named when a new one is asked for. @param {string} name */
export const carriedWish = (name) => (/^[A-Z]-\d+$/.test(name) ? { carried_number: name } : { carried_from: name });

/**
 * @param {{t: Translate, day: KioskDay, look: (name: string) => Promise<Expired>, onFound: (carried: Carried, expired: Expired) => void, onBack: () => void}} properties
 */
export function Carry({ t, day, look, onFound, onBack }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const date = useDateWords(day.carried_from);
  useEffect(() => field.current?.focus(), []);
  /** @param {string} value */
  const write = (value) => {
    setTyped(value);
    setProblem(null);
  };
  const find = async () => {
    const name = ticketOf(typed);
    if (!name) return field.current?.focus();
    try {
      const expired = await look(name);
      return onFound({ name, number: expired.number, date: expired.date }, expired);
    } catch (refused) {
      return setProblem(refused);
    }
  };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    find();
  };
  return html`<h1 class="kiosk-title">${t("carry_title")}</h1>
    <p>${t("carry_detail", { date: date?.[t.language] ?? day.carried_from ?? "" })}</p>
    <form class="carry stack" onSubmit=${submit}>
      <label class="field"><span>${t("carry_label")}</span>
        <input class="input search-field number" autocomplete="off" autocapitalize="characters" spellcheck="false" inputmode="none" ref=${field} value=${typed}
          onInput=${(/** @type {Event} */ event) => write(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
      <${WhyNot} t=${t} problem=${problem} />
      <${NumberKeys} t=${t} letters=${lettersOf(day)} value=${typed} onChange=${write} />
    </form>
    <div class="row actions"><${Back} onPress=${onBack}>${t("back")}<//>
      <${Button} class="go big grow" disabled=${!typed.trim()} onPress=${find}>${t("carry_find")}<//></div>`;
}

/** @param {{t: Translate, problem: any}} properties */
function WhyNot({ t, problem }) {
  if (problem?.kind !== "unknown-ticket") return html`<${ProblemNotice} t=${t} problem=${problem} />`;
  return html`<div role="alert"><${Notice} tone="stop" title=${problem.title}>${t("carry_unknown")}<//></div>`;
}

/** @param {KioskDay} day */
const lettersOf = (day) => [...new Set(day.services.map((service) => service.letter))].sort();

/** @param {{t: Translate, letters: string[], value: string, onChange: (value: string) => void}} properties */
function NumberKeys({ t, letters, value, onChange }) {
  /** @param {string} key */
  const press = (key) => onChange(value + key);
  return html`<div class="keyboard" role="group" aria-label=${t("keyboard")}>
    <div class="keys">${letters.map((key) => html`<button type="button" class="key" onClick=${() => onChange(`${key}-`)}>${key}</button>`)}</div>
    ${["123", "456", "789"].map((row) => html`<div class="keys">${[...row].map((key) => html`<button type="button" class="key digit" onClick=${() => press(key)}>${key}</button>`)}</div>`)}
    <div class="keys">
      <button type="button" class="key digit word" onClick=${() => onChange("")} disabled=${!value}>${t("key_clear")}</button>
      <button type="button" class="key digit" onClick=${() => press("0")}>0</button>
      <button type="button" class="key digit word" onClick=${() => onChange(value.slice(0, -1))} disabled=${!value}>${t("key_back")}</button>
    </div>
  </div>`;
}
