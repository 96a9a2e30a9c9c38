import { TransferError } from '../../core/errors.ts';
import type { SaveJob, SaveListener } from '../../ports/saver.ts';
import { hasType } from './zip-messages.ts';
import type { KeepAlive, ZipNews, ZipOrder, ZipStop } from './zip-messages.ts';

/** A service worker of an older version, which knows no zips, never answers. */
const READY_TIMEOUT_MS = 3_000;
/** From loading the frame to the request in the service worker; within the same device. */
const START_TIMEOUT_MS = 10_000;
/**
 * Firefox ends a service worker that has heard of nothing for 30 s, even while it streams
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1302715); Chromium keeps it while a response is being read. In a window
 * that is hidden, timers come once a second in Firefox.
 */
const KEEP_ALIVE_MS = 5_000;
/** A frame that goes away at once may take the download with it that has just begun. */
const FRAME_STAYS_MS = 10_000;

/**
 * Has the service worker stream all of it into a download (`src/sw/zip-downloads.ts`). The download is started by a
 * hidden frame: a navigation of the page itself would ask "leave this page?", and a link with `download` does not go
 * through the service worker in every browser. The page has to stay open until it is over.
 *
 * Resolves to 'unavailable' where no service worker controls the page; nothing has happened then.
 */
export async function saveZip(job: SaveJob, listener: SaveListener): Promise<'saved' | 'stopped' | 'unavailable'> {
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker.controller : null;
  if (worker === null) return 'unavailable';
  const { port1: port, port2 } = new MessageChannel();
  const order: ZipOrder = { type: 'ZIP', ...job };
  worker.postMessage(order, [port2]);
  const keepAlive = setInterval(() => worker.postMessage({ type: 'KEEP_ALIVE' } satisfies KeepAlive), KEEP_ALIVE_MS);
  const stop = (): void => port.postMessage({ type: 'stop' } satisfies ZipStop);
  listener.signal.addEventListener('abort', stop);
  try {
    return await follow(port, listener);
  } finally {
    clearInterval(keepAlive);
    listener.signal.removeEventListener('abort', stop);
    port.close();
  }
}

function follow(port: MessagePort, { onProgress }: SaveListener): Promise<'saved' | 'stopped' | 'unavailable'> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => resolve('unavailable'), READY_TIMEOUT_MS);
    const fail = (message: string): void => reject(new TransferError('save-failed', 'host', `zip: ${message}`));
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isNews(data)) return;
      if (data.type !== 'progress') clearTimeout(timer);
      switch (data.type) {
        case 'ready':
          loadInFrame(data.url);
          timer = setTimeout(() => fail('the browser did not ask the service worker for it'), START_TIMEOUT_MS);
          return;
        case 'started':
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
