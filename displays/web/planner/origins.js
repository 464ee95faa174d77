// Where a scenario that is changed comes from: shipped or saved, of a run, found by a search, or of a file.

const FILE = "kezek.planner.file";

/** @typedef {import("../shared/api.js").Api} Api */

/** The scenario of a place such as ["run", "3f2a", "versus"]. @param {Api} api @param {string[]} about @returns {Promise<any>} */
export async function opened(api, [origin, id = "", which = "scenario"]) {
  if (origin === "run") return (await api.get(`/v1/simulations/${encodeURIComponent(id)}`))[which];
  if (origin === "policy") return (await api.get(`/v1/simulations/${encodeURIComponent(id)}/policies/${encodeURIComponent(which)}`)).scenario;
  if (origin === "file") return fileKept(id);
  const found = await api.get(`/v1/scenarios/${encodeURIComponent(id)}`);
  // A shipped scenario has its title in every language, the file of it in one.
  return { ...found.scenario, title: found.title };
}

/** Keeps what a file said, while the form is open. @param {string} name @param {any} scenario */
export function keepFile(name, scenario) {
  sessionStorage.setItem(`${FILE}.${name}`, JSON.stringify(scenario));
}

/** @param {string} name @returns {any} */
const fileKept = (name) => JSON.parse(sessionStorage.getItem(`${FILE}.${name}`) ?? "null");
