import { beforeEach, describe, expect, test } from 'vitest';
import { Precache, type PrecacheEntry } from '../../src/sw/precache.ts';

const SCOPE = 'https://example.test/folder/';
const VERSION_1 = [
  { url: 'index.html', revision: 'r1' },
  { url: 'icon.svg', revision: 'i1' },
  { url: 'assets/app-1.js', revision: null },
  { url: 'assets/decoder-7.wasm', revision: null },
];
const VERSION_2 = [
  { url: 'index.html', revision: 'r2' },
  { url: 'icon.svg', revision: 'i1' },
  { url: 'assets/app-2.js', revision: null },
  { url: 'assets/decoder-7.wasm', revision: null },
];

/** What Cache Storage does with one URL each, in memory. */
class MemoryCaches {
  readonly stored = new Map<string, Map<string, Response>>();
  has = async (name: string) => this.stored.has(name);
  delete = async (name: string) => this.stored.delete(name);
  keys = async () => [...this.stored.keys()];
  open = async (name: string) => {
    const responses = this.stored.get(name) ?? new Map<string, Response>();
    this.stored.set(name, responses);
    return {
      match: async (url: string) => responses.get(url)?.clone(),
      put: async (url: string, response: Response) => {
        if (response.bodyUsed) throw new TypeError('body is used up');
        responses.set(url, response);
      },
    };
  };
}

let caches = new MemoryCaches();
/** What the host has: path below the scope -> answer. */
let host = new Map<string, () => Response>();
let requests: { url: string; cache: RequestCache }[] = [];

beforeEach(() => {
  caches = new MemoryCaches();
  requests = [];
  publish(VERSION_1, 'one');
});

function publish(entries: readonly PrecacheEntry[], name: string): void {
  host = new Map(entries.map(({ url }) => [url, () => new Response(`${url} of ${name}`)]));
}

function precache(entries: readonly PrecacheEntry[], scope = SCOPE): Precache {
  const fetch = async (request: Request): Promise<Response> => {
    requests.push({ url: request.url, cache: request.cache });
    return host.get(request.url.slice(scope.length))?.() ?? new Response('not here', { status: 404 });
  };
  return new Precache(entries, { caches: caches as unknown as CacheStorage, fetch, scope });
}

async function read(from: Precache, url: string): Promise<string> {
  return (await from.answer(new Request(new URL(url, SCOPE)))).text();
}

function lose(): void {
  host.clear();
  requests = [];
}

test('answers every file without the host after an install', async () => {
  const app = precache(VERSION_1);
  await app.install();
  lose();
  for (const { url } of VERSION_1) expect(await read(app, url)).toBe(`${url} of one`);
  expect(requests).toEqual([]);
});

test('answers the folder with its start page, with a query or a fragment too', async () => {
  const app = precache(VERSION_1);
  await app.install();
  for (const url of ['', '?from=home', '#code', 'index.html#code']) {
    expect(app.owns(SCOPE + url)).toBe(true);
    expect(await read(app, url)).toBe('index.html of one');
  }
});

test('leaves to the network what is not a file of the app', () => {
  const app = precache(VERSION_1);
  for (const url of [`${SCOPE}other/`, `${SCOPE}index.htm`, 'https://example.test/', 'https://else.test/folder/']) {
    expect(app.owns(url)).toBe(false);
  }
  expect(app.owns(`${SCOPE}assets/lazy-part-of-an-older-version.js`)).toBe(true);
});

test('asks the host whether what the HTTP cache has is still good', async () => {
  await precache(VERSION_1).install();
  expect(requests.map(({ url }) => url.slice(SCOPE.length)).toSorted()).toEqual(
    VERSION_1.map(({ url }) => url).toSorted(),
  );
  expect(new Set(requests.map(({ cache }) => cache))).toEqual(new Set(['no-cache']));
});

test('downloads for an update only what may have changed', async () => {
  await precache(VERSION_1).install();
  publish(VERSION_2, 'two');
  requests = [];
  const update = precache(VERSION_2);
  await update.install();
  expect(requests.map(({ url }) => url.slice(SCOPE.length)).toSorted()).toEqual([
    'assets/app-2.js',
    'icon.svg',
    'index.html',
  ]);
  expect(await read(update, 'assets/decoder-7.wasm')).toBe('assets/decoder-7.wasm of one');
  expect(await read(update, 'index.html')).toBe('index.html of two');
});

test('keeps the old version as it is while the new one installs, and its lazy parts after that', async () => {
  const old = precache(VERSION_1);
  await old.install();
  publish(VERSION_2, 'two');
  const update = precache(VERSION_2);
  await update.install();
  lose();
  expect(await read(old, 'index.html')).toBe('index.html of one');
  expect(await read(update, 'assets/app-1.js')).toBe('assets/app-1.js of one');
});

test('removes older versions, and nothing else', async () => {
  await caches.open('somebody else');
  await precache(VERSION_1, `${SCOPE}nested/`).install();
  await precache(VERSION_1).install();
  publish(VERSION_2, 'two');
  const update = precache(VERSION_2);
  await update.install();
  expect(caches.stored.size).toBe(4);
  await update.removeOlder();
  expect(caches.stored.size).toBe(3);
  lose();
  for (const { url } of VERSION_2) await read(update, url);
  expect(requests).toEqual([]);
  expect(await (await update.answer(new Request(`${SCOPE}assets/app-1.js`))).text()).toBe('not here');
});

describe('a host that does not have every file', () => {
  const answers: Record<string, () => Response> = {
    'status 404': () => new Response('', { status: 404 }),
    'a start page for everything': () => new Response('<p>', { headers: { 'content-type': 'text/html' } }),
    'no connection': () => {
      throw new TypeError('network');
    },
  };
  test.each(Object.keys(answers))('fails the install and leaves nothing: %s', async (name) => {
    const answer = answers[name];
    if (answer === undefined) throw new Error(name);
    host.set('assets/app-1.js', answer);
    await expect(precache(VERSION_1).install()).rejects.toThrow();
    expect(caches.stored.size).toBe(0);
  });

  test('keeps what is in use when only the service worker changed', async () => {
    const app = precache(VERSION_1);
    await app.install();
    lose();
    await precache(VERSION_1.toReversed()).install();
    expect(requests).toEqual([]);
    expect(await read(app, 'index.html')).toBe('index.html of one');
  });
});

test('can answer a navigation with a page that the host had moved', async () => {
  host.set('index.html', () => {
    const moved = new Response('moved page', { headers: { 'content-type': 'text/html' } });
    return Object.defineProperty(moved, 'redirected', { value: true });
  });
  const app = precache(VERSION_1);
  await app.install();
  const page = await app.answer(new Request(SCOPE));
  expect(page.redirected).toBe(false);
  expect(page.headers.get('content-type')).toBe('text/html');
  expect(await page.text()).toBe('moved page');
});

test('asks the network for a file that was cleared away', async () => {
  const app = precache(VERSION_1);
  await app.install();
  caches.stored.clear();
  expect(await read(app, 'icon.svg')).toBe('icon.svg of one');
});
