import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Viewport } from 'puppeteer-core';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { qrEncoder } from '../../src/adapters/qr/qr-encoder.ts';
import { fromBase64Url } from '../../src/core/ticket/base64.ts';
import { ticketDigits } from '../../src/core/ticket/text.ts';
import type { Picture } from '../../src/ports/scanner.ts';
import { AppDriver } from './app-driver.ts';
import { forgetPeers } from './app-pair.ts';
import { type BrowserKind, launchBrowser, type Pair, removeFolder, type TestBrowser } from './browsers.ts';
import { appFolder } from './build-pages.ts';
import { paintFrame } from './camera-frame.ts';
import { paintBlank } from './qr-frames.ts';
import { SeededRandom } from './seeded-random.ts';
import { CAMERA_HEIGHT_PX, CAMERA_WIDTH_PX, canvasCamera, filmCamera, type TestCamera } from './test-camera.ts';

/** One of two devices that are held towards each other. */
export interface Facing {
  readonly app: AppDriver;
  /** Its own, which sees the other's screen. */
  readonly camera: TestCamera;
}

/** Two browsers whose cameras see what the test shows them. */
export class FacePair {
  readonly #folder: string;
  readonly #server: StaticServer;
  readonly #eyes: readonly [Eye, Eye];

  private constructor(folder: string, server: StaticServer, eyes: readonly [Eye, Eye]) {
    this.#folder = folder;
    this.#server = server;
    this.#eyes = eyes;
  }

  static async launch(kinds: Pair): Promise<FacePair> {
    const folder = await mkdtemp(join(tmpdir(), 'heliograph-faces-'));
    const server = await startStaticServer({ root: appFolder });
    const eyes = [await launchEye(kinds[0], folder, 0), await launchEye(kinds[1], folder, 1)] as const;
    return new FacePair(folder, server, eyes);
  }

  /** A fresh page of the app in each browser, the first as large as a desktop's window, the second as a phone's. */
  async open(): Promise<readonly [Facing, Facing]> {
    return [await this.#openOne(0, DESKTOP), await this.#openOne(1, PHONE)];
  }

  async #openOne(place: 0 | 1, viewport: Viewport): Promise<Facing> {
    const { browser, camera } = this.#eyes[place];
    const stale = await browser.browser.pages();
    // A new pair does not see what the one before it has shown.
    await camera.show(paintBlank(CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX));
    const app = await AppDriver.open(browser, this.#server.url, async (page) => {
      await forgetPeers(page);
      await camera.prepare(page);
    });
    await app.page.setViewport(viewport);
    await Promise.all(stale.map((page) => page.close()));
    return { app, camera };
  }

  async close(): Promise<void> {
    await Promise.all(this.#eyes.map(({ browser }) => browser.close()));
    await this.#server.stop();
    await removeFolder(this.#folder);
  }
}

interface Eye {
  readonly browser: TestBrowser;
  readonly camera: TestCamera;
}

const PHONE: Viewport = { width: 390, height: 844 };
const DESKTOP: Viewport = { width: 1280, height: 800 };

async function launchEye(kind: BrowserKind, folder: string, place: number): Promise<Eye> {
  if (kind === 'firefox') return { browser: await launchBrowser(kind, { camera: 'fake' }), camera: canvasCamera() };
  const film = join(folder, `${place}.y4m`);
  const camera = await filmCamera(film);
  return { browser: await launchBrowser(kind, { camera: { file: film } }), camera };
}

/** Enters the pairing screen with nothing to send, and holds the device up. */
export async function faceOther({ app }: Facing, afterMs = 0): Promise<void> {
  await delay(afterMs);
  await app.receive();
  await app.press('Hold them face to face');
}

/** Of a code of version 6 with its quiet zone, this fills 500 of the 720 lines: an arm's length away. */
const PX_PER_MODULE = 5;
const LOOK_EVERY_MS = 200;
/** A hand does not hold still: what cannot be read from here can from there. */
const MOVE_EVERY_MS = 1_500;

/**
 * Carries each screen into the other's camera, as hand-held cameras see it: turned, tilted, blurred, with noise; until
 * both are connected.
 *
 * @returns ms from the first picture with a code to both being connected
 */
export async function holdFaceToFace(pair: readonly [Facing, Facing], seed: number, limitMs = 60_000): Promise<number> {
  const random = new SeededRandom(seed);
  const [one, two] = pair;
  const shown = new Map<Facing, { readonly text: string; readonly atMs: number }>();
  const startMs = performance.now();
  let firstCodeMs: number | undefined;
  while (!((await isConnected(one.app)) && (await isConnected(two.app)))) {
    if (performance.now() - startMs > limitMs) {
      throw new Error(`${await one.app.visibleText()}\n---\n${await two.app.visibleText()}`);
    }
    for (const [screen, eye] of [
      [one, two],
      [two, one],
    ] as const) {
      const text = await codeOnScreen(screen.app);
      const last = shown.get(eye);
      const nowMs = performance.now();
      // A code that has just gone stays in sight.
      if (text === undefined || (last?.text === text && nowMs < last.atMs + MOVE_EVERY_MS)) continue;
      shown.set(eye, { text, atMs: nowMs });
      firstCodeMs ??= nowMs;
      await eye.camera.show(handHeld(text, await baseUrl(screen.app), random));
    }
    await delay(LOOK_EVERY_MS);
  }
  return performance.now() - (firstCodeMs ?? startMs);
}

async function isConnected(app: AppDriver): Promise<boolean> {
  return (await app.attributes('status', 'data-state')).includes('connected');
}

async function codeOnScreen(app: AppDriver): Promise<string | undefined> {
  const [text] = await app.page.$$eval('[data-testid="my-text"]', (items) => items.map((item) => item.textContent));
  return text ?? undefined;
}

async function baseUrl(app: AppDriver): Promise<string> {
  return app.page.evaluate(() => location.origin + location.pathname);
}

function handHeld(text: string, url: string, random: SeededRandom): Picture {
  const bytes = fromBase64Url(text);
  if (bytes === undefined) throw new Error(`not base64url: ${text}`);
  return paintFrame(qrEncoder.encode(`${url}#`, ticketDigits(bytes)), {
    widthPx: CAMERA_WIDTH_PX,
    heightPx: CAMERA_HEIGHT_PX,
    pxPerModule: PX_PER_MODULE,
    pose: {
      centreXPx: CAMERA_WIDTH_PX / 2 + random.between(-110, 110),
      centreYPx: CAMERA_HEIGHT_PX / 2 + random.between(-30, 30),
      rotationDeg: random.between(-15, 15),
      tiltDeg: random.between(0, 15),
      tiltTowardsDeg: random.between(0, 359),
    },
    blurPx: 0.35 * PX_PER_MODULE,
    noiseSigma: 6,
    seed: random.between(1, 1_000_000),
  });
}
