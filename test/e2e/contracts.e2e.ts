import { afterAll, describe, expect, test } from 'vitest';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { BROWSER_KINDS, launchBrowser } from '../support/browsers.ts';
import { contractsFolder } from '../support/build-pages.ts';

/**
 * Every fact of `test/browser/registry.ts`, one test each, in real Chromium and real Firefox. The facts are listed
 * before the tests are defined, by a page that loads the registry.
 */
const server: StaticServer = await startStaticServer({ root: contractsFolder });
const pages = await Promise.all(
  BROWSER_KINDS.map(async (kind) => {
    const browser = await launchBrowser(kind);
    const page = await browser.newPage();
    await page.goto(server.url);
    return { kind, browser, page, facts: await page.evaluate(() => window.listFacts()) };
  }),
);

afterAll(async () => {
  await Promise.all(pages.map(({ browser }) => browser.close()));
  await server.stop();
});

describe.each(pages)('$kind', ({ page, facts }) => {
  test('finds the facts in the registry', () => {
    expect(facts.length).toBeGreaterThan(0);
  });

  test.each([
    ['nothing', 'x', 'y'],
    ['runner', 'x', 'y'],
    ['runner', 'Contract runner: window', 'y'],
    ['runner', 'Contract runner: worker', 'y'],
  ])('says that a fact is not there: %s, %s, %s', async (key, run, fact) => {
    const result = await page.evaluate((...name) => window.runFact(...name), key, run, fact);
    expect(result).toMatchObject({ ok: false, error: expect.stringMatching(/^Error: no/) });
  });

  // A loop, since `test.each` shortens long names.
  for (const { registryKey, runName, factName, where } of facts) {
    test(`${runName} (${where}): ${factName}`, async () => {
      const result = await page.evaluate(
        (key, run, fact) => window.runFact(key, run, fact),
        registryKey,
        runName,
        factName,
      );
      if (!result.ok) expect.fail(result.error);
    });
  }
});
