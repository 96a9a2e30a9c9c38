import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import type { Picture } from '../../src/ports/scanner.ts';
import { AppDriver } from '../support/app-driver.ts';
import { type TestBrowser, launchBrowser, removeFolder } from '../support/browsers.ts';
import { appFolder } from '../support/build-pages.ts';
import { makeFile } from '../support/files.ts';
import { overwriteY4m, paintBlank, writeY4m } from '../support/qr-frames.ts';

const WIDTH_PX = 1280;
const HEIGHT_PX = 720;
const FRAMES = 4;

/** What a camera in front of the page's QR code sees: its pixels as they are on the screen, on a grey background. */
async function cameraView(app: AppDriver): Promise<Picture> {
  const seen = await app.page.$eval('[data-testid="qr"]', (canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('the QR code is no canvas');
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return {
      widthPx: canvas.width,
      dark: Array.from(pixels, (value, i) => (i % 4 === 0 ? value : -1)).filter((v) => v >= 0),
    };
  });
  const frame = paintBlank(WIDTH_PX, HEIGHT_PX);
  const scale = Math.min(1, 600 / seen.widthPx);
  const sizePx = Math.floor(seen.widthPx * scale);
  const [left, top] = [(WIDTH_PX - sizePx) >> 1, (HEIGHT_PX - sizePx) >> 1];
  for (let y = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++) {
      const grey = seen.dark[Math.floor(y / scale) * seen.widthPx + Math.floor(x / scale)] ?? 255;
      frame.rgba.fill(grey, ((top + y) * WIDTH_PX + left + x) * 4, ((top + y) * WIDTH_PX + left + x) * 4 + 3);
    }
  }
  return frame;
}

async function isConnected(app: AppDriver): Promise<boolean> {
  return (await app.attributes('status', 'data-state')).includes('connected');
}

describe('face to face', () => {
  let folder: string;
  let server: StaticServer;
  let films: readonly [string, string];
  let browsers: readonly [TestBrowser, TestBrowser];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heliograph-camera-'));
    server = await startStaticServer({ root: appFolder });
    films = [join(folder, 'one.y4m'), join(folder, 'two.y4m')];
    const blank = Array.from({ length: FRAMES }, () => paintBlank(WIDTH_PX, HEIGHT_PX));
    for (const film of films) await writeY4m(film, blank, WIDTH_PX, HEIGHT_PX, 15);
    browsers = [
      await launchBrowser('chromium', { camera: { file: films[0] } }),
      await launchBrowser('chromium', { camera: { file: films[1] } }),
    ];
  });

  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.stop();
    await removeFolder(folder);
  });

  test('two devices that see each other’s screens pair by themselves, and a file arrives', async () => {
    const [one, two] = [await AppDriver.open(browsers[0], server.url), await AppDriver.open(browsers[1], server.url)];
    const file = await makeFile(folder, 'seen.bin', 1_000_000);
    await one.send([file.path]);
    await two.receive();
    await one.press('Scan with camera');
    await two.press('Scan with camera');
    // Paint each screen into the other's camera for as long as there is a code on it, as in front of each other.
    const giveUp = performance.now() + 60_000;
    while (!((await isConnected(one)) && (await isConnected(two)))) {
      if (performance.now() > giveUp) throw new Error(`${await one.visibleText()}\n---\n${await two.visibleText()}`);
      for (const [screen, film] of [
        [one, films[1]],
        [two, films[0]],
      ] as const) {
        // The code may just have gone: then the camera keeps seeing the last one.
        const view = await cameraView(screen).catch(() => undefined);
        if (view !== undefined)
          await overwriteY4m(
            film,
            Array.from({ length: FRAMES }, () => view),
          );
      }
      await delay(100);
    }
    await Promise.all([one, two].map((app) => app.waitForAttribute('trust', 'data-state', 'bySight')));
    await two.accept();
    await Promise.all([one.waitForTransfer('verified'), two.waitForTransfer('verified')]);
    expect(await two.read('root')).toBe(await one.read('root'));
    expect([one.problems, two.problems]).toEqual([[], []]);
  });
});
