/*
 * How the app's own files are kept. Each version has a cache of its own, filled before that version is used and never
 * changed afterwards, so what is served always fits together. A file whose name carries a hash of its content is
 * copied from an older version's cache where there is one: an update does not download the decoder (1 MB) again.
 *
 * Of its own rather than workbox-precaching, because that one deletes the files of the old version as soon as the new
 * one is active: a second window, with a transfer running perhaps, would then fail to load its lazy parts.
 */

/** One file, as the build lists it. */
export interface PrecacheEntry {
  /** Relative to the scope. */
  readonly url: string;
  /** Changes with the content; null where the URL does. */
  readonly revision: string | null;
}

export interface PrecachePlatform {
  readonly caches: CacheStorage;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Absolute URL of the app's folder, with a slash at its end. */
  readonly scope: string;
}

const INDEX = 'index.html';
/** Vite puts files whose names carry a hash here, and nothing else. */
const HASHED_FOLDER = 'assets/';

export class Precache {
  readonly #entries: readonly PrecacheEntry[];
  readonly #platform: PrecachePlatform;
  /** Caches belong to the whole origin: another copy of the app in another folder has its own. */
  readonly #namePrefix: string;
  readonly #urls: ReadonlySet<string>;

  constructor(entries: readonly PrecacheEntry[], platform: PrecachePlatform) {
    this.#entries = entries;
    this.#platform = platform;
    this.#namePrefix = `heliograph ${platform.scope} `;
    this.#urls = new Set(entries.map(({ url }) => new URL(url, platform.scope).href));
  }

  /**
   * Stores every file of this version.
   *
   * @throws TypeError without a network; Error when the host answers with something else than the file. Then nothing of
   * this version is left, and the older one stays in use.
   */
  async install(): Promise<void> {
    const { caches } = this.#platform;
    const name = await this.#name();
    // It is there when only the code of the service worker changed, or when an install was cut off.
    const wasThere = await caches.has(name);
    const cache = await caches.open(name);
    try {
      await Promise.all(this.#entries.map((entry) => this.#store(cache, entry)));
    } catch (error) {
      if (!wasThere) await caches.delete(name);
      throw error;
    }
  }

  /** True for requests that `answer` is for: files of this version, and lazy parts of an older one. */
  owns(requestUrl: string): boolean {
    const url = this.#fileUrl(requestUrl);
    return this.#urls.has(url) || url.startsWith(this.#platform.scope + HASHED_FOLDER);
  }

  /** From this version, else from an older one, else (the person has cleared the cache, say) from the network. */
  async answer(request: Request): Promise<Response> {
    const { caches, fetch } = this.#platform;
    const url = this.#fileUrl(request.url);
    const cache = await caches.open(await this.#name());
    return (await match(cache, url)) ?? (await this.#matchOlder(url)) ?? (await fetch(request));
  }

  /** Deletes what older versions have left. Only when no page runs one of them any more. */
  async removeOlder(): Promise<void> {
    await Promise.all((await this.#olderNames()).map((name) => this.#platform.caches.delete(name)));
  }

  async #store(cache: Cache, { url: path, revision }: PrecacheEntry): Promise<void> {
    const url = new URL(path, this.#platform.scope).href;
    if ((await match(cache, url)) !== undefined) return;
    const kept = revision === null ? await this.#matchOlder(url) : undefined;
    await cache.put(url, kept ?? (await this.#download(url)));
  }

  async #download(url: string): Promise<Response> {
    // The HTTP cache may hold the file of the version before: ask the host whether it is still good.
    const response = await this.#platform.fetch(new Request(url, { cache: 'no-cache' }));
    if (!response.ok) throw new Error(`${url}: wanted the file, got status ${response.status}`);
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    // Some hosts answer with the start page, status 200, for what does not exist (yet: a deployment is under way).
    if (isPage && !url.endsWith('.html')) throw new Error(`${url}: wanted the file, got a page`);
    if (!response.redirected) return response;
    // Hosts that move /index.html to /: a redirected response is refused as the answer to a navigation (Fetch §4.3).
    return new Response(await response.blob(), { status: response.status, headers: response.headers });
  }

  async #matchOlder(url: string): Promise<Response | undefined> {
    const { caches } = this.#platform;
    for (const name of await this.#olderNames()) {
      const found = await match(await caches.open(name), url);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #olderNames(): Promise<readonly string[]> {
    const current = await this.#name();
    const names = await this.#platform.caches.keys();
    return names.filter((name) => name.startsWith(this.#namePrefix) && name !== current);
  }

  async #name(): Promise<string> {
    const list = this.#entries.map(({ url, revision }) => `${url} ${revision ?? ''}\n`).toSorted();
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(list.join('')));
    const hex = Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0'));
    return this.#namePrefix + hex.join('');
  }

  /** Where the file of a request is stored: the folder is its start page, and no file of ours depends on a query. */
  #fileUrl(requestUrl: string): string {
    const url = new URL(requestUrl);
    url.hash = '';
    url.search = '';
    return url.href === this.#platform.scope ? url.href + INDEX : url.href;
  }
}

/** Every file is the same for everybody, whatever `Vary` the host sends with it. */
function match(cache: Cache, url: string): Promise<Response | undefined> {
  return cache.match(url, { ignoreVary: true });
}
