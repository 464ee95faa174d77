// What was typed on a keyboard that was switched to the other alphabet. Pure.

const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`2345890-=";
/** The letters on the same keys of the Russian layout, then those that the Kazakh one has in place of digits. */
const CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюёәіңғүұқөһ";

/** @param {string} from @param {string} to */
const between = (from, to) => Object.fromEntries([...from].map((key, place) => [key, [...to][place] ?? key]));
const TO_CYRILLIC = between(LATIN, CYRILLIC);
const TO_LATIN = between(CYRILLIC, LATIN);

/** The same keys in the other alphabet: "gfcgjhn" is "паспорт". @param {string} typed in small letters */
export function inOtherLayout(typed) {
  const keys = /\p{Script=Cyrillic}/u.test(typed) ? TO_LATIN : TO_CYRILLIC;
  return [...typed].map((letter) => keys[letter] ?? letter).join("");
}
