import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  matchPrecache,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching';

/*
 * The whole app is precached: it opens without a network, and asks no other origin for anything. A new version waits
 * until the person asks for it (`SKIP_WAITING`), never during a transfer.
 */
declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (PrecacheEntry | string)[] };

cleanupOutdatedCaches();
// The name is workbox's: the build puts the list of files here.
// oxlint-disable-next-line no-underscore-dangle
precacheAndRoute(self.__WB_MANIFEST);
const answerWithApp = createHandlerBoundToURL('index.html');

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode !== 'navigate' || request.method !== 'GET') return;
  const url = new URL(request.url);
  event.respondWith(matchPrecache(request).then((found) => found ?? answerWithApp({ request, url, event })));
});

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const message: unknown = event.data;
  const isSkip =
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'SKIP_WAITING';
  if (isSkip) event.waitUntil(self.skipWaiting());
});

// The very first visit is served from the cache from now on; an update never takes over a running page by itself.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
