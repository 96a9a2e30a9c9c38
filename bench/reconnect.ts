import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { type StaticServer, startStaticServer } from '../scripts/shared/static-server.ts';
import { pairByPaste } from '../test/support/app-driver.ts';
import { type Pair, removeFolder } from '../test/support/browsers.ts';
import { appFolder } from '../test/support/build-pages.ts';
import { CrashSide } from '../test/support/crash-side.ts';
import { cutLink } from '../test/support/cut-link.ts';
import { linkTimes } from '../test/support/engine-tap.ts';
import { makeFile, type TestFile } from '../test/support/files.ts';
import { waitUntilHealable } from '../test/support/healable.ts';
import { readCount } from './support/args.ts';
import { type BenchRow, median, quantile, roundTo } from './support/bench.ts';
import { choosePairs, pairName } from './support/browser-pair.ts';

const CAUSES = ['drop', 'reload', 'crash'] as const;
type Cause = (typeof CAUSES)[number];

const FILE_BYTES = 400_000_000;
const AGAIN_TIMEOUT_MS = 60_000;

interface Again {
  readonly openMs: number;
  readonly flowMs: number;
}

/**
 * How long it takes until bytes flow again, with nobody touching anything. `drop`: from the moment when the connection is
 * closed at both sides. `reload`, `crash` (SIGKILL, and started again on its profile): of the receiver, from the moment
 * when its new page begins to load. In `openMs` the link is ready; in `medianMs` and `p95Ms` the receiver has told of
 * payload, which it does four times a second.
 */
export async function benchReconnect(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { pair: { type: 'string' }, times: { type: 'string', default: '10' }, cause: { type: 'string' } },
  });
  const times = readCount('--times', values.times, 1000);
  const causes = CAUSES.filter((cause) => values.cause === undefined || values.cause === cause);
  if (causes.length === 0) throw new Error(`--cause: wanted ${CAUSES.join(', ')}, got ${String(values.cause)}`);
  await build({ root: fileURLToPath(new URL('../', import.meta.url)), logLevel: 'warn' });
  const server = await startStaticServer({ root: appFolder });
  const rows: BenchRow[] = [];
  try {
    for (const pair of choosePairs(values.pair)) rows.push(...(await measurePair(pair, server, causes, times)));
  } finally {
    await server.stop();
  }
  return rows;
}

async function measurePair(
  pair: Pair,
  server: StaticServer,
  causes: readonly Cause[],
  times: number,
): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heliograph-reconnect-'));
  const run = new ReconnectRun(pair, server.url, folder);
  try {
    await run.begin(await makeFile(folder, 'reconnect.bin', FILE_BYTES));
    const rows: BenchRow[] = [];
    for (const cause of causes) {
      const all: Again[] = [];
      for (let time = 0; time < times; time++) all.push(await run.lose(cause));
      const flowMs = all.map((one) => one.flowMs);
      rows.push({
        cause,
        pair: pairName(pair),
        medianMs: roundTo(median(flowMs), 3),
        p95Ms: roundTo(quantile(flowMs, 0.95), 3),
        openMs: roundTo(median(all.map((one) => one.openMs)), 3),
      });
    }
    return rows;
  } finally {
    await run.close();
    await removeFolder(folder);
  }
}

class ReconnectRun {
  readonly #sender: CrashSide;
  readonly #receiver: CrashSide;
  #file: TestFile | undefined;

  constructor(pair: Pair, url: string, folder: string) {
    this.#sender = new CrashSide('sender', pair[0], url, folder);
    this.#receiver = new CrashSide('receiver', pair[1], url, folder);
  }

  async begin(file: TestFile): Promise<void> {
    this.#file = file;
    await Promise.all([this.#sender.open(), this.#receiver.open()]);
    await this.#sender.app.send([file.path]);
    await this.#receiver.app.receive();
    await pairByPaste(this.#sender.app, this.#receiver.app);
    await this.#receiver.app.accept();
  }

  /** Loses the link in this way, and waits until bytes flow again. */
  async lose(cause: Cause): Promise<Again> {
    await this.#isFlowing();
    const causeEpochMs = await this.#cause(cause);
    const { page } = this.#receiver.app;
    const sinceMs = causeEpochMs ?? (await page.evaluate<[], () => number>(() => performance.timeOrigin));
    return this.#receiver.app.waitFor(
      'bytes that flow again',
      async () => {
        const last = (await linkTimes(page)).at(-1);
        if (last?.flowEpochMs === undefined || last.openEpochMs < sinceMs) return undefined;
        return { openMs: last.openEpochMs - sinceMs, flowMs: last.flowEpochMs - sinceMs };
      },
      AGAIN_TIMEOUT_MS,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#sender.close(), this.#receiver.close()]);
  }

  /** @returns when the link was lost; undefined where the new page knows */
  async #cause(cause: Cause): Promise<number | undefined> {
    switch (cause) {
      case 'drop': {
        const nowEpochMs = Date.now();
        await Promise.all([cutLink(this.#sender.app), cutLink(this.#receiver.app)]);
        return nowEpochMs;
      }
      case 'reload':
        await this.#receiver.app.page.reload();
        return undefined;
      case 'crash':
        await this.#receiver.kill();
        await this.#receiver.open();
        return undefined;
      default:
        return cause satisfies never;
    }
  }

  /** A transfer is under way that will be for a while, and both sides know what brings the link back. */
  async #isFlowing(): Promise<void> {
    const [sender, receiver] = [this.#sender.app, this.#receiver.app];
    const share = await receiver.page.$eval('progress', (bar) => bar.value / bar.max).catch(() => 1);
    if (share > 0.7) {
      await receiver.waitForTransfer('verified');
      await receiver.press('Delete from this device');
      await sender.sendMore([this.#file?.path ?? '']);
      await receiver.accept();
    }
    await receiver.waitForTransfer('running');
    await Promise.all([waitUntilHealable(sender), waitUntilHealable(receiver)]);
  }
}
