import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from '../../scripts/shared/install-network-tools.ts';
import { removeFolder } from './browsers.ts';
import { guardGroup, killAll } from './processes.ts';

/** coturn, as the Debian package has it, with everything it writes in a folder of its own. */
export interface TurnServer {
  /** `host:port` of STUN and TURN, over UDP and TCP. */
  readonly address: string;
  /** Bytes that it has relayed for allocations that have ended, both ways together. */
  relayedBytes(): number;
  /** Idempotent. */
  stop(): Promise<void>;
}

export const TURN_USER = 'anna';
export const TURN_PASSWORD = 'a-secret';

/** Why there can be no TURN server here, or undefined. */
export const turnIsMissing = findTool('turnserver') === undefined ? 'no turnserver (Debian package coturn)' : undefined;

export interface TurnServerOptions {
  /** To listen on and to relay from. */
  readonly host: string;
  /** A free one when left out; of this machine, not of a namespace. */
  readonly port?: number;
  /** Comes before the program: `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

const START_TIMEOUT_MS = 10_000;

export async function startTurnServer(options: TurnServerOptions): Promise<TurnServer> {
  const { host, port = await freePort(host), prefix = [] } = options;
  const program = findTool('turnserver');
  if (program === undefined) throw new Error(turnIsMissing);
  const folder = await mkdtemp(join(tmpdir(), 'heliograph-turn-'));
  const config = join(folder, 'turnserver.conf');
  await writeFile(
    config,
    [
      `listening-ip=${host}`,
      `relay-ip=${host}`,
      `listening-port=${port}`,
      'min-port=49200',
      'max-port=49300',
      'lt-cred-mech',
      `user=${TURN_USER}:${TURN_PASSWORD}`,
      'realm=heliograph.test',
      'no-tls',
      'no-dtls',
      'no-cli',
      // Its usual log in /var/log and database in /var/lib belong to the system's own server.
      'log-file=stdout',
      'simple-log',
      'verbose',
      `pidfile=${join(folder, 'pid')}`,
      `userdb=${join(folder, 'users')}`,
      '',
    ].join('\n'),
  );
  const [first, ...rest] = [...prefix, program, '-c', config] as const;
  const server = spawn(first, rest, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const output of [server.stdout, server.stderr]) {
    output.setEncoding('utf8');
    output.on('data', (text: string) => {
      log += text;
    });
  }
  const callOffGuard = server.pid === undefined ? () => {} : guardGroup(server.pid, folder);
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await ended(server);
    callOffGuard();
    await removeFolder(folder);
  };
  const stop = (): Promise<void> => (ending ??= end());
  const isUp = await waitUntil(() => /Total General servers/.test(log) || server.exitCode !== null);
  if (!isUp || server.exitCode !== null) {
    await stop();
    throw new Error(`turnserver did not start:\n${log}`);
  }
  return { address: `${host}:${port}`, relayedBytes: () => relayed(log), stop };
}

/** An IPv4 address of this machine other than loopback, which browsers do not gather on. */
export function ownAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flat();
  return all.find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address;
}

/** Of UDP; nobody else is likely to take it within the next second, over TCP neither. */
async function freePort(host: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, host, resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** `usage: realm=<…>, username=<…>, rp=1, rb=100, sp=1, sb=108`: received and sent, packets and bytes. */
function relayed(log: string): number {
  const bytes = [...log.matchAll(/\bpeer usage:.*?\brb=(\d+),.*?\bsb=(\d+)/g)];
  return bytes.reduce((sum, [, received, sent]) => sum + Number(received) + Number(sent), 0);
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  killAll([server.pid]);
  await exited;
}

async function waitUntil(isTrue: () => boolean): Promise<boolean> {
  const giveUp = performance.now() + START_TIMEOUT_MS;
  while (!isTrue()) {
    if (performance.now() > giveUp) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
