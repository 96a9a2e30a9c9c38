import type { Page } from '../../ports/page.ts';
import { errorName } from '../exceptions.ts';

export function createBrowserPage(): Page {
  let isBusy = false;
  const page: Page = {
    baseUrl: location.origin + location.pathname,
    takeFragment,
    onFragment: undefined,
    copy: (text) => copyText(text),
    canShare: 'share' in navigator,
    share: (link) => shareLink(link),
    focus: () => window.focus(),
    onReturn: undefined,
    onNetworkChange: undefined,
    onLeave: undefined,
    setBusy: (busy) => {
      isBusy = busy;
    },
  };
  addEventListener('hashchange', () => {
    const fragment = takeFragment();
    if (fragment !== undefined) page.onFragment?.(fragment);
  });
  addEventListener('beforeunload', (event) => {
    if (isBusy) event.preventDefault();
  });
  for (const target of networks()) target.addEventListener('change', () => page.onNetworkChange?.());
  addEventListener('online', () => page.onNetworkChange?.());
  addEventListener('pagehide', () => page.onLeave?.());
  const onReturn = (): void => {
    if (!document.hidden) page.onReturn?.();
  };
  document.addEventListener('visibilitychange', onReturn);
  document.addEventListener('resume', onReturn);
  addEventListener('online', onReturn);
  followLaunches((fragment) => page.onFragment?.(fragment));
  return page;
}

/** Network Information API: in Chromium, and in Firefox for Android. */
function networks(): readonly EventTarget[] {
  const connection: unknown = Reflect.get(navigator, 'connection');
  return connection instanceof EventTarget ? [connection] : [];
}

/** A code must not stay in the address bar: a reload would read it again, and history would keep it. */
function takeFragment(): string | undefined {
  const fragment = location.hash.slice(1);
  if (fragment === '') return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return fragment;
}

/** Launch Handler API, which TypeScript's library does not have. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void;
}

/**
 * A link opened while the installed app is open comes here, without a navigation (`launch_handler` in the manifest:
 * `focus-existing`; Chromium only). The launch that opened this page is told as well, and has been read already.
 */
function followLaunches(onFragment: (fragment: string) => void): void {
  const queue: unknown = Reflect.get(window, 'launchQueue');
  if (!isLaunchQueue(queue)) return;
  let opening: string | undefined = location.href;
  queue.setConsumer(({ targetURL }) => {
    const isOpening = targetURL === opening;
    opening = undefined;
    if (targetURL === undefined || isOpening) return;
    const fragment = new URL(targetURL).hash.slice(1);
    if (fragment !== '') onFragment(fragment);
  });
}

function isLaunchQueue(value: unknown): value is LaunchQueue {
  return typeof value === 'object' && value !== null && 'setConsumer' in value;
}

async function shareLink(link: string): Promise<boolean> {
  try {
    await navigator.share({ title: 'Heliograph', url: link });
    return true;
  } catch (cause) {
    if (errorName(cause) === 'AbortError') return false;
    throw cause;
  }
}

/** `navigator.clipboard` needs a secure context and, in some browsers, a permission; `execCommand` works in the rest. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (cause) {
    if (!copyBySelection(text)) throw cause;
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } finally {
    area.remove();
  }
}
