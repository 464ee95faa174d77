// One wish, one ticket: the key of a request lives until its answer, through reloads and lost networks.
import { newKey } from "../shared/api.js";

/** @typedef {{services: string[], party_size: number, language: string, assisted_reason?: string, carried_number?: string, carried_from?: string, despite_closing?: boolean}} Wish */
/** @typedef {{key: string, wish: Wish}} Asking */
/** @typedef {import("../shared/api.js").Problem} Problem */

const ASKED = "kezek.kiosk.asked";
const ABANDONED = "kezek.kiosk.abandoned";

/** What was asked and has not been answered yet. @returns {Asking | null} */
export const unansweredWish = () => JSON.parse(sessionStorage.getItem(ASKED) ?? "null");

/** Keeps a wish under a key of its own until it is answered. @param {Wish} wish @returns {Asking} */
export function keepWish(wish) {
  const asking = { key: newKey(), wish };
  sessionStorage.setItem(ASKED, JSON.stringify(asking));
  return asking;
}

export const forgetWish = () => sessionStorage.removeItem(ASKED);

/** Whether it is unknown what became of a request. @param {Problem} problem */
export const isUnanswered = (problem) => problem.offline || problem.status >= 500 || problem.status === 429;

/** @returns {Asking[]} */
const abandoned = () => JSON.parse(localStorage.getItem(ABANDONED) ?? "[]");
/** @param {Asking[]} left */
const keepAbandoned = (left) => localStorage.setItem(ABANDONED, JSON.stringify(left));

/** The visitor has gone before the answer: what may have been issued is given up when that is possible. */
export function abandonWish() {
  const asking = unansweredWish();
  if (asking) keepAbandoned([...abandoned(), asking]);
  forgetWish();
}

/**
 * Gives up every ticket that nobody waited for; what cannot be done now is left for later.
 * @param {import("../shared/api.js").Api} api @param {string} tickets path of the branch's tickets
 */
export async function settleAbandoned(api, tickets) {
  for (const asking of abandoned()) {
    const isSettled = await giveUp(api, tickets, asking);
    if (!isSettled) return;
    keepAbandoned(abandoned().filter((one) => one.key !== asking.key));
  }
}

/** @param {import("../shared/api.js").Api} api @param {string} tickets @param {Asking} asking @returns {Promise<boolean>} */
async function giveUp(api, tickets, { key, wish }) {
  try {
    const ticket = await api.post(tickets, wish, { key, give_up: 0 });
    await api.delete(`${tickets}/${ticket.id}`, { key: `${key}-given-up`, give_up: 0 });
  } catch (problem) {
    return !isUnanswered(/** @type {Problem} */ (problem));
  }
  return true;
}
