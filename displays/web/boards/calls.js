// Which calls are on the hall board, and in which order.

/** @typedef {import("../shared/live.js").Call} Call */
/** @typedef {import("../shared/live.js").View} View */
/** @typedef {{number: string, counter: string, came: boolean, fresh: boolean}} Row */

/**
 * The calls of visitors who are at a counter or on the way to it, the latest first.
 * @param {Call[]} called oldest first @param {View} board @param {Call[]} unsaid calls that wait for their turn
 * @param {Call | null} lead the call that is shown large @returns {Row[]}
 */
export function rowsOf(called, board, unsaid, lead) {
  const fresh = new Set(unsaid.map((call) => call.number));
  /** @type {Map<string, string>} */
  const standing = new Map(board.calls.map((/** @type {{number: string, state: string}} */ call) => [call.number, call.state]));
  return lastOfEach(called, board)
    .filter(({ number }) => number !== lead?.number && (standing.has(number) || fresh.has(number)))
    .map(({ number, counter }) => ({ number, counter, came: standing.get(number) === "serving", fresh: fresh.has(number) }));
}

/** So many of the calls at most: those who have come give way, then those who were called first. @param {Row[]} rows @param {number} room */
export function withRoom(rows, room) {
  const kept = new Set([...rows].sort((a, b) => Number(b.fresh) - Number(a.fresh) || Number(a.came) - Number(b.came)).slice(0, room));
  return rows.filter((row) => kept.has(row));
}

/** The latest call of each number, the latest first; who is at a counter since before them comes last. @param {Call[]} called @param {View} board */
function lastOfEach(called, board) {
  const latest = [...called].reverse();
  /** @type {Map<string, {number: string, counter: string}>} */
  const byNumber = new Map();
  for (const call of [...latest, ...board.calls]) if (!byNumber.has(call.number)) byNumber.set(call.number, call);
  return [...byNumber.values()];
}
