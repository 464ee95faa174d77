// The course of a simulated day as frames, one a minute.

/** @typedef {import("./scene.js").Frame} Frame */

/** @type {{[letter: string]: import("./scene.js").CounterState}} */
const STATES = { ".": "closed", o: "free", c: "called", s: "serving" };
/** A group that was let in is shown for so many minutes, while it walks to the door. */
const GROUP_SHOWN = 2;

/** Of a day that was simulated before rules were kept with it. @type {import("./scene.js").Rules} */
const NOT_KNOWN = { hall_limit: null, group_size: null, group_interval: 0, online_only: false, pauses: [] };

/** @param {any} course as the service tells it @returns {Frame[]} */
export const framesOf = (course) =>
  course.clock.map((/** @type {string} */ at, /** @type {number} */ minute) => ({
    at,
    street: course.street[minute],
    hall: course.hall[minute],
    waiting: course.waiting[minute],
    served: course.served[minute],
    sentAway: course.sent_away[minute],
    group: groupAt(course.groups, minute),
    phase: course.pauses.find((/** @type {any} */ pause) => pause.from <= minute && minute < pause.until)?.kind ?? "none",
    isOpen: (course.opens ?? 0) <= minute && minute < (course.closes ?? course.clock.length),
    rules: course.rules.findLast((/** @type {{minute: number}} */ one) => one.minute <= minute) ?? NOT_KNOWN,
    minute,
    counters: course.counters.map((/** @type {any} */ one) => ({ id: one.counter, state: STATES[one.states[minute]] })),
  }));

/** People of the group that was let in just now. @param {{minute: number, people: number}[]} groups @param {number} minute */
const groupAt = (groups, minute) => groups.find((one) => one.minute <= minute && minute < one.minute + GROUP_SHOWN)?.people ?? 0;
