import { afterAll, beforeAll, describe, test } from 'vitest';
import type { AppDriver } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { codeWith } from '../support/reach-steps.ts';

/** Two browsers whose codes lead nowhere: what each of them says about it. NAT and servers have tests of their own. */
describe.each([
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)('%s and %s', (...pair) => {
  /** The second one knows that both were read, since it has read a reply; the first one waits, for as long as it takes. */
  const readBoth = async (one: AppDriver, two: AppDriver, change: Parameters<typeof codeWith>[1]): Promise<void> => {
    await Promise.all([one.receive(), two.receive()]);
    await one.readCode(await codeWith(two, change));
    await one.waitForAttribute('status', 'data-state', 'read');
    await two.readCode(await codeWith(one, change));
  };

  describe('over plain addresses', () => {
    let apps: AppPair;

    beforeAll(async () => {
      apps = await AppPair.launch(pair, { mdns: false });
    });

    afterAll(async () => {
      await apps.close();
    });

    test('in one network that lets nothing through', async () => {
      const [one, two] = await apps.open();
      // The discard port: nobody listens there.
      await readBoth(one, two, (candidate) => ({ ...candidate, port: 9 }));
      await two.waitForAttribute('verdict', 'data-verdict', 'isolated', 30_000);
      await two.waitForText('Open a hotspot on one device and let the other join it.');
    });
  });

  describe('over hidden ones', () => {
    let apps: AppPair;

    beforeAll(async () => {
      apps = await AppPair.launch(pair);
    });

    afterAll(async () => {
      await apps.close();
    });

    test('whose names nobody answers for', async () => {
      const [one, two] = await apps.open();
      const address = '11111111-2222-4333-8444-555555555555.local';
      await readBoth(one, two, (candidate) => ({ ...candidate, address }));
      await two.waitForAttribute('verdict', 'data-verdict', 'names-unknown', 30_000);
      await two.waitForText('Start the camera on one of them');
    });
  });
});
