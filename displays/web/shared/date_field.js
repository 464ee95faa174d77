// A date as the reader writes it: a date field of the browser follows the browser's own language.
import { html, useEffect, useState } from "../vendor/preact.js";
import { useDateWords } from "./dates.js";

/** @typedef {import("./texts.js").Translate} Translate */

/** A date of the wire, "2020-03-19", as people write it. @param {string} date */
const written = (date) => date.split("-").reverse().join(".");

/** What somebody wrote as a date of the wire; empty for what is none. @param {string} text */
function readDate(text) {
  const [, day, month, year] = /^(\d{1,2})[. /-](\d{1,2})[. /-](20\d\d)$/.exec(text.trim()) ?? [];
  const date = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
  const time = Date.parse(`${date}T00:00:00Z`);
  return new Date(Number.isNaN(time) ? 0 : time).toISOString().startsWith(date) ? date : "";
}

/** Where no bound is known. */
const EXAMPLE = "2026-11-24";

/** What is wrong with a date; empty for nothing. @param {Translate} t @param {string} date @param {string} [least] @param {string} [most] */
function wrongWith(t, date, least, most) {
  if (!date) return t("date_unread", { date: written(most || least || EXAMPLE) });
  if (least && date < least) return t("date_too_early", { date: written(least) });
  if (most && date > most) return t("date_too_late", { date: written(most) });
  return "";
}

/** @param {{t: Translate, id: string, label: string, value: string, least?: string, most?: string, onInput: (date: string) => void}} properties */
export function DateField({ t, id, label, value, least, most, onInput }) {
  const [typed, setTyped] = useState(written(value));
  const [wrong, setWrong] = useState("");
  const words = useDateWords(value || null);
  useEffect(() => {
    setTyped(written(value));
    setWrong("");
  }, [value]);
  /** @param {any} event */
  const settle = (event) => {
    const date = readDate(event.target.value);
    const found = wrongWith(t, date, least, most);
    setWrong(found);
    if (found) return;
    setTyped(written(date));
    if (date !== value) onInput(date);
  };
  return html`<div class="field date-field"><label for=${id}>${label}</label>
    <input id=${id} type="text" inputmode="numeric" autocomplete="off" maxlength="10" placeholder=${t("date_form")} value=${typed}
      aria-invalid=${String(Boolean(wrong))} aria-describedby=${`${id}-words`}
      onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} onChange=${settle} />
    <span id=${`${id}-words`} class=${wrong ? "error" : "hint date-words"} role="status">${wrong || (words?.[t.language] ?? "")}</span></div>`;
}
