// Keeps the page itself for when there is no network; what the queue says is never kept here.
const CACHE = "kezek-ticket-1";
const CODE = "/qr.svg";
const SHELL = [
  "/ticket/", "/ticket/ticket.js", "/ticket/stages.js", "/ticket/ways.js", "/ticket/demo.js", "/ticket/kept.js", "/ticket/ticket.css", "/ticket/manifest.webmanifest", "/ticket/icon-192.png",
  "/shared/style.css", "/shared/api.js", "/shared/live.js", "/shared/press.js", "/shared/session.js", "/shared/texts.js", "/shared/ui.js", "/vendor/preact.js", "/icon.svg", "/config.json",
  "/vendor/fonts/inter-latin-wght-normal.woff2", "/vendor/fonts/inter-cyrillic-wght-normal.woff2", "/vendor/fonts/inter-cyrillic-ext-wght-normal.woff2",
  ...["kk", "ru", "en"].flatMap((language) => [`/texts/${language}/shared.json`, `/texts/${language}/ticket.json`]),
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const isShell = address.origin === location.origin && SHELL.includes(address.pathname);
  if (event.request.method === "GET" && isShell) event.respondWith(freshOrKept(event.request, address.pathname));
  if (event.request.method === "GET" && address.pathname === CODE) event.respondWith(keptCode(event.request));
});

/** The page has kept it (`kept.js`): a code never changes. */
const keptCode = async (/** @type {Request} */ request) => (await caches.match(request)) ?? fetch(request);

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("kezek-ticket-") && name !== CACHE).map((name) => caches.delete(name)));
}

/** The network first: an old page must not meet a new service. The query is left out, it names a ticket. */
async function freshOrKept(request, path) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(path);
    if (kept) return kept;
    throw error;
  }
}
