// The words of a page in the reader's language: catalogues under /texts, one for each page.

/** @typedef {"kk" | "ru" | "en"} Language */
/** @typedef {string | {[category: string]: string}} Phrase */
/** @typedef {((key: string, values?: {[name: string]: string | number}) => string) & {language: Language}} Translate */

/** @type {readonly Language[]} */
export const LANGUAGES = ["kk", "ru", "en"];
export const LANGUAGE_NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };
const KEPT = "kezek.language";

/** @param {unknown} code @returns {code is Language} */
const isLanguage = (code) => LANGUAGES.includes(/** @type {Language} */ (code));

/** The language asked for in the address, chosen before, of the browser, or Kazakh. @returns {Language} */
export function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const candidates = [asked, localStorage.getItem(KEPT), ...navigator.languages.map((l) => l.slice(0, 2))];
  return candidates.find(isLanguage) ?? "kk";
}

/** Remembers a choice for all pages of this browser. @param {Language} language */
export function keepLanguage(language) {
  localStorage.setItem(KEPT, language);
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  history.replaceState(null, "", address);
}

/**
 * The words of a page; unknown keys throw, lest a page show one.
 * @param {string} page @param {Language} [language] @returns {Promise<Translate>}
 */
export async function texts(page, language = chosenLanguage()) {
  const [shared, own] = await Promise.all([catalogue("shared", language), catalogue(page, language)]);
  document.documentElement.lang = language;
  return translator({ ...shared, ...own }, language);
}

/** @param {string} name @param {Language} language @returns {Promise<{[key: string]: Phrase}>} */
async function catalogue(name, language) {
  const answer = await fetch(`/texts/${language}/${name}.json`);
  if (!answer.ok) throw new Error(`no texts ${language}/${name}`);
  return answer.json();
}

/** @param {{[key: string]: Phrase}} phrases @param {Language} language @returns {Translate} */
function translator(phrases, language) {
  /** @param {string} key @param {{[name: string]: string | number}} [values] */
  const translate = (key, values = {}) => {
    const phrase = phrases[key];
    if (phrase === undefined) throw new Error(`no text ${language}/${key}`);
    return filled(inNumber(phrase, Number(values.n), language), values);
  };
  return Object.assign(translate, { language });
}

/** @param {Phrase} phrase @param {number} n @param {Language} language */
function inNumber(phrase, n, language) {
  if (typeof phrase === "string") return phrase;
  // Kazakh nouns stay in the singular after a number; the browser need not know the language.
  const category = language === "kk" ? "other" : new Intl.PluralRules(language).select(n);
  return phrase[category] ?? phrase.other;
}

/** @param {string} text @param {{[name: string]: string | number}} values */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
