import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireBrowser } from '../../scripts/shared/find-browsers.ts';
import { findTool } from '../../scripts/shared/install-network-tools.ts';
import { removeFolder } from './browsers.ts';
import { guardGroup, isAlive, killAll } from './processes.ts';

/**
 * Two homes, each behind a router that translates addresses, and an internet between them; in network namespaces, so
 * nothing of this machine's own network is touched, and nothing gets out.
 *
 *   home-0 10.0.0.2 -- 10.0.0.1 router-0 198.51.100.2 --+
 *                                                       internet 198.51.100.1 and 203.0.113.1
 *   home-1 10.0.1.2 -- 10.0.1.1 router-1 203.0.113.2 ---+
 */
export interface NatLab {
  /** Where STUN and TURN servers listen: an address of the internet, seen from both homes. */
  readonly internetAddress: string;
  /** What goes before a program, to run it in the internet. */
  readonly internetPrefix: readonly string[];
  /** What translates from now on, in both routers, for connections that are new. */
  setNat(kind: NatKind): void;
  /** Removes all of it. Idempotent. */
  close(): Promise<void>;
  readonly homes: readonly [Home, Home];
}

export interface Home {
  /** Runs Chromium there: for `LaunchOptions.program`. */
  readonly chromium: string;
  /** Of the app, served within the home: its loopback is a secure context. */
  readonly url: string;
}

export type NatKind =
  /** As most home routers: the same outer port for every destination. */
  | 'portPreserving'
  /** Another, random one for each, as in mobile networks and offices. */
  | 'symmetric';

const PORT = 4173;
const START_TIMEOUT_MS = 20_000;
const root = fileURLToPath(new URL('../../', import.meta.url));
const INTERNET = '198.51.100.1';
const OUTER = ['198.51.100', '203.0.113'] as const;

/** Why this cannot be done here, or undefined. */
export function natIsImpossible(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux only';
  if (process.getuid?.() !== 0) return 'not root';
  if (findTool('ip') === undefined) return 'no ip (Debian package iproute2)';
  if (findTool('nft') === undefined) return 'no nft (Debian package nftables)';
  const name = `hg-${process.pid}-try`;
  try {
    run(['ip', 'netns', 'add', name]);
    try {
      inNamespace(name, ['nft', '-f', '-'], natRules('symmetric'));
      inNamespace(name, ['ip', 'link', 'add', 'veth-a', 'type', 'veth', 'peer', 'name', 'veth-b']);
    } finally {
      run(['ip', 'netns', 'del', name]);
    }
    return undefined;
  } catch (error) {
    return `this machine does not allow it: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export async function openNatLab(): Promise<NatLab> {
  removeStale();
  const folder = await mkdtemp(join(tmpdir(), 'heliograph-nat-'));
  const made: string[] = [];
  const ended: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ended.splice(0)) await end();
    for (const namespace of made.splice(0)) run(['ip', 'netns', 'del', namespace]);
    await removeFolder(folder);
  };
  const add = (place: string): string => {
    const namespace = `hg-${process.pid}-${place}`;
    run(['ip', 'netns', 'add', namespace]);
    made.push(namespace);
    inNamespace(namespace, ['ip', 'link', 'set', 'lo', 'up']);
    return namespace;
  };
  try {
    const internet = add('internet');
    forward(internet);
    const homes = [buildHome(0), buildHome(1)] as const;
    const setNat = (kind: NatKind): void => {
      for (const { router } of homes) {
        inNamespace(router, ['nft', 'flush', 'ruleset']);
        inNamespace(router, ['nft', '-f', '-'], natRules(kind));
      }
    };
    setNat('portPreserving');
    return {
      internetAddress: INTERNET,
      internetPrefix: prefixOf(internet),
      setNat,
      close,
      homes: [await furnish(homes[0].home), await furnish(homes[1].home)],
    };

    function buildHome(index: 0 | 1): { readonly home: string; readonly router: string } {
      const router = add(`router-${index}`);
      const home = add(`home-${index}`);
      forward(router);
      const inner = `10.0.${index}`;
      connect([internet, `to-${index}`, `${OUTER[index]}.1`], [router, 'outside', `${OUTER[index]}.2`]);
      connect([router, 'inside', `${inner}.1`], [home, 'eth0', `${inner}.2`]);
      inNamespace(router, ['ip', 'route', 'add', 'default', 'via', `${OUTER[index]}.1`]);
      inNamespace(home, ['ip', 'route', 'add', 'default', 'via', `${inner}.1`]);
      return { home, router };
    }
  } catch (error) {
    await close();
    throw error;
  }

  async function furnish(home: string): Promise<Home> {
    const chromium = join(folder, `chromium-${home}`);
    const words = [...prefixOf(home), requireBrowser('chromium')].map((word) => `'${word}'`);
    await writeFile(chromium, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
    await chmod(chromium, 0o755);
    ended.push(await serveIn(home));
    return { chromium, url: `http://localhost:${PORT}/` };
  }
}

