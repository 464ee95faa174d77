// The kiosk: a visitor chooses a language and a service and gets a ticket, or is told the other ways.
import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { apiAs } from "../shared/api.js";
import { clock, watchBoard } from "../shared/live.js";
import * as session from "../shared/session.js";
import { LANGUAGES, chosenLanguage, keepLanguage, texts } from "../shared/texts.js";
import { LanguageSwitch, Mark, Notice, clockTextOf, useTick } from "../shared/ui.js";
import { Closed, NotToday, OnlineOnly, Refused, Ticket, Waiting } from "./answers.js";
import { abandonWish, forgetWish, isUnanswered, keepWish, settleAbandoned, unansweredWish } from "./asking.js";
import { Category, Home, Search, Visit } from "./choose.js";
import { Carry, carriedWish } from "./carried.js";
import { idleSeconds, useIdle } from "./idle.js";

/** @typedef {import("./parts.js").Translate} Translate */
/** @typedef {import("./parts.js").KioskDay} KioskDay */
/** @typedef {import("./parts.js").Service} Service */
/** @typedef {import("./asking.js").Wish} Wish */
/** @typedef {import("../shared/texts.js").Language} Language */
/** @typedef {{name: string, category?: string, ticket?: any, wish?: Wish, problem?: any, offline?: boolean}} Screen */
/** @typedef {import("./carried.js").Carried} Carried */
/** @typedef {{services: Service[], party: number, assisted: string, carried: Carried | null}} Choice */

const me = await session.require("kiosk");
const BRANCH = `/v1/branches/${me.branch}`;
const REFRESH_MS = 15_000;
const AGAIN_MS = 1500;
const FIRST_LANGUAGE = firstLanguage();
/** @type {Screen} */
const HOME = { name: "home" };
/** @type {Choice} */
const NOTHING = { services: [], party: 1, assisted: "", carried: null };

/** What the branch gives now, read anew by the clock and whenever its board shows another plan or day. @param {Translate} t */
function useDay(t) {
  const [day, setDay] = useState(/** @type {KioskDay | null} */ (null));
  const [offline, setOffline] = useState(false);
  const [plan, setPlan] = useState("");
  const [timed, setTimed] = useState(false);
  useEffect(
    () =>
      watchBoard(me.branch, ({ board, lastNews }) => {
        if (board) setPlan(`${board.date} ${board.day} ${board.plan_version}`);
        setTimed(lastNews > 0);
      }),
    [],
  );
  useEffect(() => {
    const api = apiAs(me.token, t.language);
    const refresh = () => api.get(`${BRANCH}/kiosk`, { give_up: 0 }).then(
      (/** @type {KioskDay} */ shown) => {
        setDay(shown);
        setOffline(false);
        settleAbandoned(api, `${BRANCH}/tickets`);
      },
      (problem) => (problem.status === 401 ? signOut() : setOffline(true)),
    );
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    addEventListener("online", refresh);
    return () => {
      clearInterval(timer);
      removeEventListener("online", refresh);
    };
  }, [t.language, plan]);
  return { day, offline, timed };
}

/** The language to which the kiosk goes back, whatever the visitor before a reload had chosen. @returns {Language} */
function firstLanguage() {
  const kept = sessionStorage.getItem("kezek.kiosk.language") ?? chosenLanguage();
  sessionStorage.setItem("kezek.kiosk.language", kept);
  return /** @type {Language} */ (kept);
}

function signOut() {
  session.forget("kiosk");
  session.leave("kiosk");
}

/**
 * Asks for a ticket and goes on asking under the same key until there is an answer or nobody waits any more.
 * @param {(screen: Screen) => void} show
 */
