// A scenario that is being changed: it outlives a reload of the page, one for each place it came from.
import { useRef, useState } from "../vendor/preact.js";

/** @typedef {string | number} Step */
/** @typedef {{[name: string]: any}} Scenario as the service writes it */

/** @param {any} whole @param {Step[]} path @returns {any} */
export const at = (whole, path) => path.reduce((part, step) => part?.[step], whole);

/** A copy with another value at a path. @param {any} whole @param {Step[]} path @param {unknown} value @returns {any} */
export function withValue(whole, [step, ...rest], value) {
  if (step === undefined) return value;
  const copy = Array.isArray(whole) ? [...whole] : { ...whole };
  copy[step] = withValue(copy[step], rest, value);
  return copy;
}

/** Whether two values say the same. @param {unknown} one @param {unknown} other */
export const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** @param {string} origin */
const keyOf = (origin) => `kezek.planner.draft.${origin}`;

/** @param {string} origin @param {any} base @returns {any} */
function kept(origin, base) {
  const found = JSON.parse(sessionStorage.getItem(keyOf(origin)) ?? "null");
  return found ?? base;
}

/**
 * The scenario as it stands in the form, and how to change it.
 * @param {string} origin where it came from @param {any} base as it was there
 */
export function useDraft(origin, base) {
  const [, changed] = useState(0);
  const draft = useRef(/** @type {Scenario | null} */ (null));
  draft.current ??= kept(origin, base);
  /** @param {Scenario} next */
  const keep = (next) => {
    draft.current = next;
    if (same(next, base)) sessionStorage.removeItem(keyOf(origin));
    else sessionStorage.setItem(keyOf(origin), JSON.stringify(next));
    changed((n) => n + 1);
  };
  return {
    scenario: /** @type {Scenario} */ (draft.current),
    /** @param {Step[]} path @param {unknown} value */
    change: (path, value) => keep(withValue(draft.current, path, value)),
    restore: () => keep(base),
  };
}
