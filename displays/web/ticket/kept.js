// What this phone remembers of its last ticket: where it is, and what was last known of it.

/** @typedef {{branch: string, id: string}} Which */
/** @typedef {{ticket: any, about: any, lastNews: number}} Known */

const WHICH = "kezek.ticket";
const KNOWN = "kezek.ticket.known";

/** The ticket of the address, else the last one, for the icon on the phone's screen. @returns {Which | null} */
export function whichTicket() {
  const asked = new URLSearchParams(location.search);
  const [branch, id] = [asked.get("branch"), asked.get("id")];
  if (branch && id) return { branch, id };
  return JSON.parse(localStorage.getItem(WHICH) ?? "null");
}

/** What was last known of a ticket, for when there is no network. @param {Which} which @returns {Known | null} */
export function knownOf(which) {
  /** @type {Known | null} */
  const known = JSON.parse(localStorage.getItem(KNOWN) ?? "null");
  return known && known.ticket.id === which.id ? known : null;
}

/** @param {Which} which @param {Known} known */
export function remember(which, known) {
  localStorage.setItem(WHICH, JSON.stringify(which));
  localStorage.setItem(KNOWN, JSON.stringify(known));
}

/** The code for the door is wanted where there is no network: the last one is kept. @param {string} address */
export async function keepCode(address) {
  const cache = await globalThis.caches?.open("kezek-ticket-1");
  if (!cache || (await cache.match(address))) return;
  await cache.delete("/qr.svg", { ignoreSearch: true });
  await cache.add(address);
}

export function forget() {
  localStorage.removeItem(WHICH);
  localStorage.removeItem(KNOWN);
}
