// A visitor's ticket on the phone: the place in the queue as it is now, and what may be done with it.
import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { apiAs, newKey } from "../shared/api.js";
import { watchTicket } from "../shared/live.js";
import { LANGUAGES, chosenLanguage, texts } from "../shared/texts.js";
import { Button, Dialog, LanguageSwitch, Mark, Notice, ProblemNotice, Stale, clockText, clockTextOf, useTick } from "../shared/ui.js";
import { takeDemoTicket } from "./demo.js";
import { clocksNow, forget, keepCode, knownOf, nowOf, remember, whichTicket } from "./kept.js";
import { Pause, Stage, hasEnded, isUrgent } from "./stages.js";
import { Ways } from "./ways.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./kept.js").Which} Which */

const VIBRATION_MS = [300, 120, 300, 120, 500];
const demo = new URLSearchParams(location.search).get("demo");

/** The ticket as the gateway tells it, and what was known before. @param {Which} which */
function useTicket(which) {
  const [known, setKnown] = useState(knownOf(which));
  const [link, setLink] = useState({ stale: true, unknown: false });
  useEffect(() => watchTicket(which.branch, which.id, ({ ticket, stale, unknown, lastNews }) => {
    setLink({ stale, unknown });
    if (ticket) setKnown((before) => ({ ticket, lastNews, clocks: clocksNow(), about: before?.about ?? null }));
    else setKnown((before) => before && { ...before, lastNews: Math.max(lastNews, before.lastNews) });
    if (unknown) forget();
  }), []);
  useEffect(() => {
    if (known && !link.unknown) remember(which, known);
  }, [known, link.unknown]);
  return { known, setKnown, ...link };
}

/** The names of the ticket's branch and services, asked once. @param {Which} which @param {any} known @param {any} setKnown */
function useAbout(which, known, setKnown) {
  const wanted = Boolean(known) && !known.about;
  useEffect(() => {
    if (!wanted) return;
    apiAs("", "kk").get(`/v1/branches/${which.branch}/tickets/${which.id}/about`).then(
      (about) => setKnown((/** @type {any} */ before) => ({ ...before, about })),
      () => null,
    );
  }, [wanted]);
}

/** Asks for attention when the visitor's turn has come. @param {string | undefined} state */
function useAttention(state) {
  const before = useRef(/** @type {string | undefined} */ (undefined));
  useEffect(() => {
    if (state && before.current && before.current !== state && isUrgent(state)) navigator.vibrate?.(VIBRATION_MS);
    before.current = state;
  }, [state]);
}

/** @param {{t: Translate, which: Which, onLanguage: (language: any) => void}} properties */
function Followed({ t, which, onLanguage }) {
  const { known, setKnown, stale, unknown } = useTicket(which);
  useAbout(which, known, setKnown);
  useAttention(known?.ticket.state);
  useTick();
  const ticket = unknown ? null : known?.ticket;
  useEffect(() => {
    document.title = ticket ? `${ticket.number} · Kezek` : t("title");
  }, [ticket?.number, t]);
  if (unknown) return html`<${Empty} t=${t} onLanguage=${onLanguage}><h1>${t("no_ticket")}</h1><p>${t("no_ticket_detail")}</p><//>`;
  if (!known) return html`<${Empty} t=${t} onLanguage=${onLanguage}><h1>${t("title")}</h1><${Slow} t=${t} /><//>`;
  return html`<${Head} t=${t} name=${known.about?.name[t.language]} onLanguage=${onLanguage} />
    <${Stale} t=${t} stale=${stale} since=${known.lastNews ? clockTextOf(known.lastNews, ticket.issued_at) : ""} />
    <main class="page ticket-page">
      <h1 class="own"><span class="soft">${t("your_number")}</span> <span class="own-number number">${ticket.number}</span></h1>
      <${Stage} t=${t} ticket=${ticket} now=${nowOf(known, stale)} />
      <${Pause} t=${t} ticket=${ticket} now=${nowOf(known, stale)} />
      ${ticket.redirected && known.about && html`<${Ways} t=${t} about=${known.about} />`}
      <${Actions} t=${t} which=${which} ticket=${ticket} onTicket=${(/** @type {any} */ changed) => setKnown((before) => before && { ...before, ticket: changed })} />
      <${Details} t=${t} known=${known} />
    </main>`;
}

/** Says after a while that there is no connection. @param {{t: Translate}} properties */
function Slow({ t }) {
  const [slow, setSlow] = useState(!navigator.onLine);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 4000);
    return () => clearTimeout(timer);
  }, []);
  return html`<p role="status" aria-busy="true">${slow ? t("no_connection_yet") : t("loading")}</p>`;
}

/** @param {{t: Translate, name?: string, onLanguage: (language: any) => void}} properties */
const Head = ({ t, name, onLanguage }) => html`<header class="head">
  <span class="head-brand"><${Mark} /><b>Kezek</b></span><span class="head-title">${name}</span>
  <div class="head-side"><${LanguageSwitch} t=${t} onChange=${onLanguage} /></div></header>`;

