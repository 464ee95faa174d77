// Who this browser is: the sign-in of a member of staff or the pairing of a device.

import { Problem, apiAs } from "./api.js";

/** @typedef {"kiosk" | "hall" | "street" | "door" | "counter" | "manager" | "planner"} Page a page that somebody must be known for */

/**
 * @typedef {object} Session
 * @property {string} token
 * @property {string} branch
 * @property {string} role
 * @property {string} [name] of the person who signed in; a device has none
 * @property {string} [subject] that person as the journal names them, the same at every sign-in
 * @property {string} [expires_at] when a sign-in ends by itself
 * @property {boolean} [everywhere] whether the branch was chosen among all
 */

/** @param {Page} page */
const key = (page) => `kezek.session.${page}`;

/** Where people sign in. At the others a device is paired, though an attendant may sign in at the door. @type {Set<string>} */
const SIGNED_IN = new Set(["counter", "manager", "planner"]);

/** A page about all branches at once. @type {Set<string>} */
const OF_ALL_BRANCHES = new Set(["planner"]);

/** Whether somebody can use a page as they are signed in. @param {Page} page @param {{branch: string}} me */
export const suffices = (page, me) => Boolean(me.branch) || OF_ALL_BRANCHES.has(page);

/** The pages of each role that signs in, its own first. @type {{[role: string]: Page[]}} */
const PAGES = { attendant: ["door"], operator: ["counter"], manager: ["manager"], planner: ["planner", "manager"], admin: ["manager", "counter", "door", "planner"] };

/** @param {string} role */
export const pagesOf = (role) => PAGES[role] ?? [];

/** The page for which somebody came to sign in; undefined for any name that is not a page of staff. */
export function wantedPage() {
  const asked = new URLSearchParams(location.search).get("for");
  return pagesOf("admin").find((page) => page === asked);
}

/** Keeps a session that came in the address after `#`, and takes it out of the address. @param {Page} page */
function takeFromAddress(page) {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (!token) return;
  keep(page, { token, branch: given.get("branch") ?? "", role: given.get("role") ?? page });
  history.replaceState(null, "", location.pathname + location.search);
}

/** @param {Page} page @returns {Session | null} */
export function get(page) {
  takeFromAddress(page);
  const kept = localStorage.getItem(key(page));
  return kept ? JSON.parse(kept) : null;
}

/** @param {Page} page @param {Session} session */
export function keep(page, session) {
  localStorage.setItem(key(page), JSON.stringify(session));
}

/**
 * Keeps the session of a person for a page, and for the others of the role that are nobody else's
 * here: the pairing of a tablet stays.
 * @param {Page} page @param {Session} session
 */
export function enter(page, session) {
  for (const one of pagesOf(session.role)) {
    const before = get(one);
    if (one === page || !before || before.token === session.token) keep(one, session);
  }
  location.replace(`/${page}/`);
}

/** @param {Page} page */
export function forget(page) {
  localStorage.removeItem(key(page));
}

/** The session of a page; without one the browser goes where it can get one, and nothing more happens here. @param {Page} page @returns {Promise<Session>} */
export function require(page) {
  const session = get(page);
  if (session && suffices(page, session)) return Promise.resolve(session);
  if (session) chooseBranch(page);
  else leave(page);
  return new Promise(() => {});
}

/** Goes to where a session for the page can be had. @param {Page} page */
export function leave(page) {
  if (SIGNED_IN.has(page)) signInAt(page);
  else location.replace(`/pair/?for=${page}`);
}

/** Goes to where a person signs in for the page. @param {Page} page */
export function signInAt(page) {
  location.replace(`/sign-in/?for=${page}`);
}

const HEARD_EVERY_MS = 60_000;

/**
 * Lets the service hear of a page that asks it for nothing else, for as long as it is open; once its
 * device has been sent away it shows a new code.
 * @param {Page} page @param {Session} me
 */
export function stayKnown(page, me) {
  const ask = async () => {
    const answer = await apiAs(me.token, "ru").get(`/v1/branches/${encodeURIComponent(me.branch)}`, { give_up: 0 }).catch((error) => error);
    if (!(answer instanceof Problem) || answer.status !== 401) return;
    forget(page);
    leave(page);
  };
  ask();
  setInterval(ask, HEARD_EVERY_MS);
}

/** Goes to where whoever has all branches chooses another. @param {Page} page */
export function chooseBranch(page) {
  location.replace(`/sign-in/?for=${page}&choose`);
}

/**
 * Ends a person's session at all pages of this browser, and what they had begun with it. What came
 * in the address is forgotten only: it belongs to whoever gave the address.
 * @param {Page} page @param {import("./api.js").Api} api @param {Session} me
 */
export async function signOut(page, api, me) {
  if (me.expires_at) await api.post("/v1/sign-out").catch(() => null);
  sessionStorage.clear();
  for (const one of pagesOf("admin")) if (get(one)?.token === me.token) forget(one);
  signInAt(page);
}
