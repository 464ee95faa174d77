// What was done here and is not in the journal yet: it waits for the network, or was refused.
import { html, useState } from "../vendor/preact.js";
import { Button, Dialog, clockTextOf } from "../shared/ui.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {import("./outbox.js").Command} Command */

/** @param {Translate} t @param {Command} command */
function said(t, command) {
  const { kind, number, body } = command;
  if (body?.change) return t(body.change > 0 ? "one_in" : "one_out");
  return t(`did_${kind}`, { number, n: body?.occupancy ?? 0 });
}

/** @param {{t: Translate, view: any, commands: Command[], strangers: number, onDrop: (command: Command) => Promise<void>}} properties */
export function Unsent({ t, view, commands, strangers, onDrop }) {
  const waiting = commands.filter(({ refused }) => !refused);
  if (waiting.length === 0 && strangers === 0) return null;
  return html`<section class="card stack unsent" aria-label=${t("unsent")} data-unsent=${waiting.length}>
    ${waiting.length > 0 && html`<details><summary><b>${t("unsent_n", { n: waiting.length })}</b> <span class="soft">${t("unsent_about")}</span></summary>
      <ol class="deeds">${waiting.map((command) => html`<li key=${command.id}>
        <span class="number">${clockTextOf(command.doneAt, view.at)}</span> <span class="grow">${said(t, command)}</span>
        ${!command.tried && html`<${Button} class="quiet small" onPress=${() => onDrop(command)}>${t("undo")}</${Button}>`}</li>`)}</ol></details>`}
    ${strangers > 0 && html`<p class="soft">${t("strangers", { n: strangers })}</p>`}
  </section>`;
}

/**
 * @param {{t: Translate, view: any, commands: Command[], onAmend: (command: Command, changes: Partial<Command>) => Promise<void>,
 *   onDrop: (command: Command) => Promise<void>, onCount: (count: import("./deeds.js").Count) => void}} properties
 */
export function Returned({ t, view, commands, onAmend, onDrop, onCount }) {
  const refused = commands.filter((command) => command.refused);
  if (refused.length === 0) return null;
  return html`<section class="card stack returned" role="alert" aria-labelledby="returned" data-returned=${refused.length}>
    <h2 id="returned">${t("returned", { n: refused.length })}</h2>
    <ul class="deeds">${refused.map((command) => html`<${ReturnedDeed} key=${command.id} t=${t} view=${view} command=${command} commands=${commands} onAmend=${onAmend} onDrop=${onDrop} onCount=${onCount} />`)}</ul>
  </section>`;
}

/**
 * @param {{t: Translate, view: any, command: Command, commands: Command[], onAmend: (command: Command, changes: Partial<Command>) => Promise<void>,
 *   onDrop: (command: Command) => Promise<void>, onCount: (count: import("./deeds.js").Count) => void}} properties
 */
function ReturnedDeed({ t, view, command, commands, onAmend, onDrop, onCount }) {
  const [asks, setAsks] = useState(false);
  const held = commands.filter(({ needs }) => needs.includes(Number(command.id))).length;
  const occupancy = command.body?.occupancy ?? view.hall.occupancy;
  const countInstead = () => onCount({ occupancy, reason: command.body?.reason ?? said(t, command), instead: command });
  return html`<li data-command-returned=${command.kind}>
    <div class="grow"><b>${said(t, command)}</b> <span class="soft number">${clockTextOf(command.doneAt, view.at)}</span>
      <p>${command.refused?.title}. ${command.refused?.state ? html`<b>${command.number}: ${t(`state_${command.refused.state}`)}.</b>` : command.refused?.detail}</p>
      ${held > 0 && html`<p class="soft">${t("held_back", { n: held })}</p>`}</div>
    <div class="row">
      <${Button} class="small" data-command="again" onPress=${() => onAmend(command, { doneAt: doneNow(command, view) })}>${t("again")}</${Button}>
      ${["entered", "left", "recount"].includes(command.kind) && html`<button type="button" class="button quiet small" data-command="count-instead" onClick=${countInstead}>${t("count_instead")}</button>`}
      <button type="button" class="button danger small" data-command="drop" onClick=${() => setAsks(true)}>${t("drop")}</button>
    </div>
    ${asks && html`<${Dialog} title=${t("drop_title")} onClose=${() => setAsks(false)}>
      <div class="stack"><p>${said(t, command)}</p><p class="soft">${t("drop_about")}</p>
        <div class="row"><${Button} class="danger" data-command="drop-answer" onPress=${() => onDrop(command)}>${t("drop")}</${Button}>
          <button type="button" class="button quiet" onClick=${() => setAsks(false)}>${t("cancel")}</button></div></div>
    </${Dialog}>`}
  </li>`;
}

/** What was refused for its age is done anew; anything else keeps its time. @param {Command} command @param {any} view */
const doneNow = (command, view) => (command.refused?.kind === "done-too-long-ago" ? Math.floor(view.now_ms) : command.doneAt);
