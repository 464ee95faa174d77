// What both boards are made of: whose board it is, its languages, its news.
import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { clock, watchBoard } from "../shared/live.js";
import { get, leave, stayKnown } from "../shared/session.js";
import { LANGUAGES, texts } from "../shared/texts.js";
import { Stale, clockTextOf, useTick } from "../shared/ui.js";
import { Announcer } from "../shared/voice.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/texts.js").Language} Language */
/** @typedef {import("../shared/live.js").LiveState} LiveState */
/** @typedef {import("../shared/live.js").View} View */
/** @typedef {import("../shared/live.js").Call} Call */

/**
 * What a board is drawn from.
 * @typedef {object} Scene
 * @property {Translate[]} words of the languages that are shown
 * @property {View} board
 * @property {Call[]} called
 * @property {Announcer | null} announcer
 * @property {number} now
 */

/** Calls made longer ago are over when they come to be known, unless the visitor has not come yet. */
const NEWS_MS = 60_000;

/** The languages of a board: all that are asked for, `?lang=kk`, or the country's two. @returns {Language[]} */
function languagesOfBoard() {
  const asked = new URLSearchParams(location.search).get("lang")?.split(",") ?? [];
  const known = LANGUAGES.filter((language) => asked.includes(language));
  return known.length ? known : ["kk", "ru"];
}

/** @param {"hall" | "street"} page */
function branchOf(page) {
  const asked = new URLSearchParams(location.search).get("branch");
  if (asked) return asked;
  const me = get(page);
  if (me) stayKnown(page, me);
  else leave(page);
  return me?.branch ?? "";
}

/**
 * Shows a board for as long as the browser runs.
 * @param {"hall" | "street"} page @param {(scene: Scene) => unknown} Board @param {{aloud: boolean}} options
 */
export async function showBoard(page, Board, { aloud }) {
  const branch = branchOf(page);
  if (!branch) return;
  const languages = languagesOfBoard();
  const words = await Promise.all(languages.map((language) => texts("boards", language)));
  const [t] = words;
  document.documentElement.lang = t.language;
  document.title = t(`title_${page}`);
  render(html`<${Live} branch=${branch} words=${words} Board=${Board} aloud=${aloud} />`, document.body);
}

/** @param {{branch: string, words: Translate[], Board: (scene: Scene) => unknown, aloud: boolean}} properties */
function Live({ branch, words, Board, aloud }) {
  const [state, setState] = useState(/** @type {LiveState | null} */ (null));
  const [, changed] = useState(0);
  const announcer = useRef(/** @type {Announcer | null} */ (null));
  useEffect(() => {
    if (aloud) announcer.current = new Announcer(words.map((t) => t.language), () => changed((n) => n + 1));
    return watchBoard(branch, (news) => {
      announcer.current?.add(news.fresh.filter((call) => worthSaying(call, news)));
      setState(news);
    });
  }, [branch]);
  useTick(500);
  const board = state?.board;
  if (!state || !board) return html`<${Waiting} words=${words} unknown=${Boolean(state?.unknown)} branch=${branch} />`;
  return html`${words.map((t) => html`<${Stale} t=${t} stale=${state.stale} since=${state.lastNews ? clockTextOf(state.lastNews, board.at) : ""} />`)}
    <${Board} words=${words} board=${board} called=${state.called} announcer=${announcer.current} now=${state.now()} />`;
}

/** @param {Call} call @param {LiveState} news */
function worthSaying(call, news) {
  const awaited = news.board?.calls.some((/** @type {{number: string, state: string}} */ one) => one.number === call.number && one.state === "called");
  return awaited || Date.parse(call.at) > news.now() - NEWS_MS * Math.max(1, clock.speed());
}

/** How long a board waits for its first news before it says that there is no connection. */
const SLOW_MS = 4000;

/** @param {{words: Translate[], unknown: boolean, branch: string}} properties */
function Waiting({ words, unknown, branch }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  /** @param {Translate} t */
  const say = (t) => (unknown ? t("unknown_branch", { branch }) : t(slow ? "no_connection" : "loading"));
  return html`<main class="board-wait"><h1>${words.map((t) => html`<span lang=${t.language}>${say(t)}</span>`)}</h1></main>`;
}
