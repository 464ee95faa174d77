// What a board says across its whole width: which of the states of the branch goes first.

/** @typedef {import("../shared/live.js").View} View */
/** @typedef {"no_plan" | "closed_today" | "before_opening" | "ended" | "closing" | "draining" | "emptying" | "cleaning" | "cleaned" | "pause_soon" | "admission_over"} StateName */
/**
 * @typedef {object} BranchState
 * @property {StateName} name
 * @property {"info" | "pause" | "stop"} tone
 * @property {string | null} at the instant that the text names
 * @property {string | null} until the instant that is counted down to
 * @property {boolean} empty whether there is nothing else to show
 */

/** A pause is announced so long before. */
const SOON_MS = 15 * 60_000;

/** @param {View} board @param {number} now @returns {BranchState | null} */
export function stateOf(board, now) {
  return ofDay(board) ?? ofPause(board, now) ?? ofAdmission(board, now);
}

/** @param {StateName} name @param {BranchState["tone"]} tone @param {string | null} at @param {string | null} until @param {boolean} empty @returns {BranchState} */
const state = (name, tone, at, until, empty = false) => ({ name, tone, at, until, empty });

/** @param {View} board */
function ofDay(board) {
  switch (board.day) {
    case "no_plan":
      return state("no_plan", "info", null, null, true);
    case "closed_today":
      return state("closed_today", "stop", null, null, true);
    case "before_opening":
      return state("before_opening", "info", board.opens_at, board.opens_at, board.released.length === 0);
    case "closed":
      return state("closing", "stop", board.closes_at, null);
    case "ended":
      return state("ended", "stop", null, null, true);
    default:
      return null;
  }
}

/** @param {View} board @param {number} now */
function ofPause({ sanitation }, now) {
  if (sanitation.phase === "draining") {
    const late = Date.parse(sanitation.clean_from) <= now;
    return late ? state("emptying", "pause", null, null) : state("draining", "pause", sanitation.clean_from, sanitation.clean_from);
  }
  if (sanitation.phase === "cleaning") {
    const over = Date.parse(sanitation.clean_until) <= now;
    return over ? state("cleaned", "pause", null, null) : state("cleaning", "pause", sanitation.clean_until, sanitation.clean_until);
  }
  const next = sanitation.next_drain_at;
  return next && Date.parse(next) - now < SOON_MS ? state("pause_soon", "pause", next, next) : null;
}

/** @param {View} board @param {number} now */
function ofAdmission(board, now) {
  const over = board.last_admission_at && Date.parse(board.last_admission_at) <= now;
  return over ? state("admission_over", "stop", board.closes_at, null) : null;
}
