// Who this browser is: the sign-in of a member of staff or the pairing of a device.

/**
 * @typedef {object} Session
 * @property {string} token
 * @property {string} branch
 * @property {string} role
 * @property {string} [name]
 */

/** @param {string} page */
const key = (page) => `kezek.session.${page}`;

/** Where a page's session comes from: a person signs in, a device is paired. */
const SIGNED_IN = new Set(["counter", "manager", "planner"]);

/** Keeps a session that came in the address after `#`, and takes it out of the address. @param {string} page */
function takeFromAddress(page) {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (!token) return;
  keep(page, { token, branch: given.get("branch") ?? "", role: given.get("role") ?? page });
  history.replaceState(null, "", location.pathname + location.search);
}

/** @param {string} page @returns {Session | null} */
export function get(page) {
  takeFromAddress(page);
  const kept = localStorage.getItem(key(page));
  return kept ? JSON.parse(kept) : null;
}

/** @param {string} page @param {Session} session */
export function keep(page, session) {
  localStorage.setItem(key(page), JSON.stringify(session));
}

/** @param {string} page */
export function forget(page) {
  localStorage.removeItem(key(page));
}

/** The session of a page; without one the browser goes where it can get one. @param {string} page @returns {Session} */
export function require(page) {
  const session = get(page);
  if (session) return session;
  leave(page);
  throw new Error("not signed in");
}

/** Goes to where a session for the page can be had. @param {string} page */
export function leave(page) {
  location.replace(`${SIGNED_IN.has(page) ? "/sign-in/" : "/pair/"}?for=${page}`);
}
