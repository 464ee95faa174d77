// How far a run has come.
import { html } from "../vendor/preact.js";

/** One colour for a state everywhere. @type {{[state: string]: string}} */
const TONES = { queued: "tone-wait", running: "tone-next", done: "tone-go", failed: "tone-stop", cancelled: "tone-pause" };

/** @param {{run: any}} properties */
export const StateBadge = ({ run }) => html`<span class=${`badge ${TONES[run.state]}`} data-state=${run.state}>${run.state_text}</span>`;

/** @param {{run: any}} properties */
export function Progress({ run }) {
  const { done, of, text } = run.progress;
  return html`<div class="progress"><progress max=${of} value=${done} aria-label=${text}></progress><b class="number">${text}</b></div>`;
}
