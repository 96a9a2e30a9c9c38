import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { receiverFigures, tapEngine } from '../support/engine-tap.ts';
import { makeFile, sha256OfFile, waitForDownload } from '../support/files.ts';
import { throughRelay } from '../support/relay-page.ts';
import type { RelaySide } from '../support/udp-relay.ts';
import { UdpRelay } from '../support/udp-relay.ts';

const SIZE_BYTES = 10_000_000;
/** Long enough for lanes to be wanted, and slow enough for them to come in mid-transfer. */
const PATH = { delayMs: 20, lossRate: 0.001, rateBytesPerSec: 4_000_000, queueBytes: 400_000 };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-lanes-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

async function open(apps: AppPair, index: 0 | 1, relay: UdpRelay, side: RelaySide): Promise<AppDriver> {
  return AppDriver.open(apps.browsers[index], apps.server.url, async (page) => {
    await throughRelay(page, relay, side);
    await tapEngine(page);
  });
}

describe.each([['chromium', 'firefox']] as const)('%s to %s', (...pair) => {
  test('a lane that goes dark in mid-transfer loses nothing, and the link goes on over the others', async () => {
    const relay = new UdpRelay(PATH);
    const apps = await AppPair.launch(pair);
    try {
      const file = await makeFile(folder, 'lanes.bin', SIZE_BYTES);
      const [sender, receiver] = [await open(apps, 0, relay, 'a'), await open(apps, 1, relay, 'b')];
      await sender.send([file.path]);
      await receiver.receive();
      await pairByPaste(sender, receiver);
      await receiver.accept();
      const dark = await receiver.waitFor(
        'a second lane that carries data',
        async () => relay.connections.slice(1).find(({ deliveredBytes }) => deliveredBytes.b > 100_000),
        60_000,
      );
      const { id } = await receiver.waitForTransfer('running');
      expect((await receiverFigures(receiver.page, id)).bytesDone).toBeLessThan(SIZE_BYTES);
      dark.isBlackout = true;
      await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
      await receiver.save(file.name);
      const path = await waitForDownload(apps.browsers[1].downloadDir, file.name, SIZE_BYTES);
      expect(await sha256OfFile(path)).toBe(file.sha256);
      // One link all the time: nobody had to pair again, and nothing is counted twice.
      await Promise.all([sender.waitUntilConnected(), receiver.waitUntilConnected()]);
      expect([sender.problems, receiver.problems]).toEqual([[], []]);
    } finally {
      await apps.close();
      relay.close();
    }
  });
});
