import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, resolve as toAbsolute, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * A static file server that does what any static host does for a built folder, and not more: no fallback page, no
 * compression, no directory listing. `npm start` and the end-to-end tests use the same one.
 */
export interface StaticServerOptions {
  /** The folder to serve. */
  readonly root: string;
  /** 0 takes any free port. A taken one rejects with EADDRINUSE. */
  readonly port?: number;
  /** Where the folder appears, with a slash at both ends: '/' or '/some/folder/'. */
  readonly basePath?: string;
  /** One address to listen on; the loopback addresses (IPv4, and IPv6 where there is one) when left out. */
  readonly host?: string;
}

export interface StaticServer {
  readonly port: number;
  /** 'http://localhost:4173' */
  readonly origin: string;
  /** The origin and the base path. */
  readonly url: string;
  /** Paths asked for so far, with their query, oldest first. */
  readonly requests: readonly string[];
  /** Ends open connections as well, so that a page sees the network gone at once. Idempotent. */
  stop(): Promise<void>;
}

const MIME_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Vite puts files whose names carry a hash of their content here, and nothing else. */
const HASHED_FOLDER = 'assets/';
const FOREVER = 'public, max-age=31536000, immutable';

export async function startStaticServer(options: StaticServerOptions): Promise<StaticServer> {
  const root = toAbsolute(options.root);
  const basePath = options.basePath ?? '/';
  if (!/^\/(.*\/)?$/.test(basePath)) throw new Error(`basePath: wanted a slash at both ends, got ${basePath}`);
  const requests: string[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request.url ?? '');
    answer(root, basePath, request, response).catch((error: unknown) => {
      // The browser went away while it was being answered, or the file vanished: there is nobody to tell.
      response.destroy(error instanceof Error ? error : undefined);
    });
  };

  const first = await listen(handle, options.port ?? 0, options.host ?? '127.0.0.1');
  const port = portOf(first);
  const servers = [first];
  if (options.host === undefined) {
    try {
      servers.push(await listen(handle, port, '::1'));
    } catch (error) {
      // A machine without IPv6 is fine. A port that someone else has on ::1 is not: `localhost` would be two servers.
      if (isCode(error, 'EADDRINUSE')) {
        await close(first);
        throw error;
      }
    }
  }
  const origin = `http://localhost:${port}`;
  return {
    port,
    origin,
    url: origin + basePath,
    requests,
    stop: async () => void (await Promise.all(servers.map(close))),
  };
}

/** True for a Node system error with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The TCP port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a TCP port');
  return address.port;
}

async function answer(
  root: string,
  basePath: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, { Allow: 'GET, HEAD' });
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (`${path}/` === basePath) return end(response, 308, { Location: basePath });
  if (!path.startsWith(basePath)) return end(response, 404);
  const name = decode(path.slice(basePath.length));
  if (name === undefined) return end(response, 400);
  const file = join(root, name.endsWith('/') || name === '' ? `${name}index.html` : name);
  if (!file.startsWith(root + sep)) return end(response, 404);

  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) return end(response, 308, { Location: `${path}/` });
  if (found === undefined || !found.isFile()) return end(response, 404);
  const etag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`;
  const headers = {
    'Cache-Control': name.startsWith(HASHED_FOLDER) ? FOREVER : 'no-cache',
    'Content-Type': MIME_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
    ETag: etag,
    'X-Content-Type-Options': 'nosniff',
  };
  if (request.headers['if-none-match'] === etag) return end(response, 304, headers);
  response.writeHead(200, { ...headers, 'Content-Length': found.size });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(createReadStream(file), response);
}

/** undefined for a broken escape, or a NUL, which no file name may hold. */
function decode(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path);
    return name.includes('\0') ? undefined : name;
  } catch {
    return undefined; // URIError is the only thing it throws; the caller answers 400.
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(status === 404 ? 'not found\n' : undefined);
}

function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
  host: string,
): Promise<Server> {
  const server = createServer(handle);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
