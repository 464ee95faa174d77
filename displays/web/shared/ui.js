// Parts that every page shows alike.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { isDoubled } from "./press.js";
import { chooseBranch, signOut } from "./session.js";
import { LANGUAGES, LANGUAGE_NAMES, keepLanguage } from "./texts.js";

/** @typedef {import("./texts.js").Translate} Translate */
/** @typedef {import("./api.js").Problem} Problem */

/** "10:05" of an RFC 3339 instant, in the zone in which the service wrote it. @param {string | null | undefined} instant */
export const clockText = (instant) => (instant ? instant.slice(11, 16) : "");

/** "10:05" of epoch milliseconds in the zone of another instant. @param {number} ms @param {string} like */
export function clockTextOf(ms, like) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(like) ?? ["", "+", "0", "0"];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  return new Date(ms + offset * 60_000).toISOString().slice(11, 16);
}

/** "4:05" of a span that counts down; never below zero. @param {number} ms */
export function spanText(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Whole minutes that are left until an instant, none below zero. @param {string} instant @param {number} now epoch milliseconds */
const minutesTo = (instant, now) => Math.max(0, Math.round((Date.parse(instant) - now) / 60_000));

/** Nobody counts so many minutes: a time of day says more. */
const FAR_MINUTES = 60;

/** An estimate of the service as a range of whole minutes from now on, and of clock times. @param {{low_at: string, high_at: string}} estimate @param {number} now epoch milliseconds */
export const rangeOf = ({ low_at, high_at }, now) => ({ low: minutesTo(low_at, now), high: minutesTo(high_at, now), from: clockText(low_at), to: clockText(high_at) });

/** Whether a range is better told in clock times alone. @param {{low: number}} range */
export const isFar = ({ low }) => low >= FAR_MINUTES;

/** Runs `tick` about once a second while the part is shown. @param {number} [every] */
export function useTick(every = 1000) {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), every);
    return () => clearInterval(timer);
  }, [every]);
}

/** @param {{name?: string}} _ */
export const Mark = (_ = {}) => html`<span class="mark" aria-hidden="true"><i></i><i></i><i></i></span>`;

/** @param {{t: Translate, title: string, children?: unknown}} properties */
export function Header({ t, title, children }) {
  return html`<header class="head">
    <a class="head-brand" href="/" title=${t("to_start")}><${Mark} /><b>Kezek</b></a>
    <h1 class="head-title">${title}</h1>
    <div class="head-side">${children}</div>
  </header>`;
}

/** Changes the language of the whole page. @param {{t: Translate, onChange?: (language: string) => void}} properties */
export function LanguageSwitch({ t, onChange }) {
  /** @param {import("./texts.js").Language} language */
  const choose = (language) => {
    keepLanguage(language);
    onChange ? onChange(language) : location.reload();
  };
  return html`<div class="languages" role="group" aria-label=${t("language")}>
    ${LANGUAGES.map(
      (code) => html`<button
        type="button" lang=${code} class="language" aria-pressed=${String(code === t.language)}
        onClick=${() => choose(code)}>${LANGUAGE_NAMES[code]}</button>`,
    )}
  </div>`;
}

/**
 * Something that is not begun again while it is under way, and whether it is.
 * @param {() => unknown} action @returns {[() => Promise<void>, boolean]}
 */
export function useOnce(action) {
  const [busy, setBusy] = useState(false);
  const under_way = useRef(false);
  const begin = async () => {
    if (under_way.current) return;
    under_way.current = true;
    setBusy(true);
    try {
      await action();
    } finally {
      under_way.current = false;
      setBusy(false);
    }
  };
  return [begin, busy];
}

/**
 * A button whose second press does nothing while the first is under way, nor when it came with it.
 * @param {{onPress: () => unknown, class?: string, disabled?: boolean, children?: unknown, [more: string]: unknown}} properties
 */
export function Button({ onPress, class: look = "", disabled = false, children, ...more }) {
  const [begin, busy] = useOnce(onPress);
  /** @param {Event} event */
  const press = (event) => (isDoubled(event) ? undefined : begin());
  return html`<button type="button" ...${more} class=${`button ${look}`} disabled=${disabled}
    aria-busy=${String(busy)} onClick=${press}>${children}</button>`;
}

/**
 * Who is signed in at a page, and the way out; for whoever has all branches the way to another.
 * @param {{t: Translate, me: import("./session.js").Session, page: import("./session.js").Page, api: import("./api.js").Api, held?: boolean}} properties
 *   `held`: nobody can leave now
 */
export function SignedIn({ t, me, page, api, held = false }) {
  return html`${me.name && html`<span class="signed-in">${me.name}</span>`}
    ${me.everywhere && html`<button type="button" class="button quiet small" onClick=${() => chooseBranch(page)}>${t("other_branch")}</button>`}
    <${Button} class="quiet small" disabled=${held} data-command="sign-out" onPress=${() => signOut(page, api, me)}>${t("sign_out")}</${Button}>`;
}

/** @param {{tone?: "info" | "go" | "pause" | "stop", title?: unknown, children?: unknown, live?: boolean}} properties */
export function Notice({ tone = "info", title, children, live = false }) {
  return html`<div class=${`notice tone-${tone}`} role=${live ? "status" : undefined}>
    ${title && html`<b class="notice-title">${title}</b>`}<div>${children}</div>
  </div>`;
}

/** What was refused and what to do. @param {{t: Translate, problem: Problem | null, onClose?: () => void}} properties */
export function ProblemNotice({ t, problem, onClose }) {
  if (!problem) return null;
  const title = problem.offline ? t("no_connection") : problem.title;
  const detail = problem.offline ? t("no_connection_detail") : problem.detail;
  return html`<div class="notice tone-stop" role="alert">
    <b class="notice-title">${title}</b><div>${detail}</div>
    ${(problem.body.fields ?? []).map((/** @type {{field: string, detail: string}} */ f) => html`<div>${problem.kind === "invalid-parameter" ? f.detail : `${f.field}: ${f.detail}`}</div>`)}
    ${onClose && html`<button type="button" class="button quiet small" onClick=${onClose}>${t("close")}</button>`}
  </div>`;
}

/**
 * A question over the page; Escape and the way back close it, the focus stays inside.
 * @param {{title: string, onClose: () => void, children?: unknown}} properties
 */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  /** @param {Event} event */
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog ref=${dialog} class="dialog" aria-label=${title} onCancel=${cancel}>
    <h2>${title}</h2>${children}
  </dialog>`;
}

/** Says that what is shown may be old, and since when. @param {{t: Translate, stale: boolean, since: string}} properties */
export function Stale({ t, stale, since }) {
  if (!stale) return null;
  return html`<div class="stale" role="status">${since ? t("stale_since", { time: since }) : t("stale")}</div>`;
}

/**
 * How full the hall is: who is in it, then who is on the way and has a place kept.
 * @param {{label: string, inside: number, coming: number, limit: number}} properties
 */
export function HallBar({ label, inside, coming, limit }) {
  const shown = Math.min(inside, limit);
  /** @param {number} people */
  const share = (people) => ({ "inline-size": limit ? `${(100 * people) / limit}%` : "0" });
  return html`<div class="hall-bar" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax=${limit} aria-valuenow=${shown}>
    <i style=${share(shown)}></i><i class="coming" style=${share(Math.min(coming, limit - shown))}></i></div>`;
}
