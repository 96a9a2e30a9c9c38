import { setTimeout as delay } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppDriver } from '../support/app-driver.ts';
import { AppPair, connected } from '../support/app-pair.ts';
import { PAIRS } from '../support/browsers.ts';

/**
 * Order-free pairing between real browsers: every way of reading, in every order, over mDNS names (as browsers do by
 * themselves) and over plain addresses. `npm run soak -- pairing --wait 300` waits for longer.
 */
describe.each(PAIRS)('%s and %s', (...pair) => {
  let apps: AppPair;

  beforeAll(async () => {
    apps = await AppPair.launch(pair);
  });

  afterAll(async () => {
    await apps.close();
  });

  const showCodes = async (): Promise<readonly [AppDriver, AppDriver]> => {
    const opened = await apps.open();
    await Promise.all(opened.map((app) => app.receive()));
    return opened;
  };

  test.each([0, 10_000])(
    'connect when both paste the first code of the other, the second one %i ms later',
    async (waitMs) => {
      const [one, two] = await showCodes();
      const [first, second] = [await one.link(), await two.link()];
      await one.readCode(second);
      await one.waitForAttribute('status', 'data-state', 'read');
      await delay(waitMs);
      await two.readCode(first);
      await connected(one, two);
      expect([one.problems, two.problems]).toEqual([[], []]);
    },
  );

  test('connect when the other one reads first', async () => {
    const [one, two] = await showCodes();
    const [first, second] = [await one.code(), await two.code()];
    await two.readCode(first);
    await two.waitForAttribute('status', 'data-state', 'read');
    await one.readCode(second);
    await connected(one, two);
  });

  test('connect when the second one reads the reply', async () => {
    const [one, two] = await showCodes();
    await one.readCode(await two.link());
    await one.waitForAttribute('status', 'data-state', 'read');
    await two.readCode(await one.link());
    await connected(one, two);
  });

  test('connect when both read at the same moment', async () => {
    const [one, two] = await showCodes();
    const [first, second] = [await one.link(), await two.link()];
    await Promise.all([one.readCode(second), two.readCode(first)]);
    await connected(one, two);
  });

  test('connect by opened links: the peer’s in a fresh tab, the reply in a tab that hands it over', async () => {
    const [one] = await apps.open();
    await one.receive();
    const [browserOne, browserTwo] = apps.browsers;
    const two = await AppDriver.open(browserTwo, await one.link());
    await two.waitForAttribute('status', 'data-state', 'read');
    const tab = await AppDriver.open(browserOne, await two.link());
    await tab.waitForText('Your other tab has it');
    await connected(one, two);
    expect(new URL(two.page.url()).hash).toBe('');
  });

  test('connect by pictures of the QR codes', async () => {
    const [one, two] = await showCodes();
    const folder = apps.browsers[0].downloadDir;
    const shoot = async (app: AppDriver, name: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, await app.picture('qr'));
      return path;
    };
    await two.chooseFiles('picture-input', [await shoot(one, 'one.png')]);
    await two.waitForAttribute('status', 'data-state', 'read');
    await one.chooseFiles('picture-input', [await shoot(two, 'two.png')]);
    await connected(one, two);
  });
});

/** In all pairings: soak.e2e.ts. */
describe.each([['chromium', 'firefox'] as const])('%s and %s over plain addresses', (...pair) => {
  test('connect', async () => {
    const apps = await AppPair.launch(pair, { mdns: false });
    try {
      const [one, two] = await apps.open();
      await Promise.all([one.receive(), two.receive()]);
      const [first, second] = [await one.link(), await two.link()];
      await one.readCode(second);
      await one.waitForAttribute('status', 'data-state', 'read');
      await two.readCode(first);
      await connected(one, two);
    } finally {
      await apps.close();
    }
  });
});

describe('a code that is of no use', () => {
  let apps: AppPair;
  let app: AppDriver;

  beforeAll(async () => {
    apps = await AppPair.launch(['chromium', 'chromium']);
    [app] = await apps.open();
    await app.receive();
  });

  afterAll(async () => {
    await apps.close();
  });

  test.each([
    ['another app’s', async () => 'https://example.com/menu?table=7', 'That is not a Heliograph code'],
    ['cut off', async () => (await app.link()).slice(0, -20), 'Part of the code is missing'],
    [
      'mistyped',
      async () => (await app.link()).replace(/.{9}$/, (tail) => (tail.startsWith('A') ? 'B' : 'A') + tail.slice(1)),
      'The code has a mistake in it',
    ],
    ['its own', () => app.link(), 'That is this device’s own code'],
  ])('%s is refused in words, and my code stays', async (_, make, words) => {
    const before = await app.link();
    await app.readCode(await make());
    // Short texts wait for the button: they may still be typed.
    if (await app.hasButton('Use code')) await app.press('Use code');
    await app.waitForText(words);
    expect(await app.link()).toBe(before);
  });
});
