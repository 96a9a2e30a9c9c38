import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { allowClipboard } from '../support/browsers.ts';
import { codeWith } from '../support/reach-steps.ts';

/**
 * How two browsers reach each other, and what they say where their codes lead nowhere. NAT and servers have tests of
 * their own.
 */
let apps: AppPair;

beforeAll(async () => {
  apps = await AppPair.launch(['chromium', 'firefox'], { mdns: false });
});

afterAll(async () => {
  await apps.close();
});

describe.each([
  ['chromium and firefox', 0],
  ['firefox and chromium', 1],
] as const)('%s', (_, first) => {
  const open = async (): Promise<readonly [AppDriver, AppDriver]> => {
    const [one, two] = await apps.open();
    return first === 0 ? [one, two] : [two, one];
  };

  test('say that one network lets nothing through', async () => {
    const [one, two] = await open();
    // The discard port: nobody listens there.
    await readBoth(one, two, (candidate) => ({ ...candidate, port: 9 }));
    await two.waitForAttribute('verdict', 'data-verdict', 'isolated', 30_000);
    await two.waitForText('Open a hotspot on one device and let the other join it.');
  });

  test('say that nobody answers for the name of an address', async () => {
    const [one, two] = await open();
    const address = '11111111-2222-4333-8444-555555555555.local';
    await readBoth(one, two, (candidate) => ({ ...candidate, address }));
    await two.waitForAttribute('verdict', 'data-verdict', 'names-unknown', 30_000);
    await two.waitForText('Start the camera on one of them');
  });

  test('show how the bytes go, and copy it without whole addresses', async () => {
    const [one, two] = await open();
    await Promise.all([one.receive(), two.receive()]);
    const addresses: string[] = [];
    await codeWith(one, (candidate) => {
      addresses.push(candidate.address);
      return candidate;
    });
    await pairByPaste(one, two);
    await Promise.all(apps.browsers.map((browser) => allowClipboard(browser, apps.server.origin)));
    for (const app of [one, two]) {
      await app.press('Connection details');
      await app.waitForAttribute('path', 'data-kind', 'direct');
      await app.waitForText('Direct, in this network');
      // The second look gives a rate.
      await app.waitForText(/ out · .+ in\b/);
      await app.press('Copy report');
      await app.waitForText('Report copied.');
      const report = await app.page.evaluate(() => navigator.clipboard.readText());
      expect(report).toContain('path: direct');
      for (const address of addresses) expect(report).not.toContain(address);
    }
    expect([one.problems, two.problems]).toEqual([[], []]);
    // What was granted has denied everything else in Chromium, the local network too.
    await apps.browsers[0].browser.defaultBrowserContext().clearPermissionOverrides();
    // Else the next test's pages would find each other again.
    await one.press('Disconnect');
    await two.waitFor(
      'the end of the link',
      async () => !(await two.attributes('status', 'data-state')).includes('connected'),
    );
  });
});

test('say that the browser keeps the page out of the local network', async () => {
  const [two, one] = await apps.open();
  const session = await two.page.createCDPSession();
  const permission = { permission: { name: 'local-network-access' }, origin: apps.server.origin };
  await session.send('Browser.setPermission', { ...permission, setting: 'denied' });
  await readBoth(one, two, (candidate) => ({ ...candidate, port: 9 }));
  await two.waitForAttribute('verdict', 'data-verdict', 'local-network-denied', 30_000);
  await session.send('Browser.setPermission', { ...permission, setting: 'prompt' });
});

/** The second one knows that both were read, since it has read a reply; the first one waits for as long as it takes. */
async function readBoth(one: AppDriver, two: AppDriver, change: Parameters<typeof codeWith>[1]): Promise<void> {
  await Promise.all([one.receive(), two.receive()]);
  await one.readCode(await codeWith(two, change));
  await one.waitForAttribute('status', 'data-state', 'read');
  await two.readCode(await codeWith(one, change));
}
