import { type IncomingMessage, type ServerResponse, createServer, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { portOf } from '../../scripts/shared/static-server.ts';

/**
 * A local HTTP proxy that writes down every request a whole browser makes: from windows, dedicated and service workers,
 * style sheets and prefetches alike, in both engines, which no debugging protocol reports in full. Requests to
 * localhost are passed on. Anything else is refused, so a test that calls out fails even where nobody looks.
 */
export interface RecordingProxy {
  readonly port: number;
  /** Oldest first: 'http://localhost:4173/x', or for a TLS tunnel 'https://example.org:443'. */
  readonly requests: readonly string[];
  /** The requests that went anywhere but `origin`, without the browsers' own calls home. */
  foreign(origin: string): readonly string[];
  stop(): Promise<void>;
}

/**
 * What the browsers themselves ask for in a fresh profile, whatever page is open: updates, time, settings. Named one by
 * one on the Google side, where fonts and scripts that a page might use live as well.
 */
const BROWSERS_OWN = [
  /^https?:\/\/(clients\d?|accounts|www|android\.clients)\.google\.com[:/]/,
  /^https?:\/\/(update|safebrowsing|optimizationguide-pa|content-autofill|chromefeedcontentsuggestions)\.googleapis\.com[:/]/,
  /^https?:\/\/[a-z0-9.-]+\.gvt1\.com[:/]/,
  /^https?:\/\/([a-z0-9.-]+\.)?(mozilla\.(org|com|net)|firefox\.com)[:/]/,
  /^https?:\/\/dummy\.test[:/]/, // Puppeteer points Firefox's settings there.
];

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    forward(request, response);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    requests.push(`https://${request.url ?? ''}`);
    socket.end('HTTP/1.1 502 Refused by the test\r\n\r\n');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server),
    requests,
    foreign: (origin) =>
      requests.filter((url) => !url.startsWith(`${origin}/`) && !BROWSERS_OWN.some((own) => own.test(url))),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const refuse = (why: string): void => {
    if (!response.headersSent) response.writeHead(502, { 'Content-Type': 'text/plain' });
    response.end(why);
  };
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
  if (url?.protocol !== 'http:' || url.hostname !== 'localhost') return refuse('refused by the test');
  const { 'proxy-connection': _, ...headers } = request.headers;
  const onward = sendRequest(
    { host: '127.0.0.1', port: url.port || 80, path: url.pathname + url.search, method: request.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.once('error', (error) => refuse(error.message));
  request.pipe(onward);
}
