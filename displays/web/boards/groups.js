// Numbers that belong together: by the group they were released in, by the time they may expect.

/** @typedef {{number: string, group: number, arrive_by: string}} Released */
/** @typedef {{number: string, party_size: number, around_at: string | null}} Waiting */
/** @typedef {{around_at: string | null, numbers: string[]}} Expected */

/** Groups at the door, the one that must hurry most first. @param {Released[]} released @returns {{group: number, until: string, numbers: string[]}[]} */
export function groupsOf(released) {
  return byName(released, (one) => String(one.group)).map((all) => ({
    group: all[0].group,
    until: all[0].arrive_by,
    numbers: all.map((one) => one.number),
  }));
}

/** Who waits outside, by the time at which they may expect to be let in. @param {Waiting[]} waiting @returns {Expected[]} */
export function expected(waiting) {
  return byName(waiting, (one) => one.around_at ?? "").map((all) => ({ around_at: all[0].around_at, numbers: all.map((one) => one.number) }));
}

/** @typedef {Expected & {rows: number}} Bar numbers that fill so many rows */
/** @typedef {{pinned: Bar[], pages: Bar[][]}} Paged what is always shown, and what in turn; at least one page */

/**
 * Groups as bars of rows with `each` numbers: who is next stays, the others share the rows that are left, page after page.
 * @param {Expected[]} groups @param {number} each @param {number} room in rows @returns {Paged}
 */
export function paged(groups, each, room) {
  const bars = groups.map((group) => barOf(group, each));
  const all = pagesOf(bars, each, room);
  const [next, ...others] = bars;
  // A first group that leaves no room to the others takes its turn as they do.
  if (all.length === 1 || !next || next.rows > room / 2) return { pinned: [], pages: all };
  return { pinned: [next], pages: pagesOf(others, each, room - next.rows) };
}

/** @param {Expected} group @param {number} each @returns {Bar} */
const barOf = (group, each) => ({ ...group, rows: Math.ceil(group.numbers.length / each) });

/** @param {Bar[]} bars @param {number} each @param {number} room @returns {Bar[][]} */
function pagesOf(bars, each, room) {
  /** @type {Bar[][]} */
  const pages = [[]];
  let left = room;
  for (const bar of bars.flatMap((one) => pieces(one, each, Math.max(1, room)))) {
    if (bar.rows > left && pages[0].length) {
      pages.push([]);
      left = room;
    }
    pages[pages.length - 1].push(bar);
    left -= bar.rows;
  }
  return pages;
}

/** A bar that is longer than a page, page by page. @param {Bar} bar @param {number} each @param {number} room @returns {Bar[]} */
function pieces(bar, each, room) {
  const many = Math.ceil(bar.rows / room);
  return Array.from({ length: many }, (_, piece) => barOf({ ...bar, numbers: bar.numbers.slice(piece * room * each, (piece + 1) * room * each) }, each));
}

/** @template T @param {T[]} all @param {(one: T) => string} name @returns {T[][]} in the order in which they come */
function byName(all, name) {
  /** @type {Map<string, T[]>} */
  const found = new Map();
  for (const one of all) found.set(name(one), [...(found.get(name(one)) ?? []), one]);
  return [...found.values()];
}
