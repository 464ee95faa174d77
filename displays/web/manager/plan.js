// The plan of a day: every value and where it comes from, a change with its preview, the versions.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { watchBoard } from "../shared/live.js";
import { Notice } from "../shared/ui.js";
import { DateField } from "../shared/date_field.js";
import { Answered, Done, useAnswer } from "./parts.js";
import { Entry } from "./plan_entry.js";
import { SaveBar } from "./plan_save.js";
import { Versions } from "./versions.js";

/** @typedef {import("./manager.js").Office} Office */
/** @typedef {{[name: string]: unknown}} Draft values that were typed and are not saved */

/** Which values stand together; one that no section names stands in the last. */
const SECTIONS = {
  hours: ["opens", "closes", "last_admission_minutes", "tickets_before_opening_minutes", "overtime_minutes"],
  door: ["group_admission", "release_by", "group_size", "group_interval_minutes", "arrive_within_minutes", "hall_limit", "party_limit"],
  pauses: ["sanitation_every_minutes", "sanitation_minutes", "drain_minutes"],
  counters: ["counters_in_use"],
  visitors: ["message"],
  rules: ["non_online_only", "accepted_reasons", "ageing_minutes"],
};

/** @param {any} plan */
function sectionsOf(plan) {
  const named = new Set(Object.values(SECTIONS).flat());
  const rest = plan.values.map((/** @type {any} */ one) => one.name).filter((/** @type {string} */ name) => !named.has(name));
  const byName = new Map(plan.values.map((/** @type {any} */ one) => [one.name, one]));
  return Object.entries(SECTIONS).map(([section, names]) => ({
    section,
    values: [...names, ...(section === "rules" ? rest : [])].map((name) => byName.get(name)).filter(Boolean),
  }));
}

/** Whether two values of a plan are the same. @param {unknown} one @param {unknown} other */
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** The drafts that differ from the plan. @param {any} plan @param {Draft} draft @returns {Draft} */
function changesOf(plan, draft) {
  const present = new Map(plan.values.map((/** @type {any} */ one) => [one.name, one.value]));
  return Object.fromEntries(Object.entries(draft).filter(([name, value]) => !same(present.get(name), value)));
}

/**
 * What was typed and is not saved: it outlives another tab of the page and a reload, one for each day.
 * @param {string} place branch and day
 */
function useDraft(place) {
  const key = `kezek.draft.${place}`;
  const [, changed] = useState(0);
  const typed = useRef({ key: "", draft: /** @type {Draft} */ ({}) });
  if (typed.current.key !== key) typed.current = { key, draft: JSON.parse(sessionStorage.getItem(key) ?? "{}") };
  /** @param {(before: Draft) => Draft} change */
  const keep = (change) => {
    typed.current.draft = change(typed.current.draft);
    sessionStorage.setItem(key, JSON.stringify(typed.current.draft));
    changed((n) => n + 1);
  };
  return /** @type {const} */ ([typed.current.draft, keep]);
}

/** The version of the plan in force on a date as the gateway has it; 0 where it says nothing of that date. @param {string} branch @param {string} day */
function useLiveVersion(branch, day) {
  const [live, setLive] = useState({ date: "", version: 0 });
  useEffect(() => watchBoard(branch, ({ board }) => board && setLive({ date: board.date, version: board.plan_version })), [branch]);
  return live.date === day ? live.version : 0;
}

/** @param {{office: Office}} properties */
export function Plan({ office }) {
  const { t, api, home } = office;
  const [date, setDate] = useState("");
  const query = date ? `?date=${date}` : "";
  const plan = useAnswer(() => api.get(`${home}/plan${query}`), [date]);
  const versions = useAnswer(() => api.get(`${home}/plan/versions${query}`), [date]);
  const day = plan.found?.date;
  const [draft, setDraft] = useDraft(`${office.branch}.${day}`);
  const [done, setDone] = useState("");
  const refresh = async () => {
    await Promise.all([plan.again(), versions.again()]);
  };
  const version = useLiveVersion(office.branch, day);
  useEffect(() => {
    // Whoever is typing is told when saving, with what has changed meanwhile.
    if (version && plan.found && version !== plan.found.version && Object.keys(draft).length === 0) refresh();
  }, [version]);
  /** @param {string} said */
  const saved = async (said) => {
    setDraft(() => ({}));
    setDone(said);
    await Promise.all([plan.again(), versions.again()]);
  };
  return html`<${Answered} t=${t} answer=${plan}>${(/** @type {any} */ found) => html`
    <div class="row plan-head">
      <${DateField} t=${t} id="plan-date" label=${t("plan_of")} value=${found.date} onInput=${setDate} />
      <p class="plan-day"><span class="badge tone-info">${t("version", { n: found.version })}</span></p>
      ${found.closed_reason && html`<${Notice} tone="pause" title=${found.closed_text || t("closed_day")} />`}
    </div>
    <${Done} t=${t} text=${done} />
    ${!found.may_change && html`<p class="soft">${t("read_only")}</p>`}
    <fieldset class="sections" disabled=${!found.may_change}>
      ${sectionsOf(found).map(({ section, values }) => values.length > 0 && html`<section class="card stack">
        <h3>${t(`section_${section}`)}</h3>
        ${section === "pauses" && html`<p class="soft">${pausesText(t, found)}</p>`}
        ${values.map((value) => html`<${Entry} key=${value.name} t=${t} value=${value} draft=${draft[value.name]}
          onChange=${(/** @type {unknown} */ typed) => { setDone(""); setDraft((before) => ({ ...before, [value.name]: typed })); }} />`)}
      </section>`)}
    </fieldset>
    <${SaveBar} office=${office} plan=${found} versions=${versions.found?.versions ?? []} query=${query} changes=${found.may_change ? changesOf(found, draft) : {}}
      onSaved=${saved} onDrop=${() => setDraft(() => ({}))} onStale=${refresh} />
    <${Versions} office=${office} answer=${versions} present=${found.version} mayRevert=${found.may_change} query=${query} onSaved=${saved} />`}
  </${Answered}>`;
}

/** @param {import("../shared/texts.js").Translate} t @param {any} plan */
function pausesText(t, plan) {
  const times = (plan.pauses ?? []).map((/** @type {any} */ one) => one.starts_at.slice(11, 16));
  return times.length ? t("pauses_at", { times: times.join(", ") }) : t("no_pauses_ahead");
}
