// How the page says what the service writes as codes.

/** @typedef {import("../shared/texts.js").Translate} Translate */

/** The name in a subject such as operator:aigul. @param {string} subject */
export const personOf = (subject) => subject.slice(subject.indexOf(":") + 1);

const KNOWN = {
  reason: new Set(["no_device", "no_digital_signature", "disability"]),
  priority: new Set(["carry_over", "priority"]),
};

/** Why the visitor has an assisted ticket. @param {Translate} t @param {string} reason */
export const reasonText = (t, reason) => (KNOWN.reason.has(reason) ? t(`reason_${reason}`) : reason);

/** A class that goes before the others; empty for everybody else's. @param {Translate} t @param {string} priority */
export function priorityText(t, priority) {
  if (priority === "ordinary") return "";
  return KNOWN.priority.has(priority) ? t(`priority_${priority}`) : priority;
}
