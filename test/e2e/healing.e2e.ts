import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { cutLink } from '../support/cut-link.ts';
import { tapEngine } from '../support/engine-tap.ts';
import { makeFile } from '../support/files.ts';
import { storedStandbys, waitUntilHealable, waitUntilHealableAnew } from '../support/healable.ts';

const SIZE_BYTES = 60_000_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-healing-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

function openTapped({ browsers: [one, two], server }: AppPair): Promise<[AppDriver, AppDriver]> {
  return Promise.all([AppDriver.open(one, server.url, tapEngine), AppDriver.open(two, server.url, tapEngine)]);
}

/** Of the newest transfer; 1 when it is over, which may come between two looks. */
async function bytesDone(app: AppDriver): Promise<number> {
  if ((await app.transfers())[0]?.state === 'verified') return 1;
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

/** The other pairings: crash.e2e.ts, where browsers are killed. `npm run bench -- reconnect` does all in all of them. */
describe.each([['chromium', 'chromium'] as const, ['firefox', 'firefox'] as const])('%s and %s', (...pair) => {
  test('a dropped link, a reload of either side: it comes back by itself, and the transfer goes on', async () => {
    // Plain addresses: with several Firefox processes at once on one machine, names are not always answered for.
    const apps = await AppPair.launch(pair, { mdns: false });
    try {
      const [sender, receiver] = await openTapped(apps);
      const file = await makeFile(folder, 'heal.bin', SIZE_BYTES);
      await sender.send([file.path]);
      await receiver.receive();
      await pairByPaste(sender, receiver);
      await receiver.accept();
      await Promise.all([waitUntilHealable(sender), waitUntilHealable(receiver)]);
      await receiver.waitFor('a part of it', async () => (await bytesDone(receiver)) >= 0.1);
      await Promise.all([cutLink(sender), cutLink(receiver)]);
      await receiver.waitFor('more of it', async () => (await bytesDone(receiver)) >= 0.4, 60_000);
      await Promise.all([waitUntilHealable(sender), waitUntilHealable(receiver)]);
      const before = await storedStandbys(sender);
      await receiver.page.reload();
      await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
      expect(await receiver.read('root')).toBe(await sender.read('root'));
      await Promise.all([sender.waitUntilConnected(), receiver.waitUntilConnected()]);
      await waitUntilHealableAnew(sender, before);
      await sender.page.reload();
      await Promise.all([sender.waitUntilConnected(), receiver.waitUntilConnected()]).catch(async (error: unknown) => {
        throw new Error(`${String(error)}\n--- the sender: ${await sender.visibleText()}`);
      });
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

describe.each([['firefox', 'chromium'] as const])('%s calls %s', (...pair) => {
  test('both pages were closed: one code, read once, connects them', async () => {
    const apps = await AppPair.launch(pair);
    try {
      const [one, two] = await openTapped(apps);
      await Promise.all([one.receive(), two.receive()]);
      await pairByPaste(one, two);
      for (const app of [one, two])
        await (await app.byTestId('remember')).toElement('input').then((box) => box.click());
      await Promise.all([waitUntilHealable(one), waitUntilHealable(two)]);
      await one.press('Disconnect');
      await two.waitForAttribute('status', 'data-state', 'lost');
      await Promise.all([one.page.reload(), two.page.reload()]);
      await one.press('Show a code for Device without a name');
      const code = await one.read('call-link');
      await two.receive();
      await two.readCode(code);
      await Promise.all([one.waitUntilConnected(), two.waitUntilConnected()]);
      expect([one.problems, two.problems]).toEqual([[], []]);
    } finally {
      await apps.close();
    }
  });
});

/** As browsers may all do one day: a page that rewrites ICE credentials is refused (Chromium's trial). */
const REFUSES = { fieldTrials: 'WebRTC-NoSdpMangleUfrag/Enabled/' };

describe('a browser that refuses rewritten credentials', () => {
  test('is dialed by one that does not', async () => {
    const apps = await AppPair.launch(['chromium', 'chromium'], REFUSES, {});
    try {
      const [one, two] = await openTapped(apps);
      await Promise.all([one.receive(), two.receive()]);
      await pairByPaste(one, two);
      await waitUntilHealable(two);
      await Promise.all([cutLink(one), cutLink(two)]);
      await Promise.all([one.waitUntilConnected(), two.waitUntilConnected()]);
      expect([one.problems, two.problems]).toEqual([[], []]);
    } finally {
      await apps.close();
    }
  });

  test('and another such one are asked for a code at once, and nothing else is different', async () => {
    const apps = await AppPair.launch(['chromium', 'chromium'], REFUSES);
    try {
      const [one, two] = await openTapped(apps);
      await Promise.all([one.receive(), two.receive()]);
      await pairByPaste(one, two);
      await Promise.all([cutLink(one), cutLink(two)]);
      for (const app of [one, two]) await app.waitForAttribute('status', 'data-state', 'lost');
      for (const app of [one, two]) await app.press('Pair again');
      await pairByPaste(two, one);
      await one.page.reload();
      await one.receive();
      expect([one.problems, two.problems]).toEqual([[], []]);
    } finally {
      await apps.close();
    }
  });
});
