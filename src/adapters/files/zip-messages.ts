import type { SaveJob } from '../../ports/saver.ts';

/*
 * How a page has the service worker stream a zip to the browser's downloads: the page orders it, with a port of its own;
 * the worker answers `ready` with a URL that is good for one request; the page loads that in a hidden frame.
 */

/** Page to service worker, with the port as the one thing transferred. */
export interface ZipOrder extends SaveJob {
  readonly type: 'ZIP';
}

/** Page to service worker, again and again: a worker that hears nothing is ended, in the middle of a download. */
export interface KeepAlive {
  readonly type: 'KEEP_ALIVE';
}

/** Page to service worker, over the port. */
export type ZipWish =
  | { readonly type: 'stop' }
  /** Answered by `alive`, unless the worker that knew the order was ended: another one then hears KEEP_ALIVE. */
  | { readonly type: 'ping' };

/** Service worker to page, over the port. */
export type ZipNews =
  /** Load this, once. */
  | { readonly type: 'ready'; readonly url: string }
  /** The browser has asked for it. */
  | { readonly type: 'started' }
  | { readonly type: 'alive' }
  | { readonly type: 'progress'; readonly bytesSaved: number }
  /** The browser has taken the last byte. */
  | { readonly type: 'done' }
  /** The person stopped the download, or the page wanted it stopped. */
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly message: string };

export function isZipOrder(message: unknown): message is ZipOrder {
  return hasType(message) && message.type === 'ZIP';
}

export function hasType(message: unknown): message is { readonly type: unknown } {
  return typeof message === 'object' && message !== null && 'type' in message;
}
