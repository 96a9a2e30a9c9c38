import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { PAIRS, removeFolder } from '../support/browsers.ts';
import { cutLink } from '../support/cut-link.ts';
import { tapEngine } from '../support/engine-tap.ts';
import { makeFile } from '../support/files.ts';

const SIZE_BYTES = 40_000_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-healing-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

async function bytesDone(app: AppDriver): Promise<number> {
  return app.page.$eval('progress', (bar) => bar.value / bar.max).catch(() => 0);
}

/** ICE user name fragment of the connection that carries the link; undefined while there is none. */
async function livingUfrag(app: AppDriver): Promise<string | undefined> {
  const ufrag: unknown = await app.page.evaluate(`(() => {
    const living = connectionsOfTest.find(({ connectionState }) => connectionState === 'connected');
    return living?.currentLocalDescription?.sdp.match(/^a=ice-ufrag:(.*)$/m)?.[1];
  })()`);
  return typeof ufrag === 'string' ? ufrag : undefined;
}

/** Both know what brings the other back. */
async function canHeal(app: AppDriver): Promise<void> {
  await app.waitFor('something to be dialed', async () => {
    const count: unknown = await app.page.evaluate(`(async () => {
      const open = indexedDB.open('heliograph-peers');
      const db = await new Promise((resolve, reject) => { open.onsuccess = () => resolve(open.result); open.onerror = reject; });
      try {
        if (!db.objectStoreNames.contains('peers')) return 0;
        const all = db.transaction('peers').objectStore('peers').getAll();
        await new Promise((resolve) => { all.onsuccess = resolve; });
        return all.result.reduce((sum, peer) => sum + peer.standbys.length, 0);
      } finally { db.close(); }
    })()`);
    return count === 2;
  });
}

describe.each(PAIRS)('%s and %s', (...pair) => {
  test('a dropped link, a reload of either side: it comes back by itself, and the transfer goes on', async () => {
    const apps = await AppPair.launch(pair);
    try {
      const [sender, receiver] = await Promise.all(
        apps.browsers.map((browser) => AppDriver.open(browser, apps.server.url, tapEngine)),
      );
      if (sender === undefined || receiver === undefined) throw new Error('two browsers');
      const file = await makeFile(folder, 'heal.bin', SIZE_BYTES);
      await sender.send([file.path]);
      await receiver.receive();
      await pairByPaste(sender, receiver);
      await receiver.accept();
      await Promise.all([canHeal(sender), canHeal(receiver)]);
      await receiver.waitFor('a part of it', async () => (await bytesDone(receiver)) >= 0.1);
      await Promise.all([cutLink(sender), cutLink(receiver)]);
      await receiver.waitFor('more of it', async () => (await bytesDone(receiver)) >= 0.4, 60_000);
      await Promise.all([canHeal(sender), canHeal(receiver)]);
      await receiver.page.reload();
      await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
      expect(await receiver.read('root')).toBe(await sender.read('root'));
      await Promise.all([sender.waitUntilConnected(), receiver.waitUntilConnected()]);
      await sender.page.reload();
      await Promise.all([sender.waitUntilConnected(), receiver.waitUntilConnected()]);
      const [mine, theirs] = await Promise.all([livingUfrag(sender), livingUfrag(receiver)]);
      await sender.page.evaluate("window.dispatchEvent(new Event('online'))");
      await sender.waitFor('an ICE restart here', async () => (await livingUfrag(sender)) !== mine);
      await receiver.waitFor('an ICE restart there', async () => (await livingUfrag(receiver)) !== theirs);
      const small = await makeFile(folder, 'small.bin', 3_000_000);
      await sender.sendMore([small.path]);
      await receiver.accept();
      await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
      expect([await livingUfrag(sender), await livingUfrag(receiver)]).not.toContain(undefined);
      await receiver.press('Disconnect');
      await sender.waitForAttribute('status', 'data-state', 'lost');
      expect([sender.problems, receiver.problems]).toEqual([[], []]);
    } finally {
      await apps.close();
    }
  });
});
