// Reads the code of a ticket with the camera: the browser's own reader where it has one, else jsQR.
import "../vendor/jsQR.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { Button, Dialog, Notice } from "../shared/ui.js";
import { enteredDeed, leftDeed } from "./group.js";

/** @typedef {import("../shared/texts.js").Translate} Translate */
/** @typedef {(image: ImageData) => {data: string} | null} ReadPixels */

const EVERY_MS = 200;
const WIDEST = 640;

/** The ticket's id in a code: that of the ticket's page, or the id itself. @param {string} code */
function ticketIn(code) {
  try {
    return new URL(code).searchParams.get("id") ?? "";
  } catch {
    return code.trim();
  }
}

/** @returns {Promise<(video: HTMLVideoElement) => Promise<string>>} what reads a code in a picture; an empty text where there is none */
async function reader() {
  const own = /** @type {any} */ (window).BarcodeDetector;
  if (own && (await own.getSupportedFormats()).includes("qr_code")) {
    const detector = new own({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const canvas = document.createElement("canvas");
  return async (video) => readPixels(canvas, video);
}

/** @param {HTMLCanvasElement} canvas @param {HTMLVideoElement} video */
function readPixels(canvas, video) {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || !canvas.width || !canvas.height) return "";
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  const read = window.jsQR;
  return read(image.data, image.width, image.height)?.data ?? "";
}

/** Calls `onCode` with each code that comes before the camera. @param {HTMLVideoElement} video @param {(code: string) => void} onCode @param {() => void} onBlind */
function watch(video, onCode, onBlind) {
  /** @type {MediaStream | null} */
  let stream = null;
  let timer = 0;
  let ended = false;
  const begin = async () => {
    const read = await reader();
    const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (ended) return opened.getTracks().forEach((track) => track.stop());
    stream = opened;
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      const code = video.videoWidth ? await read(video).catch(() => "") : "";
      if (ended) return;
      if (code) onCode(code);
      timer = window.setTimeout(look, EVERY_MS);
    };
    await look();
  };
  begin().catch(() => ended || onBlind());
  return () => {
    ended = true;
    clearTimeout(timer);
    stream?.getTracks().forEach((track) => track.stop());
  };
}

/** @param {{t: Translate, view: any, act: import("./deeds.js").Act, onClose: () => void}} properties */
export function ScanDialog({ t, view, act, onClose }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [seen, setSeen] = useState({ code: "", entered: "" });
  const [blind, setBlind] = useState(false);
  const take = useRef((/** @type {string} */ _) => {});
  take.current = (code) => {
    if (code === seen.code) return;
    const ticket = view.released.find((/** @type {any} */ one) => one.id === ticketIn(code) && one.actions.includes("entered"));
    setSeen({ code, entered: ticket?.number ?? "" });
    if (ticket) act(enteredDeed(ticket));
  };
  useEffect(() => (video.current ? watch(video.current, (code) => take.current(code), () => setBlind(true)) : undefined), []);
  return html`<${Dialog} title=${t("scan_title")} onClose=${onClose}>
    <div class="stack">
      <video ref=${video} class="camera" muted playsinline hidden=${blind} aria-label=${t("scan_title")}></video>
      ${blind && html`<${Notice} tone="pause" title=${t("no_camera")}>${t("no_camera_detail")}</${Notice}>`}
      <div role="status"><${Found} t=${t} view=${view} seen=${seen} act=${act} blind=${blind} /></div>
      <button type="button" class="button quiet" onClick=${onClose}>${t("close")}</button>
    </div>
  </${Dialog}>`;
}

/** @param {{t: Translate, view: any, seen: {code: string, entered: string}, act: import("./deeds.js").Act, blind: boolean}} properties */
function Found({ t, view, seen, act, blind }) {
  if (seen.entered) return html`<${Notice} tone="go" title=${t("scan_entered", { number: seen.entered })} />`;
  if (!seen.code) return blind ? null : html`<p class="soft">${t("scan_about")}</p>`;
  const inside = view.inside.find((/** @type {any} */ one) => one.id === ticketIn(seen.code) && one.actions.includes("left"));
  if (!inside) return html`<${Notice} tone="stop" title=${t("scan_stranger")}>${t("scan_stranger_detail")}</${Notice}>`;
  return html`<div class="row"><b class="number grow">${inside.number}</b> <${Button} data-command="scan-left" onPress=${() => act(leftDeed(inside))}>${t("left")}</${Button}></div>`;
}
