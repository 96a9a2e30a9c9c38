import type { Page } from '../../ports/page.ts';

export function createBrowserPage(): Page {
  let isBusy = false;
  const page: Page = {
    baseUrl: location.origin + location.pathname,
    takeFragment,
    onFragment: undefined,
    copy: (text) => copyText(text),
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
  return page;
}

/** A code must not stay in the address bar: a reload would read it again, and history would keep it. */
function takeFragment(): string | undefined {
  const fragment = location.hash.slice(1);
  if (fragment === '') return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return fragment;
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
