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

/** @template T @param {T[]} all @param {(one: T) => string} name @returns {T[][]} in the order in which they come */
function byName(all, name) {
  /** @type {Map<string, T[]>} */
  const found = new Map();
  for (const one of all) found.set(name(one), [...(found.get(name(one)) ?? []), one]);
  return [...found.values()];
}
