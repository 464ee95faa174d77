// Dates in words: the service knows them in every language, browsers have no Kazakh.
import { useEffect, useState } from "../vendor/preact.js";

/** @typedef {{[language: string]: string}} DateWords */

/** A date in words by language; null until the service has told it. @param {string | null} date YYYY-MM-DD @returns {DateWords | null} */
export function useDateWords(date) {
  const [words, setWords] = useState(/** @type {DateWords | null} */ (null));
  useEffect(() => {
    setWords(null);
    if (!date) return undefined;
    let isWanted = true;
    fetch(`/dates/${date}.json`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null)
      .then((told) => isWanted && setWords(told));
    return () => {
      isWanted = false;
    };
  }, [date]);
  return words;
}
