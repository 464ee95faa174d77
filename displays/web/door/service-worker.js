// Keeps the shell of the door page, so that it opens without a network. What the branch says is not its business.
const CACHE = "kezek-door-2";
const PATIENCE_MS = 3000;
const LANGUAGES = ["kk", "ru", "en"];
const SHELL = [
  "/door/",
  "/door/alarm.js",
  "/door/deeds.js",
  "/door/door.css",
  "/door/door.js",
  "/door/group.js",
  "/door/hall.js",
  "/door/outbox.js",
  "/door/overlay.js",
  "/door/recount.js",
  "/door/sanitation.js",
  "/door/scan.js",
  "/door/sender.js",
  "/door/unsent.js",
  "/door/view.js",
  "/door/manifest.webmanifest",
  "/shared/style.css",
  "/shared/api.js",
  "/shared/live.js",
  "/shared/press.js",
  "/shared/refresh.js",
  "/shared/session.js",
  "/shared/sound.js",
  "/shared/texts.js",
  "/shared/ui.js",
  "/vendor/preact.js",
  "/vendor/jsQR.js",
  "/vendor/fonts/inter-latin-wght-normal.woff2",
  "/vendor/fonts/inter-cyrillic-wght-normal.woff2",
  "/vendor/fonts/inter-cyrillic-ext-wght-normal.woff2",
  "/icon.svg",
  "/config.json",
  ...LANGUAGES.flatMap((language) => [`/texts/${language}/door.json`, `/texts/${language}/shared.json`]),
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || !SHELL.includes(pathname)) return;
  event.respondWith(newest(pathname));
});

async function forgetOlder() {
  const older = (await caches.keys()).filter((name) => name.startsWith("kezek-door-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

/** From the network where it answers soon, else as it was. */
async function newest(pathname) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(pathname, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await cache.put(pathname, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(pathname);
    if (kept) return kept;
    throw error;
  }
}
