import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findInlineCode } from '../support/inline-code.ts';

const html = readFileSync(new URL('../../index.html', import.meta.url), 'utf8');
const sizeOf = (png: string): readonly [number, number] => {
  const bytes = readFileSync(new URL(`../../public/${png}`, import.meta.url));
  // The IHDR chunk comes first (PNG §5.6): width at byte 16, height at byte 20.
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
};

test('the page may load nothing but its own files', () => {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1];
  expect(policy?.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test('the policy comes before anything that it is about', () => {
  expect(html.indexOf('Content-Security-Policy')).toBeGreaterThan(0);
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(link|script|style|title)\b/));
});

test('the page has no inline script or style, and names no other origin', () => {
  expect(findInlineCode(html)).toEqual([]);
  const addresses = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
  expect(addresses.length).toBeGreaterThan(4);
  for (const address of addresses) expect(address).toMatch(/^\.\//);
});

test.each([
  ['icon-192.png', 192],
  ['icon-512.png', 512],
  ['icon-maskable-512.png', 512],
  ['apple-touch-icon.png', 180],
] as const)('%s is a square of %i px', (png, sizePx) => {
  expect(sizeOf(png)).toEqual([sizePx, sizePx]);
});

describe('findInlineCode', () => {
  test.each([
    '<script>go()</script>',
    '<SCRIPT type="module">go()</SCRIPT>',
    '<script src="./a.js">go()</script>',
    '<script data-src="a.js"></script>',
    '<style>p { color: red }</style>',
    '<p style="color: red">',
    "<p class='a' style='color: red'>",
    '<body onload="go()">',
    '<img src="a.png" onerror=go()>',
    '<a href="javascript:go()">',
    '<link rel="stylesheet" href="data:text/css,p{}">',
  ])('finds %s', (sample) => {
    expect(findInlineCode(`<p>before</p>\n${sample}\n<p>after</p>`)).toHaveLength(1);
  });

  test.each([
    '<script type="module" src="./a.js"></script>',
    '<script crossorigin src=./a.js > </script>',
    '<link rel="stylesheet" href="./a.css">',
    '<!-- <script>go()</script> -->',
    '<p>style="x" and onload="y" as text</p>',
    '<meta name="description" content="a style=plain description, once=more">',
    '<p data-style="x" data-onload="y">',
  ])('accepts %s', (sample) => {
    expect(findInlineCode(sample)).toEqual([]);
  });
});
