// What the service answers to a question of a page, and what is shown until it has.
import { html, useCallback, useEffect, useRef, useState } from "../vendor/preact.js";
import { Problem } from "./api.js";
import { Button, ProblemNotice } from "./ui.js";

/** @typedef {import("./texts.js").Translate} Translate */

/**
 * What the service answers to a question, asked anew when `inputs` change or `again` is called.
 * @param {() => Promise<any>} ask @param {readonly unknown[]} inputs
 * @returns {{found: any, problem: Problem | null, again: () => Promise<void>}}
 */
export function useAnswer(ask, inputs) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const latest = useRef(0);
  const again = useCallback(async () => {
    const turn = ++latest.current;
    const answer = await ask().catch(asProblem);
    if (turn !== latest.current) return;
    setProblem(answer instanceof Problem ? answer : null);
    if (!(answer instanceof Problem)) setFound(answer);
  }, inputs);
  useEffect(() => {
    again();
  }, [again]);
  return { found, problem, again };
}

/** @param {unknown} error @returns {Problem} */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  throw error;
}

/** The parts below once there is an answer. @param {{t: Translate, answer: ReturnType<typeof useAnswer>, children: (found: any) => unknown}} properties */
export function Answered({ t, answer, children }) {
  const { found, problem, again } = answer;
  return html`
    ${problem && html`<div class="stack"><${ProblemNotice} t=${t} problem=${problem} />
      <${Button} class="quiet small" onPress=${again}>${t("again")}</${Button}></div>`}
    ${found ? children(found) : !problem && html`<p class="soft" aria-busy="true">${t("loading")}</p>`}`;
}