/** @param {{t: Translate, onLanguage: (language: any) => void, children?: unknown}} properties */
const Empty = ({ t, onLanguage, children }) => html`<${Head} t=${t} onLanguage=${onLanguage} /><main class="page ticket-page empty">${children}</main>`;

/** What may be done, as the service says. @param {{t: Translate, which: Which, ticket: any, onTicket: (ticket: any) => void}} properties */
function Actions({ t, which, ticket, onTicket }) {
  const [asked, setAsked] = useState("");
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const key = useRef("");
  const allowed = ticket.actions.includes(asked);
  useEffect(() => {
    if (!allowed) setAsked(""); // The queue went on while the question was open, or another page has answered it.
  }, [allowed]);
  /** @param {string} action */
  const ask = (action) => {
    key.current = newKey();
    setProblem(null);
    setAsked(action);
  };
  const carryOut = async () => {
    const [api, path] = [apiAs("", t.language), `/v1/branches/${which.branch}/tickets/${which.id}`];
    const options = { key: key.current };
    try {
      onTicket(await (asked === "late" ? api.post(`${path}/late`, undefined, options) : api.delete(path, options)));
      setAsked("");
    } catch (refused) {
      setProblem(refused);
    }
  };
  return html`${ticket.actions.includes("late") && html`<${Button} class="quiet big" onPress=${() => ask("late")}>${t("late")}<//>`}
    ${ticket.actions.includes("cancel") && html`<${Button} class="danger" onPress=${() => ask("cancel")}>${t("give_up")}<//>`}
    ${allowed && html`<${Dialog} title=${t(`${asked}_title`)} onClose=${() => setAsked("")}><div class="stack">
      <p>${t(`${asked}_detail`)}</p><${ProblemNotice} t=${t} problem=${problem} />
      <div class="row"><${Button} class=${asked === "cancel" ? "danger grow" : "go grow"} onPress=${carryOut}>${t(`${asked}_yes`)}<//>
        <${Button} class="quiet grow" onPress=${() => setAsked("")}>${t("back")}<//></div></div><//>`}`;
}

/** @param {{t: Translate, known: any}} properties */
function Details({ t, known }) {
  const { ticket, about } = known;
  const code = `${location.origin}/ticket/?${new URLSearchParams({ branch: ticket.branch, id: ticket.id })}`;
  const picture = `/qr.svg?text=${encodeURIComponent(code)}`;
  useEffect(() => {
    keepCode(picture).catch(() => {}); // Without a network it is tried again when the page is opened next.
  }, [picture]);
  return html`<section class="card details">
    ${(!hasEnded(ticket.state) || ticket.state === "expired") && html`<figure><img src=${picture} alt=${t("qr_alt")} /><figcaption class="soft">${t("qr_show")}</figcaption></figure>`}
    <dl class="stack">
      ${about && html`<div><dt>${t("services", { n: about.services.length })}</dt>
        <dd>${about.services.map((/** @type {any} */ service) => html`<p>${service.name[t.language]}</p>`)}</dd></div>
        <div><dt>${t("branch")}</dt><dd>${about.name[t.language]}<p class="soft">${about.address[t.language]}</p></dd></div>`}
      ${ticket.party_size > 1 && html`<div><dt>${t("party")}</dt><dd>${ticket.party_size}</dd></div>`}
      <div><dt>${t("issued")}</dt><dd>${clockText(ticket.issued_at)}</dd></div>
      ${about && html`<div><dt>${t("help")}</dt><dd><a href=${`tel:${about.phone}`}>${about.phone}</a></dd></div>`}
    </dl></section>`;
}

/** @param {{t: Translate, onLanguage: (language: any) => void, branch: string}} properties */
function Demo({ t, onLanguage, branch }) {
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  useEffect(() => {
    takeDemoTicket(branch, t.language).catch(setProblem);
  }, []);
  return html`<${Empty} t=${t} onLanguage=${onLanguage}><h1>${t("title")}</h1>
    ${problem ? html`<${Notice} tone="stop" title=${problem.title}>${problem.detail}<//>` : html`<p aria-busy="true">${t("loading")}</p>`}<//>`;
}

/** @param {{words: {[language: string]: Translate}, which: Which | null}} properties */
function Page({ words, which }) {
  const [language, setLanguage] = useState(chosenLanguage());
  const t = /** @type {Translate} */ (words[language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  if (demo) return html`<${Demo} t=${t} branch=${demo} onLanguage=${setLanguage} />`;
  if (!which) return html`<${Empty} t=${t} onLanguage=${setLanguage}><h1>${t("title")}</h1><p>${t("scan")}</p><//>`;
  return html`<${Followed} t=${t} which=${which} onLanguage=${setLanguage} />`;
}

if (!demo) navigator.serviceWorker?.register("/ticket/service-worker.js").catch(() => null);
const words = Object.fromEntries(await Promise.all(LANGUAGES.map(async (language) => [language, await texts("ticket", language)])));
document.title = words[chosenLanguage()]?.("title") ?? "Kezek";
render(html`<${Page} words=${words} which=${demo ? null : whichTicket()} />`, document.body);
