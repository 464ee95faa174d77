// The start page: the branch as it stands now, and a card that leads to every screen.
import { html, render, useEffect, useState } from "../vendor/preact.js";
import { clock, watchBoard } from "../shared/live.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, Stale, clockTextOf, useTick } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {{branch: string, tokens: {[role: string]: string}, counter?: string, ticket?: string}} Demo */

/** Each screen: its folder, whose token opens it, whether staff use it. */
const SCREENS = [
  { page: "kiosk", role: "kiosk", staff: false },
  { page: "hall", role: "kiosk", staff: false },
  { page: "street", role: "kiosk", staff: false },
  { page: "ticket", role: "", staff: false },
  { page: "door", role: "attendant", staff: true },
  { page: "counter", role: "operator", staff: true },
  { page: "manager", role: "manager", staff: true },
  { page: "planner", role: "planner", staff: true },
];

/** Where a card leads: with the demo's sign-in after `#`, which no server gets to see. @param {string} page @param {string} role @param {Demo | null} demo */
function address(page, role, demo) {
  if (!demo) return `/${page}/`;
  if (!role) return `/${page}/?demo=${demo.branch}`;
  return `/${page}/#${new URLSearchParams({ token: demo.tokens[role] ?? "", branch: demo.branch, role })}`;
}

/** @param {{t: Translate, demo: Demo | null, staff: boolean}} properties */
function Cards({ t, demo, staff }) {
  return html`<section class="stack">
    <h2>${t(staff ? "staff" : "visitors")}</h2>
    <div class="grid">
      ${SCREENS.filter((screen) => screen.staff === staff).map(
        ({ page, role }) => html`<a class=${`card screen ${staff ? "staff" : ""}`} href=${address(page, role, demo)}>
          <b>${t(page)}</b><span class="soft">${t(`${page}_about`)}</span></a>`,
      )}
    </div>
  </section>`;
}

/** @param {{t: Translate, branch: string}} properties */
function Now({ t, branch }) {
  const [state, setState] = useState(/** @type {import("../shared/live.js").LiveState | null} */ (null));
  useEffect(() => watchBoard(branch, setState), [branch]);
  useTick();
  const board = state?.board;
  if (!state || !board) return html`<section class="card now" aria-busy="true"><p>${t("loading")}</p></section>`;
  return html`<${Stale} t=${t} stale=${state.stale} since=${clockTextOf(state.lastNews, board.at)} />
    <section class="card now">
      <h2>${t("now")}</h2>
      <dl><div><dt>${t("clock")}</dt><dd>${clockTextOf(state.now(), board.at)} ${clock.speed() > 1 && html`<small class="fast">${t("clock_fast", { n: clock.speed() })}</small>`}</dd></div>
      <div><dt>${t("in_hall")}</dt><dd>${board.hall.occupancy} <small>${t("of_limit", { n: board.hall.limit })}</small></dd></div>
      <div><dt>${t("in_street")}</dt><dd>${board.street_people}</dd></div>
      <div class="last-calls"><dt>${t("called_last")}</dt><dd class="calls">
        ${board.calls.slice(0, 4).map((/** @type {{number: string, counter: string}} */ call) => html`<span class="badge tone-go number">${call.number} → ${call.counter}</span>`)}
        ${board.calls.length === 0 && html`<small>${t("none_called")}</small>`}
      </dd></div></dl>
    </section>`;
}

/** @param {{t: Translate, demo: Demo | null}} properties */
function Start({ t, demo }) {
  return html`<${Header} t=${t} title=${t("title")}><${LanguageSwitch} t=${t} /></${Header}>
    <main class="page start">
      <p class="soft">${t(demo ? "lead" : "not_demo")}</p>
      ${demo && html`<${Now} t=${t} branch=${demo.branch} />`}
      <${Cards} t=${t} demo=${demo} staff=${false} />
      <${Cards} t=${t} demo=${demo} staff=${true} />
    </main>`;
}

const config = await (await fetch("/config.json")).json();
/** @type {Demo | null} */
const demo = config.demo ? await (await fetch("/demo.json")).json() : null;
const t = await texts("start");
document.title = t("title");
render(html`<${Start} t=${t} demo=${demo} />`, document.body);
