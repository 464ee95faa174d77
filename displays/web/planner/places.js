// Where on the page one is: it stands after `#` in the address, so that a link leads others to the same place.

const KEPT = "kezek.planner.place";

/** @typedef {{name: string, about: string[]}} Place */

/** A piece of an address; one that was mangled on its way as it stands: it names nothing that is there. @param {string} piece */
function plain(piece) {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

/** @param {string} hash such as "#run/3f2a" @returns {Place} */
export function placeIn(hash) {
  const [name, ...about] = hash.slice(1).split("/").map(plain);
  return { name, about };
}

/** @param {string} name @param {...string} about */
export const addressOf = (name, ...about) => `#${[name, ...about].map(encodeURIComponent).join("/")}`;

/** @param {string} name @param {...string} about */
export function goTo(name, ...about) {
  location.hash = addressOf(name, ...about);
}

/** A link that somebody else opens. @param {string} name @param {...string} about */
export const linkTo = (name, ...about) => new URL(`/planner/${addressOf(name, ...about)}`, location.href).href;

/** Remembers the place of a link while whoever opens it signs in. */
export function keepPlace() {
  if (/^#[a-z]+(\/|$)/.test(location.hash)) sessionStorage.setItem(KEPT, location.hash);
}

/** Goes back to it afterwards. */
export function restorePlace() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (kept && !location.hash) history.replaceState(null, "", location.pathname + location.search + kept);
}
