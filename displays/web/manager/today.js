// Today at a glance: alarms, hall and street, waits, counters, pauses, and the day against a usual one.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { keepFresh, nowOf } from "../shared/refresh.js";
import { HallBar, Notice, ProblemNotice, Stale, clockText, clockTextOf, spanText, useTick } from "../shared/ui.js";
import { Chart } from "./chart.js";
import { useAnswer } from "./parts.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {import("../shared/texts.js").Translate} Translate */

/** The figures of a busy branch move with every ticket; a glance needs no more than this. */
const SHORTEST_PAUSE_MS = 2000;

/** The overview and the board, kept fresh. @param {Office} office */
function useNow({ api, home, branch }) {
  const [view, setView] = useState(/** @type {any} */ (null));
  const [live, setLive] = useState(/** @type {import("../shared/live.js").LiveState | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const asked = useRef(-SHORTEST_PAUSE_MS);
  useEffect(() => {
    const load = async () => {
      await new Promise((resolve) => setTimeout(resolve, asked.current + SHORTEST_PAUSE_MS - performance.now()));
      asked.current = performance.now();
      const found = await api.get(`${home}/overview`, { give_up: 0 }).catch((error) => error);
      if (!(found instanceof Problem) && found instanceof Error) throw found;
      setProblem(found instanceof Problem ? found : null);
      if (found instanceof Problem) return null;
      const fresh = { ...found, readAt: performance.now() };
      setView(fresh);
      return fresh;
    };
    return keepFresh(branch, load, () => [], setLive).stop;
  }, [branch]);
  return { view, live, problem };
}

/** @param {{office: Office}} properties */
export function Today({ office }) {
  const { t } = office;
  const { view, live, problem } = useNow(office);
  const date = view?.date;
  const usual = useAnswer(async () => (date ? office.api.get(`${office.home}/usual-day?date=${date}`) : null), [date]);
  useTick();
  const board = live?.board;
  if (!view || !board) return problem ? html`<${ProblemNotice} t=${t} problem=${problem} />` : html`<p class="soft" aria-busy="true">${t("loading")}</p>`;
  return html`<${Stale} t=${t} stale=${live?.stale || problem?.offline} since=${clockTextOf(live?.lastNews ?? 0, board.at)} />
    <${Alarms} t=${t} alarms=${view.alarms} known=${!live?.stale && !problem} />
    <${Rules} t=${t} board=${board} />
    <${Glance} t=${t} view=${view} board=${board} />
    <div class="columns">
      <${Counters} t=${t} view=${view} />
      <${Pauses} t=${t} view=${view} board=${board} />
    </div>
    <${Charts} t=${t} view=${view} usual=${usual.found} />`;
}

/** Nothing is said to be in order while that is not known. @param {{t: Translate, alarms: {kind: string, text: string}[], known: boolean}} properties */
function Alarms({ t, alarms, known }) {
  return html`<section class="stack" aria-live="polite" aria-label=${t("alarms")}>
    ${alarms.map((alarm) => html`<${Notice} tone=${alarm.kind === "not_served_by_closing" ? "pause" : "stop"} title=${alarm.text} />`)}
    ${alarms.length === 0 && known && html`<p class="badge tone-go calm">${t("no_alarms")}</p>`}
  </section>`;
}

/** Which regimes hold and what visitors are told. @param {{t: Translate, board: any}} properties */
function Rules({ t, board }) {
  const message = board.message[t.language];
  if (board.regime_names.length === 0 && !message && !board.closed_reason) return null;
  return html`<section class="row rules-now" aria-label=${t("rules_now")}>
    ${board.closed_reason && html`<span class="badge tone-stop">${t("closed_day")}</span>`}
    ${board.regime_names.map((/** @type {any} */ name) => html`<a class="badge tone-pause" href="#regime">${name[t.language]}</a>`)}
    ${message && html`<p class="soft">${t("message_now", { text: message })}</p>`}
  </section>`;
}

/** @param {{label: string, value: unknown, note?: unknown, tone?: string, children?: unknown}} properties */
function Figure({ label, value, note, tone = "", children }) {
  return html`<div class=${`card figure ${tone}`}><dt>${label}</dt><dd><b class="number">${value}</b>${note && html`<span class="soft">${note}</span>`}${children}</dd></div>`;
}

/** @param {{t: Translate, view: any, board: any}} properties */
function Glance({ t, view, board }) {
  const { total } = view;
  return html`<dl class="glance">
    <${Figure} label=${t("in_hall")} value=${board.hall.occupancy} note=${t("of_limit", { n: board.hall.limit })}>
      <${HallBar} label=${t("in_hall")} inside=${board.hall.occupancy} coming=${board.hall.released} limit=${board.hall.limit} />
    </${Figure}>
    <${Figure} label=${t("in_street")} value=${board.street_people} note=${view.longest_outside === null ? t("nobody_waits") : t("longest", { n: Math.round(view.longest_outside) })} />
    <${Figure} label=${t("waiting_inside")} value=${view.waiting_inside} note=${view.longest_inside === null ? t("nobody_waits") : t("longest", { n: Math.round(view.longest_inside) })} />
    <${Figure} label=${t("wait_today")} value=${total.total.median === null ? "–" : t("minutes", { n: Math.round(total.total.median) })}
      note=${total.total.p90 === null ? t("nobody_called") : t("wait_note", { mean: Math.round(total.total.mean), p90: Math.round(total.total.p90) })} />
    <${Figure} label=${t("served")} value=${total.served} note=${t("of_arrivals", { n: total.arrivals })} />
    <${Figure} label=${t("refused_online")} value=${total.refused_online} note=${t("other_ends", { missed: total.missed, no_shows: total.no_shows })} />
  </dl>`;
}

/** @type {{[state: string]: string}} */
const TONES = { closed: "tone-wait", free: "tone-go", called: "tone-next", serving: "tone-serve" };

/** @param {{t: Translate, view: any}} properties */
function Counters({ t, view }) {
  const open = view.counters.filter((/** @type {any} */ one) => one.open).length;
  return html`<section class="card stack">
    <div class="row"><h3 class="grow">${t("counters")}</h3><span class="soft">${t("counters_open", { n: open, all: view.counters.length })}</span></div>
    <ul class="counters">${view.counters.map((/** @type {any} */ one) => html`<li class=${TONES[one.state]}>
      <b class="counter-id">${one.counter}</b>
      <span class="counter-state">${one.number || t(`counter_${one.state}`)}</span>
      <span class="counter-note">${noteOf(t, one)}</span>
    </li>`)}</ul>
  </section>`;
}

/** Since when a counter is as it is; of one that is closed, what it has given, if it was open at all. @param {Translate} t @param {any} counter */
function noteOf(t, { since, state, given }) {
  if (since) return t(`since_${state}`, { time: clockText(since) });
  return given > 0 ? t("given_today", { n: given }) : "";
}

/** @param {{t: Translate, view: any, board: any}} properties */
function Pauses({ t, view, board }) {
  const { phase, empty_by, clean_until } = board.sanitation;
  const until = phase === "draining" ? empty_by : clean_until;
  const left = Date.parse(until ?? "") - nowOf(view);
  return html`<section class="card stack">
    <h3>${t("pauses")}</h3>
    ${phase !== "none" && html`<div class="pause-now tone-pause"><b>${t(`phase_${phase}`)}</b>
      ${until && html`<span class="number">${left > 0 ? spanText(left) : t(`over_${phase}`)}</span>`}</div>`}
    ${view.pauses.length === 0 ? html`<p class="soft">${t("no_pauses")}</p>` : html`<ol class="pauses">
      ${view.pauses.map((/** @type {any} */ one) => html`<li class=${`pause-${one.state}`}><b>${clockText(one.starts_at)}</b>
        <span>${t("minutes", { n: one.minutes })}</span><span class="soft">${t(`pause_${one.state}`)}${["next", "later"].includes(one.state) && one.drain_at !== one.starts_at && `, ${t("entry_until", { time: clockText(one.drain_at) })}`}</span></li>`)}
    </ol>`}
    <dl class="hours"><div><dt>${t("opens")}</dt><dd>${clockText(board.opens_at)}</dd></div>
      <div><dt>${t("last_admission")}</dt><dd>${clockText(board.last_admission_at)}</dd></div>
      <div><dt>${t("closes")}</dt><dd>${clockText(board.closes_at)}</dd></div></dl>
  </section>`;
}

/** @param {{t: Translate, view: any, usual: any}} properties */
function Charts({ t, view, usual }) {
  const days = usual?.days ?? 0;
  return html`<section class="stack">
    <p class="soft">${days ? t("usual_stands_on", { n: days }) : t("no_usual", { n: usual?.weeks ?? 0 })}</p>
    <div class="charts">
      <${Chart} t=${t} id="chart-arrivals" title=${t("chart_arrivals")} points=${points(view, usual, (/** @type {any} */ line) => line.arrivals, "arrivals", "arrivals")} hasUsual=${days > 0} />
      <${Chart} t=${t} id="chart-served" title=${t("chart_served")} points=${points(view, usual, (/** @type {any} */ line) => line.served, "served", "served")} hasUsual=${days > 0} />
      <${Chart} t=${t} id="chart-wait" title=${t("chart_wait")} points=${points(view, usual, (/** @type {any} */ line) => line.total.mean, "total_mean", "wait")} hasUsual=${days > 0} />
    </div>
  </section>`;
}

/**
 * The hours of today and of the usual day side by side.
 * @param {any} view @param {any} usual @param {(line: any) => number | null} of @param {string} word @param {string} name
 * @returns {import("./chart.js").Point[]}
 */
function points(view, usual, of, word, name) {
  const today = new Map(view.by_hour.map((/** @type {any} */ line) => [line.key, line]));
  const other = new Map((usual?.hours ?? []).map((/** @type {any} */ one) => [one.hour, one]));
  const known = [...today.keys(), ...other.keys()].map(Number);
  const first = Math.min(...known);
  const hours = known.length ? Array.from({ length: Math.max(...known) - first + 1 }, (_, ahead) => String(first + ahead).padStart(2, "0")) : [];
  return hours.map((hour) => {
    const [one, mean] = [today.get(hour), other.get(hour)];
    return { hour, today: one ? of(one) : null, usual: mean?.[name] ?? null, today_text: one?.worded[word] ?? "", usual_text: mean?.worded[name] ?? "" };
  });
}
