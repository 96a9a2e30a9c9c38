/** Renders the PNG icons from the SVGs in `public/`: `npx tsx scripts/icons.ts`. The results are committed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from 'puppeteer-core';
import { requireBrowser } from './shared/find-browsers.ts';

const folder = new URL('../public/', import.meta.url);
/** Source, result, its width and height in pixels, and what is behind it. */
const ICONS = [
  ['icon.svg', 'icon-192.png', 192, 'transparent'],
  ['icon.svg', 'icon-512.png', 512, 'transparent'],
  ['icon-maskable.svg', 'icon-maskable-512.png', 512, 'transparent'],
  // iOS rounds the corners itself, and paints what is transparent black.
  ['icon.svg', 'apple-touch-icon.png', 180, '#14213d'],
] as const;

const browser = await launch({
  executablePath: requireBrowser('chromium'),
  // One device pixel is one CSS pixel, whatever the screen of this machine.
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--force-device-scale-factor=1'],
});
try {
  const page = await browser.newPage();
  for (const [source, target, sizePx, background] of ICONS) {
    await page.setViewport({ width: sizePx, height: sizePx });
    const svg = readFileSync(new URL(source, folder), 'utf8');
    const style = `html,body{margin:0;background:${background}}svg{display:block;width:100vw;height:100vh}`;
    await page.setContent(`<style>${style}</style>${svg}`);
    writeFileSync(new URL(target, folder), await page.screenshot({ type: 'png', omitBackground: true }));
    console.log(`${target} ${sizePx} px`);
  }
} finally {
  await browser.close();
}
