/** Renders the PNG icons from the SVGs in `public/`: `npx tsx scripts/icons.ts`. The results are committed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from 'puppeteer-core';
import { requireBrowser } from './shared/find-browsers.ts';

const folder = new URL('../public/', import.meta.url);
const ICONS = [
  ['icon.svg', 'icon-192.png', 192],
  ['icon.svg', 'icon-512.png', 512],
  ['icon-maskable.svg', 'icon-maskable-512.png', 512],
  ['icon-maskable.svg', 'apple-touch-icon.png', 180],
] as const;

const browser = await launch({ executablePath: requireBrowser('chromium'), args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  for (const [source, target, sizePx] of ICONS) {
    await page.setViewport({ width: sizePx, height: sizePx });
    const svg = readFileSync(new URL(source, folder), 'utf8');
    await page.setContent(`<style>html,body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
    writeFileSync(new URL(target, folder), await page.screenshot({ type: 'png', omitBackground: true }));
    console.log(`${target} ${sizePx} px`);
  }
} finally {
  await browser.close();
}
