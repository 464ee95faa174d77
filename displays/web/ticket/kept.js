// What this phone remembers of its last ticket: where it is, and what was last known of it.

import { clock } from "../shared/live.js";

/** @typedef {{branch: string, id: string}} Which */
/** @typedef {{phone: number, queue: number, speed: number}} Clocks in epoch milliseconds, and seconds of the queue's in a real one */
/** @typedef {{ticket: any, about: any, lastNews: number, clocks: Clocks}} Known */

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

/** What the phone's clock, which may be wrong, says while the queue's says that. @returns {Clocks} */
export const clocksNow = () => ({ phone: Date.now(), queue: Math.round(clock.now()), speed: clock.speed() });

/** The queue's time now, in epoch milliseconds; null where the phone cannot know it. @param {Known} known @param {boolean} stale */
export function nowOf({ clocks }, stale) {
  const passed = Date.now() - (clocks?.phone ?? NaN);
  const byPhone = passed >= 0 ? clocks.queue + passed * clocks.speed : null; // Else somebody has turned the phone's clock since.
  if (!clock.told()) return byPhone;
  // A page's own clock stops while the phone sleeps.
  return stale ? Math.max(clock.now(), byPhone ?? 0) : clock.now();
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
