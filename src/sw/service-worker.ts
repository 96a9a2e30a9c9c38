import { hasType, isZipOrder } from '../adapters/files/zip-messages.ts';
import { receivedBlob } from '../adapters/storage/received-files.ts';
import { Precache, type PrecacheEntry } from './precache.ts';
import { ZipDownloads } from './zip-downloads.ts';

/*
 * The whole app is precached: it opens without a network, and asks no other origin for anything. A new version waits
 * until the person asks for it (`SKIP_WAITING`), never during a transfer. What is not a file of ours (another app in a
 * folder below) goes to the network as if we were not here: there is one page, and links carry all they have in the
 * fragment, so there is nothing to fall back for.
 *
 * Received files leave through here as one zip (`zip-downloads.ts`), since only a service worker can answer a download
 * with bytes that come one after the other.
 */
declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly PrecacheEntry[] };

const { scope } = self.registration;
// The name is vite-plugin-pwa's: the build puts the list of files here.
// oxlint-disable-next-line no-underscore-dangle
const precache = new Precache(self.__WB_MANIFEST, { caches, fetch: (request) => fetch(request), scope });
const zips = new ZipDownloads({
  scope,
  blob: (transferId, stored, sizeBytes) => receivedBlob(transferId, stored, sizeBytes),
  uniqueName: () => crypto.randomUUID(),
});

self.addEventListener('install', (event) => event.waitUntil(precache.install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (zips.owns(request.url)) event.respondWith(zips.answer(request.url));
  else if (precache.owns(request.url)) event.respondWith(precache.answer(request));
});

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const message: unknown = event.data;
  const [port] = event.ports;
  if (isZipOrder(message) && port !== undefined) event.waitUntil(zips.accept(message, port));
  // KEEP_ALIVE asks for nothing: that it is heard puts off the end of this worker.
  else if (hasType(message) && message.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
});

async function activate(): Promise<void> {
  // At the first visit the page is not ours yet: from now on, even that one needs no network.
  await self.clients.claim();
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // The one that asked for the update reloads; any other still runs the old version, and may need its lazy parts.
  if (windows.filter(({ url }) => url.startsWith(scope)).length <= 1) await precache.removeOlder();
}
