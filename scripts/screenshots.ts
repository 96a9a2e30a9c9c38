/**
 * `npm run screenshots`: pictures of every screen, phone and desktop, light and dark, into `docs/screenshots/all/` (not
 * committed), and the few that README shows into `docs/screenshots/`.
 */
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { AppDriver } from '../test/support/app-driver.ts';
import { pairByPaste } from '../test/support/app-driver.ts';
import { AppPair } from '../test/support/app-pair.ts';
import { addServer, openInternetSettings } from '../test/support/reach-steps.ts';
import { removeFolder } from '../test/support/browsers.ts';
import { makeFile } from '../test/support/files.ts';

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;
const SCHEMES = ['light', 'dark'] as const;
const root = fileURLToPath(new URL('../', import.meta.url));
const chosen = join(root, 'docs/screenshots');
const target = join(chosen, 'all');
const IN_README = new Map([
  ['1-home', 'home-phone.png'],
  ['4-pair', 'pair-phone.png'],
  ['9-receiving', 'receiving-phone.png'],
  ['10-verified', 'verified-phone.png'],
]);

/** The same moment in every size and both colour schemes. */
async function shoot(app: AppDriver, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await app.page.setViewport({ ...viewport, deviceScaleFactor: size === 'phone' ? 2 : 1 });
    for (const scheme of SCHEMES) {
      await app.page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      await app.page.screenshot({ path: join(target, `${name}-${size}-${scheme}.png`), fullPage: size === 'phone' });
    }
  }
  const inReadme = IN_README.get(name);
  if (inReadme !== undefined) await copyFile(join(target, `${name}-phone-light.png`), join(chosen, inReadme));
}

async function main(): Promise<void> {
  await build({ root, logLevel: 'warn' });
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'heliograph-pictures-'));
  const apps = await AppPair.launch(['chromium', 'chromium'], { mdns: false, camera: 'fake' });
  try {
    const photos = await makeFile(folder, 'Mountain lake.jpg', 4_812_331);
    const film = await makeFile(folder, 'Birthday film.mp4', 300_000_000);
    const [one, two] = await apps.open();
    await shoot(one, '1-home');
    await openInternetSettings(one);
    await addServer(one, 0, { uri: 'turn:turn.example.org', username: 'anna' });
    await shoot(one, '14-settings');
    await one.press('Remove turn:turn.example.org');
    const local = await one.byTestId('reach-network');
    await local.click();
    await one.press('Back');
    await one.press('Send');
    await shoot(one, '2-choose-empty');
    await one.chooseFiles('file-input', [photos.path, film.path]);
    await shoot(one, '3-choose');
    await one.press('Continue');
    await two.receive();
    await one.link();
    await one.press('Hold them face to face');
    await one.waitForText('so that each one’s camera sees');
    await shoot(one, '5-face-to-face');
    await one.press('One code at a time');
    await one.link();
    await one.page.waitForSelector('[data-testid="qr"]');
    await shoot(one, '4-pair');
    await two.readCode('https://example.com/a-menu?table=7&and=so-on-and-so-on');
    await two.waitForText('That is not a Heliograph code');
    await shoot(two, '5-pair-wrong-code');
    await two.press('Scan with camera');
    await two.waitForText(/camera/i);
    await two.waitFor(
      'what came of the camera',
      async () => !(await two.visibleText()).includes('Starting the camera'),
    );
    await shoot(two, '6-pair-no-camera');
    await two.readCode(await one.link());
    await two.waitForAttribute('status', 'data-state', 'read');
    await shoot(two, '7-pair-read');
    await one.readCode(await two.link());
    await two.waitForTransfer('offered');
    await shoot(two, '8-offered');
    await two.accept();
    await two.waitFor('some of it', async () => /\b([3-9]\d|2\d)\s?%/.test(await two.visibleText()), 60_000);
    await shoot(two, '9-receiving');
    await two.press('Connection details');
    await two.waitForText('Direct, in this network');
    await shoot(two, '15-connection-details');
    await two.press('Connection details');
    await two.waitForTransfer('verified');
    await shoot(two, '10-verified');
    await shoot(one, '11-sent');
    await two.press('Disconnect');
    await one.waitForAttribute('status', 'data-state', 'lost');
    await shoot(one, '12-lost');
    await shoot(two, '13-home-with-files');
    await one.press('Pair again');
    await two.press('Receive');
    await pairByPaste(one, two);
  } finally {
    await apps.close();
    await removeFolder(folder);
  }
}

await main();
