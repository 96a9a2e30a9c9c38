import { TransferError } from '../../core/errors.ts';
import type { SaveJob, SaveListener } from '../../ports/saver.ts';
import { hasType } from './zip-messages.ts';
import type { KeepAlive, ZipNews, ZipOrder, ZipWish } from './zip-messages.ts';

/** A service worker of an older version, which knows no zips, never answers. */
const READY_TIMEOUT_MS = 3_000;
/** From loading the frame to the request in the service worker; within the same device. */
const START_TIMEOUT_MS = 10_000;
/**
 * Firefox ends a service worker that hears of nothing, even while it streams: after 29 s, or after 59 s where an event's
 * `waitUntil` was pending; with a message every 5 s it went on to the end (Firefox 153, 130 s, November 2026;
 * https://bugzilla.mozilla.org/show_bug.cgi?id=1302715). The file it leaves then is too short, and shown as complete. Chromium keeps the worker while its response is being read.
 */
const KEEP_ALIVE_MS = 5_000;
/** So many pings without any news: it was ended all the same. Counted, because a sleeping device pings nobody. */
const UNANSWERED_PINGS = 6;
/** A frame that goes away at once may take the download with it that has just begun. */
const FRAME_STAYS_MS = 10_000;

/**
 * Has the service worker stream all of it into a download (`src/sw/zip-downloads.ts`). The download is started by a
 * hidden frame: a navigation of the page itself would ask "leave this page?", and a link with `download` does not go
 * through the service worker in every browser. The page has to stay open until it is over.
 *
 * Resolves to 'unavailable' where no service worker controls the page; nothing has happened then. Private windows have
 * one (Firefox 153, Chromium 156): the files then come out of IndexedDB in Firefox.
 */
export async function saveZip(job: SaveJob, listener: SaveListener): Promise<'saved' | 'stopped' | 'unavailable'> {
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker.controller : null;
  if (worker === null) return 'unavailable';
  const { port1: port, port2 } = new MessageChannel();
  const order: ZipOrder = { type: 'ZIP', ...job };
  worker.postMessage(order, [port2]);
  const end = new AbortController();
  const tell = (wish: ZipWish): void => port.postMessage(wish);
  listener.signal.addEventListener('abort', () => tell({ type: 'stop' }), { signal: end.signal });
  const awake = (): void => {
    worker.postMessage({ type: 'KEEP_ALIVE' } satisfies KeepAlive);
    tell({ type: 'ping' });
  };
  try {
    return await follow(port, listener, awake, end.signal);
  } finally {
    // Of use only where it was given up before its end.
    tell({ type: 'stop' });
    end.abort();
    port.close();
  }
}

/** Settles when it is over. @param awake keeps the service worker awake, and asks whether it still is the same */
function follow(
  port: MessagePort,
  { onProgress }: SaveListener,
  awake: () => void,
  ended: AbortSignal,
): Promise<'saved' | 'stopped' | 'unavailable'> {
  return new Promise((resolve, reject) => {
    let unanswered = 0;
    const pings = setInterval(() => {
      if (unanswered >= UNANSWERED_PINGS) return fail('the browser ended the service worker in the middle of it');
      unanswered++;
      awake();
    }, KEEP_ALIVE_MS);
    ended.addEventListener('abort', () => clearInterval(pings));
    let timer = setTimeout(() => resolve('unavailable'), READY_TIMEOUT_MS);
    const fail = (message: string): void => reject(new TransferError('save-failed', 'host', `zip: ${message}`));
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isNews(data)) return;
      unanswered = 0;
      if (data.type !== 'progress' && data.type !== 'alive') clearTimeout(timer);
      switch (data.type) {
        case 'ready':
          loadInFrame(data.url);
          timer = setTimeout(() => fail('the browser did not ask the service worker for it'), START_TIMEOUT_MS);
          return;
        case 'started':
        case 'alive':
          return;
        case 'progress':
          return onProgress(data.bytesSaved);
        case 'done':
          return resolve('saved');
        case 'stopped':
          return resolve('stopped');
        case 'failed':
          return fail(data.message);
        default:
          data satisfies never;
      }
    });
    port.start();
  });
}

/** Only our own service worker has the other end of the port. */
function isNews(message: unknown): message is ZipNews {
  return hasType(message);
}

function loadInFrame(url: string): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
  setTimeout(() => frame.remove(), FRAME_STAYS_MS);
}
