import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { pairByPaste } from '../support/app-driver.ts';
import { removeFolder } from '../support/browsers.ts';
import { appFolder } from '../support/build-pages.ts';
import { CrashSide } from '../support/crash-side.ts';
import { makeFile } from '../support/files.ts';
import { waitUntilHealable } from '../support/healable.ts';

const SIZE_BYTES = 60_000_000;

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-killed-'));
  server = await startStaticServer({ root: appFolder });
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

describe.each([['chromium', 'firefox'] as const, ['firefox', 'chromium'] as const])('%s to %s', (...[from, to]) => {
  test('a receiver whose browser is killed is back when it is started again, and the transfer goes on by itself', async () => {
    const place = join(folder, from);
    const sender = new CrashSide('sender', from, server.url, place);
    const receiver = new CrashSide('receiver', to, server.url, place);
    try {
      await Promise.all([sender.open(), receiver.open()]);
      const file = await makeFile(folder, `killed ${from}.bin`, SIZE_BYTES);
      await sender.app.send([file.path]);
      await receiver.app.receive();
      await pairByPaste(sender.app, receiver.app);
      await receiver.app.accept();
      const { id } = await receiver.app.waitForTransfer('running');
      await Promise.all([waitUntilHealable(sender.app), waitUntilHealable(receiver.app)]);
      await receiver.app.waitFor('a third of it', async () => {
        return (await receiver.figures(id)).bytesDone > SIZE_BYTES / 3;
      });
      await receiver.kill();
      await receiver.open();
      await Promise.all([sender.app.waitForTransfer('verified'), receiver.app.waitForTransfer('verified')]);
      expect(await receiver.app.read('root')).toBe(await sender.app.read('root'));
      expect([sender.app.problems, receiver.app.problems]).toEqual([[], []]);
    } finally {
      await Promise.all([sender.close(), receiver.close()]);
    }
  });
});