function useTaking(show) {
  const running = useRef(false);
  /** @param {Wish} wish @param {string} key */
  const once = async (wish, key) => {
    try {
      const ticket = await apiAs(me.token, wish.language).post(`${BRANCH}/tickets`, wish, { key });
      return { name: "ticket", ticket, wish };
    } catch (problem) {
      return { name: isUnanswered(/** @type {any} */ (problem)) ? "unanswered" : "refused", problem, wish };
    }
  };
  const untilAnswered = async () => {
    if (running.current) return;
    running.current = true;
    for (let asking = unansweredWish(); asking; asking = unansweredWish()) {
      const answer = await once(asking.wish, asking.key);
      if (unansweredWish()?.key !== asking.key) break;
      if (answer.name !== "unanswered") {
        forgetWish();
        show(answer);
        break;
      }
      show({ name: "asking", offline: true });
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    running.current = false;
  };
  return {
    /** @param {Wish} wish */
    take: (wish) => {
      if (unansweredWish()) return undefined;
      keepWish(wish);
      show({ name: "asking" });
      return untilAnswered();
    },
    resume: () => {
      if (!unansweredWish()) return;
      show({ name: "asking" });
      untilAnswered();
    },
  };
}

/** @param {{words: {[language: string]: Translate}}} properties */
function Kiosk({ words }) {
  const [language, setLanguage] = useState(chosenLanguage());
  const [screen, setScreen] = useState(HOME);
  const [choice, setChoice] = useState(NOTHING);
  const t = /** @type {Translate} */ (words[language]);
  const { day, offline, timed } = useDay(t);
  const taking = useTaking(setScreen);
  useEffect(taking.resume, []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = t("title");
  }, [language]);
  const restart = () => {
    abandonWish();
    setScreen(HOME);
    setChoice(NOTHING);
    setLanguage(FIRST_LANGUAGE);
    keepLanguage(FIRST_LANGUAGE);
  };
  const left = useIdle(idleSeconds(), screen !== HOME || language !== FIRST_LANGUAGE || choice !== NOTHING, restart);
  return html`<${Head} t=${t} day=${day} timed=${timed} onLanguage=${setLanguage} />
    ${offline && screen.name !== "asking" && html`<div class="stale" role="status">${t("no_connection")}. ${t("ask_attendant")}</div>`}
    <main class="kiosk-main">
      ${day ? html`<${Shown} key=${screen.name + (screen.category ?? "")} ...${{ t, day, screen, setScreen, choice, setChoice, taking, restart }} />` : html`<p aria-busy="true">${t("loading")}</p>`}
    </main>
    ${left !== null && html`<div class="idle" role="alert"><b>${t("still_here")}</b> ${t("closes_in", { n: left })}
      <button type="button" class="button big">${t("go_on")}</button></div>`}`;
}

/** `timed`: whether the queue's clock is known. @param {{t: Translate, day: KioskDay | null, timed: boolean, onLanguage: (language: Language) => void}} properties */
function Head({ t, day, timed, onLanguage }) {
  useTick(5000);
  return html`<header class="head">
    <span class="head-brand"><${Mark} /><b>Kezek</b></span>
    <span class="head-title">${day?.name[t.language]}</span>
    <div class="head-side">
      ${day && timed && html`<span class="kiosk-clock number">${clockTextOf(clock.now(), day.at)}</span>`}
      <${LanguageSwitch} t=${t} onChange=${onLanguage} />
    </div>
  </header>`;
}

/** @param {{t: Translate, day: KioskDay}} properties */
function News({ t, day }) {
  const message = day.message[t.language];
  if (!message && !day.regimes.length) return null;
  return html`<${Notice} tone="info" title=${day.regimes.map((regime) => regime[t.language]).join("; ")}>${message}<//>`;
}

/** @param {any} properties */
function Shown(properties) {
  const { t, day, screen, restart } = properties;
  if (screen.name === "asking") return html`<${Waiting} t=${t} offline=${screen.offline} onStop=${restart} />`;
  if (screen.name === "ticket") return html`<${Ticket} t=${t} day=${day} ticket=${screen.ticket} names=${namesOf(t, day, screen.ticket.services)} onDone=${restart} />`;
  if (screen.name === "refused") return html`<${Refusal} ...${properties} />`;
  if (!day.tickets_now) return html`<${News} t=${t} day=${day} /><${Closed} t=${t} day=${day} />`;
  return html`<${Choosing} ...${properties} />`;
}

/** @param {Translate} t @returns {(name: string) => Promise<import("./carried.js").Expired>} */
const lookUp = (t) => (name) => apiAs(me.token, t.language).get(`${BRANCH}/expired/${encodeURIComponent(name)}`);

/** @param {Translate} t @param {KioskDay} day @param {string[]} codes */
const namesOf = (t, day, codes) => codes.map((code) => day.services.find((service) => service.code === code)?.name[t.language] ?? code);

