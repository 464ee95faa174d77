// An alarm is seen and heard: three short notes again and again, until it is over or silenced.
import { html, useEffect, useState } from "../vendor/preact.js";
import { Notice } from "../shared/ui.js";
import { note } from "../shared/sound.js";

/** Told on `window` each time that the alarm is heard: its kind. */
const HEARD = "kezek-alarm";
const AGAIN_MS = 4000;
const HERTZ = 880;
const NOTES_S = [0, 0.22, 0.44];
const SHORT_S = 0.18;

/** Whether the browser lets the page make a sound; it does so after a touch. @param {AudioContext} context */
const isHeard = (context) => context.state === "running";

/** Sounds an alarm while it is on. @param {string} kind empty for none @returns {{blocked: boolean}} */
function useSound(kind) {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    if (!kind) return undefined;
    const context = new AudioContext();
    const sound = () => {
      setBlocked(!isHeard(context));
      if (!isHeard(context)) return;
      for (const at of NOTES_S) note(context, HERTZ, context.currentTime + at, SHORT_S);
      window.dispatchEvent(new CustomEvent(HEARD, { detail: kind }));
    };
    const unlock = () => void context.resume();
    context.onstatechange = sound;
    // Not earlier in the touch: the very touch that asks for the sound would then silence it.
    document.addEventListener("click", unlock);
    const timer = setInterval(sound, AGAIN_MS);
    sound();
    return () => {
      clearInterval(timer);
      document.removeEventListener("click", unlock);
      context.onstatechange = null;
      context.close();
    };
  }, [kind]);
  return { blocked };
}

/** @param {{t: import("../shared/texts.js").Translate, view: any}} properties */
export function Alarm({ t, view }) {
  const [silenced, setSilenced] = useState("");
  const kind = view.alarm ?? "";
  const isSilent = silenced === kind;
  const { blocked } = useSound(isSilent ? "" : kind);
  useEffect(() => setSilenced(""), [kind]);
  if (!kind) return null;
  const people = view.hall.occupancy + view.hall.released;
  return html`<div role="alert"><${Notice} tone="stop" title=${t(`alarm_${kind}`)}>
    <p>${t(`alarm_${kind}_detail`, { n: people })}</p>
    ${!isSilent && html`<button type="button" class="button danger" data-command="alarm-sound" onClick=${() => blocked || setSilenced(kind)}>${t(blocked ? "alarm_unmute" : "alarm_silence")}</button>`}
  </${Notice}></div>`;
}
