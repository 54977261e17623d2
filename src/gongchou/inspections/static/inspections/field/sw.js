// Lets the page open without a network. BUILD stands above: what the page is made of, each file with its digest.
// A version comes in whole or not at all, and the older one serves until the page says that nothing is open.
/* global BUILD */
const NAME = `field-${BUILD.version}`;

async function hexOf(buffer) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
  return Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
}

async function take(cache, [url, digest]) {
  const response = await fetch(url, { cache: "no-store", credentials: "same-origin" });
  const buffer = await response.clone().arrayBuffer();
  // In the middle of an update the platform may hand out files of two versions.
  if (!response.ok || (await hexOf(buffer)) !== digest) throw new Error(`${url} is not of this version`);
  await cache.put(url, response);
}

async function install() {
  const cache = await caches.open(NAME);
  await Promise.all(Object.entries(BUILD.files).map((one) => take(cache, one)));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("field-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.data === "take-over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method === "GET" && origin === self.location.origin && pathname in BUILD.files) {
    event.respondWith(answer(event.request));
  }
});
