// Letters on the screen, for a kiosk that has no keyboard.
import { html } from "../vendor/preact.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */

/** @type {{[language: string]: string[]}} */
const ROWS = {
  kk: ["әіңғүұқөһ", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"],
  ru: ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбюё"],
  en: ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
};

/** @param {{t: Translate, value: string, onChange: (value: string) => void}} properties */
export function Keyboard({ t, value, onChange }) {
  const rows = ROWS[t.language] ?? [];
  return html`<div class="keyboard" role="group" aria-label=${t("keyboard")}>
    ${rows.map((row) => html`<div class="keys">
      ${[...row].map((letter) => html`<button type="button" class="key" onClick=${() => onChange(value + letter)}>${letter}</button>`)}
    </div>`)}
    <div class="keys">
      <button type="button" class="key wide" onClick=${() => onChange("")} disabled=${!value}>${t("key_clear")}</button>
      <button type="button" class="key space" onClick=${() => onChange(`${value} `)}>${t("key_space")}</button>
      <button type="button" class="key wide" onClick=${() => onChange(value.slice(0, -1))} disabled=${!value}>${t("key_back")}</button>
    </div>
  </div>`;
}
