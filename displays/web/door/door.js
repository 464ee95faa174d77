// The attendant's page. Everything done goes through the outbox first, with a network or without.
import { html, render, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { apiAs } from "../shared/api.js";
import * as session from "../shared/session.js";
import { texts } from "../shared/texts.js";
import { Header, LanguageSwitch, Notice, ProblemNotice, SignedIn, clockText, clockTextOf, useTick } from "../shared/ui.js";
import { Alarm } from "./alarm.js";
import { deedsOf } from "./deeds.js";
import { Awaited, NextGroup } from "./group.js";
import { Hall, Inside } from "./hall.js";
import { Outbox, ownerOf } from "./outbox.js";
import { withUnsent } from "./overlay.js";
import { RecountDialog } from "./recount.js";
import { Sanitation } from "./sanitation.js";
import { ScanDialog } from "./scan.js";
import { Sender } from "./sender.js";
import { Returned, Unsent } from "./unsent.js";
import { nowOf, useDoor } from "./view.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("../shared/api.js").Problem} Problem */
/** @typedef {import("./outbox.js").Command} Command */
/** @typedef {{t: Translate, api: import("../shared/api.js").Api, home: string, branch: string, outbox: Outbox, me: session.Session}} Kit */
/** @typedef {import("./deeds.js").Count} Count */

/** The commands of this tablet, as they stand on its disk. @param {Outbox} outbox */
function useCommands(outbox) {
  const [commands, setCommands] = useState(/** @type {Command[]} */ ([]));
  const reload = async () => setCommands(await outbox.all());
  useEffect(() => {
    outbox.onChange = reload;
    reload();
  }, [outbox]);
  return { commands, reload };
}

/** @param {{kit: Kit}} properties */
function Door({ kit }) {
  const { t, api, home, branch, outbox } = kit;
  const { commands, reload } = useCommands(outbox);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [dialog, setDialog] = useState("");
  const [count, setCount] = useState(/** @type {Count | null} */ (null));
  const look = useRef(async () => {});
  const sender = useMemo(() => new Sender(outbox, api, home, (found) => (setProblem(found), found ? null : look.current())), [outbox]);
  const answered = () => {
    setProblem(null);
    sender.send();
  };
  const door = useDoor(api, home, branch, outbox, answered);
  look.current = door.look;
  useEffect(() => {
    sender.send();
  }, [sender]);
  useTick();
  const mine = commands.filter(({ owner }) => owner === outbox.owner);
  const offline = !navigator.onLine || Boolean(door.problem?.offline || problem?.offline);
  const stopped = [problem, door.problem].find((one) => one && !one.offline) ?? null;
  if (!door.view) return html`<${Shell} kit=${kit} offline=${offline}>
    ${door.problem ? html`<${ProblemNotice} t=${t} problem=${door.problem} /><${Expired} kit=${kit} problem=${door.problem} />` : html`<p aria-busy="true">${t("loading")}</p>`}</${Shell}>`;
  const view = withUnsent(door.view, mine);
  const unsent = mine.filter(({ sent }) => !sent);
  const now = nowOf(view);
  const deeds = deedsOf(outbox, sender, view, offline, mine, reload);
  /** @param {number} occupancy @param {string} reason */
  const recount = async (occupancy, reason) => {
    setCount(null);
    if (count) await deeds.recount(count, occupancy, reason);
  };
  const { act } = deeds;
  const parts = { t, view, now, offline, act };
  return html`<${Shell} kit=${kit} offline=${offline} clock=${clockTextOf(now, view.at)} since=${offline ? clockText(view.at) : ""} waiting=${unsent.filter(({ refused }) => !refused).length}>
    <${ProblemNotice} t=${t} problem=${stopped} />
    <${Expired} kit=${kit} problem=${stopped} />
    <${Alarm} t=${t} view=${view} />
    <${Returned} t=${t} view=${view} commands=${unsent} onAmend=${deeds.amend} onDrop=${deeds.drop} onCount=${setCount} />
    <${Unsent} t=${t} view=${view} commands=${unsent} strangers=${commands.filter(({ owner, sent }) => owner !== outbox.owner && !sent).length} onDrop=${deeds.drop} />
    <div class="door">
      <div class="stack">
        <${NextGroup} ...${parts} />
        <${Awaited} ...${parts} onScan=${() => setDialog("scan")} />
      </div>
      <div class="stack">
        <${Hall} ...${parts} onRecount=${() => setCount({ occupancy: view.hall.occupancy, reason: "" })} />
        <${Sanitation} ...${parts} />
        <${Inside} ...${parts} />
      </div>
    </div>
    ${dialog === "scan" && html`<${ScanDialog} t=${t} view=${view} act=${act} onClose=${() => setDialog("")} />`}
    ${count && html`<${RecountDialog} t=${t} count=${count} most=${view.largest_count} onClose=${() => setCount(null)} onAnswer=${recount} />`}
  </${Shell}>`;
}

/** The way back for whoever is not known any more: a person signs in, a tablet is paired. @param {{kit: Kit, problem: Problem | null}} properties */
function Expired({ kit: { t, me }, problem }) {
  if (problem?.status !== 401) return null;
  const person = Boolean(me.name);
  const back = () => {
    session.forget("door");
    if (person) session.signInAt("door");
    else session.leave("door");
  };
  return html`<button type="button" class="button" data-command="known-again" onClick=${back}>${t(person ? "sign_in" : "pair_again")}</button>`;
}

/** @param {{kit: Kit, offline: boolean, clock?: string, since?: string, waiting?: number, children?: unknown}} properties */
function Shell({ kit, offline, clock, since, waiting = 0, children }) {
  const { t } = kit;
  return html`${offline && html`<div class="stale" role="status" data-network="away">${t(since ? "offline_since" : "offline", { time: since ?? "", n: waiting })}</div>`}
    <${Header} t=${t} title=${t("title")}>
      ${clock && html`<span class="clock number">${clock}</span>`}
      ${kit.me.name && html`<${SignedIn} t=${t} me=${kit.me} page="door" api=${kit.api} held=${offline || waiting > 0} />`}
      <${LanguageSwitch} t=${t} />
    </${Header}>
    <main class="page">${children}</main>`;
}

const me = await session.require("door");
const t = await texts("door");
document.title = t("title");
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/door/service-worker.js", { scope: "/door/" });
navigator.storage?.persist?.();
if (window.isSecureContext) {
  const outbox = await Outbox.open(me.branch, ownerOf(me));
  const home = `/v1/branches/${encodeURIComponent(me.branch)}`;
  render(html`<${Door} kit=${{ t, api: apiAs(me.token, t.language), home, branch: me.branch, outbox, me }} />`, document.body);
} else {
  render(html`<main class="page"><${Notice} tone="stop" title=${t("not_secure")}>${t("not_secure_detail")}</${Notice}></main>`, document.body);
}
