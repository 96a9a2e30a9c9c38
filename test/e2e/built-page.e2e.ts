import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appFolder } from '../support/build-pages.ts';
import { findInlineCode } from '../support/inline-code.ts';

/* What the build makes of index.html: bundlers like to inline scripts, preload polyfills and styles. */
const html = await readFile(join(appFolder, 'index.html'), 'utf8');

function policy(page: string): string | undefined {
  return /<meta\s+http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
}

test('the build keeps the policy, ahead of everything that it governs', async () => {
  const source = await readFile(new URL('../../index.html', import.meta.url), 'utf8');
  expect(policy(html)).toBe(policy(source));
  expect(policy(html)).toContain("default-src 'none'");
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(link|script|style|title)\b/));
});

test('the build puts no script or style into the page', () => {
  expect(html).toMatch(/<script\b[^>]*\ssrc=/);
  expect(findInlineCode(html)).toEqual([]);
});

test('every address of the built page is relative, so that the folder works anywhere', () => {
  const addresses = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
  expect(addresses.length).toBeGreaterThan(4);
  for (const address of addresses) expect(address).toMatch(/^\.\//);
});

test('everything that was built is kept for offline use, but source maps', async () => {
  const files = (await readdir(appFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(appFolder.length + 1));
  const serviceWorker = await readFile(join(appFolder, 'service-worker.js'), 'utf8');
  const missing = files.filter(
    (file) => !file.endsWith('.map') && file !== 'service-worker.js' && !serviceWorker.includes(`"${file}"`),
  );
  expect(missing).toEqual([]);
});