/** @param {{t: Translate, day: KioskDay, screen: any, setScreen: (screen: Screen) => void, choice: Choice, setChoice: (choice: Choice) => void, taking: any, restart: () => void}} properties */
function Refusal({ t, day, screen, setScreen, choice, setChoice, taking, restart }) {
  const { problem, wish } = screen;
  const wanted = day.services.filter((service) => wish.services.includes(service.code) || choice.services.includes(service));
  /** @param {string} assisted */
  const assist = (assisted) => {
    setChoice({ ...choice, services: wanted, party: wish.party_size, assisted });
    setScreen({ name: "visit" });
  };
  if (problem.kind === "online-only") return html`<${OnlineOnly} t=${t} day=${day} problem=${problem} onAssisted=${assist} onDone=${choice.services.length ? () => setScreen({ name: "visit" }) : restart} />`;
  const anyway = () => taking.take({ ...wish, despite_closing: true });
  if (problem.kind === "cannot-be-served-today") return html`<${NotToday} t=${t} problem=${problem} onAnyway=${anyway} onDone=${restart} />`;
  return html`<${Refused} t=${t} problem=${problem} onDone=${restart} />`;
}

/**
 * @param {{t: Translate, day: KioskDay, screen: Screen, setScreen: (screen: Screen) => void, choice: Choice,
 *   setChoice: (choice: Choice) => void, taking: any, restart: () => void}} properties
 */
function Choosing({ t, day, screen, setScreen, choice, setChoice, taking, restart }) {
  const { services, assisted, carried } = choice;
  const party = Math.min(choice.party, day.party_limit);
  /** @param {Service[]} wanted */
  const take = (wanted) =>
    taking.take({ services: wanted.map((one) => one.code), party_size: party, language: t.language, ...(assisted && { assisted_reason: assisted }), ...(carried && carriedWish(carried.name)) });
  /** @param {Service} service */
  const choose = (service) => {
    // It will be refused, and the refusal has the other ways: nobody need count a party for that.
    if (service.online_only && !assisted) return take([service]);
    setChoice({ ...choice, services: [...services.filter((one) => one.code !== service.code), service] });
    return setScreen({ name: "visit" });
  };
  const back = () => (services.length ? setScreen({ name: "visit" }) : setScreen(HOME));
  /** @param {Carried} found @param {import("./carried.js").Expired} expired */
  const carry = (found, expired) => {
    const given = day.services.filter((service) => expired.services.includes(service.code));
    setChoice({ services: given, party: expired.party_size, assisted: "", carried: found });
    setScreen(given.length ? { name: "visit" } : HOME);
  };
  if (screen.name === "carry") return html`<${Carry} t=${t} day=${day} look=${lookUp(t)} onFound=${carry} onBack=${restart} />`;
  if (screen.name === "category") return html`<${Category} t=${t} day=${day} code=${screen.category ?? ""} onChoose=${choose} onBack=${() => setScreen(HOME)} />`;
  if (screen.name === "search") return html`<${Search} t=${t} day=${day} onChoose=${choose} onBack=${back} />`;
  if (screen.name === "visit") {
    return html`<${Visit} t=${t} day=${day} services=${services} party=${party} assisted=${assisted} carried=${carried}
      onParty=${(/** @type {number} */ n) => setChoice({ ...choice, party: n })} onTake=${() => take(services)} onBack=${restart}
      onRemove=${(/** @type {string} */ code) => setChoice({ ...choice, services: services.filter((one) => one.code !== code) })}
      onMore=${() => setScreen(HOME)} />`;
  }
  return html`<${News} t=${t} day=${day} />
    <${Home} t=${t} day=${day} carried=${carried} onCarry=${() => setScreen({ name: "carry" })} onCategory=${(/** @type {string} */ category) => setScreen({ name: "category", category })} onSearch=${() => setScreen({ name: "search" })} />
    ${services.length > 0 && html`<button type="button" class="button quiet big" onClick=${() => setScreen({ name: "visit" })}>${t("to_visit")}</button>`}`;
}

const words = Object.fromEntries(await Promise.all(LANGUAGES.map(async (language) => [language, await texts("kiosk", language)])));
render(html`<${Kiosk} words=${words} />`, document.body);