/** Serves the built app in a namespace, in a process of its own. @returns ends it */
async function serveIn(namespace: string): Promise<() => Promise<void>> {
  const [ip, ...prefix] = prefixOf(namespace);
  const server = spawn(ip, [...prefix, process.execPath, '--import', 'tsx', 'scripts/start.ts', '--no-build'], {
    cwd: root,
    env: { ...process.env, PORT: String(PORT) },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (server.pid === undefined) throw new Error('ip netns exec did not start');
  const { pid } = server;
  const callOffGuard = guardGroup(pid, undefined);
  const end = async (): Promise<void> => {
    const exited = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null) {
      killAll([pid]);
      await exited;
    }
    callOffGuard();
  };
  const isUp = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the app’s server did not start')), START_TIMEOUT_MS);
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!text.includes('Heliograph is at')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  try {
    await isUp;
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

/**
 * What comes in unasked is dropped before connection tracking confirms it: else it would take the very mapping that the
 * home's own packet to that peer is about to need.
 */
function natRules(kind: NatKind): string {
  return `table ip nat {
  chain outgoing {
    type nat hook postrouting priority 100
    oifname "outside" masquerade${kind === 'symmetric' ? ' random,fully-random' : ''}
  }
  chain unasked {
    type filter hook input priority 0
    iifname "outside" ct state new drop
  }
}
`;
}

type End = readonly [namespace: string, device: string, address: string];

function connect([one, oneDevice, oneAddress]: End, [two, twoDevice, twoAddress]: End): void {
  const peer = ['peer', 'name', twoDevice, 'netns', two];
  inNamespace(one, ['ip', 'link', 'add', oneDevice, 'type', 'veth', ...peer]);
  for (const [namespace, device, address] of [
    [one, oneDevice, oneAddress],
    [two, twoDevice, twoAddress],
  ] as const) {
    inNamespace(namespace, ['ip', 'addr', 'add', `${address}/24`, 'dev', device]);
    inNamespace(namespace, ['ip', 'link', 'set', device, 'up']);
  }
}

/** Namespaces outlive a test process that was killed. */
function removeStale(): void {
  const { stdout } = spawnSync(findTool('ip') ?? 'ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [name, pid] of stdout.matchAll(/^hg-(\d+)-\S+/gm)) {
    if (!isAlive(Number(pid))) run(['ip', 'netns', 'del', name]);
  }
}

function forward(namespace: string): void {
  inNamespace(namespace, ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
}

function prefixOf(namespace: string): readonly [string, ...string[]] {
  return [findTool('ip') ?? 'ip', 'netns', 'exec', namespace];
}

function inNamespace(namespace: string, command: readonly string[], input?: string): void {
  run([...prefixOf(namespace), ...command], input);
}

function run([program = '', ...args]: readonly string[], input?: string): void {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const { status, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')}: ${error?.message ?? stderr.trim()}`);
}
