import type { Page } from 'puppeteer-core';
import type { Picture } from '../../src/ports/scanner.ts';
import { overwriteY4m, paintBlank, writeY4m } from './qr-frames.ts';

/** What a page's camera sees, as the test decides. */
export interface TestCamera {
  readonly prepare: (page: Page) => Promise<void>;
  show(picture: Picture): Promise<void>;
}

/** Enough for our codes at arm's length, and half the work of 1280x720 for everybody who looks at it. */
export const CAMERA_WIDTH_PX = 960;
export const CAMERA_HEIGHT_PX = 540;
const FILM_FRAMES = 4;
const FRAMES_PER_SEC = 15;

/** Chromium's fake capture device, which plays a film: the real path through the browser's camera code. */
export async function filmCamera(path: string): Promise<TestCamera> {
  const blank = paintBlank(CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX);
  await writeY4m(path, film(blank), CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX, FRAMES_PER_SEC);
  return { prepare: async () => {}, show: (picture) => overwriteY4m(path, film(picture)) };
}

function film(picture: Picture): Picture[] {
  return Array.from({ length: FILM_FRAMES }, () => picture);
}

declare global {
  interface Window {
    /** Of the canvas camera: base64 of one grey byte per pixel. */
    testCameraSees?: (grey: string) => void;
  }
}

/** For Firefox, which plays no film: `getUserMedia` gives the stream of a canvas. Of one page at a time. */
export function canvasCamera(): TestCamera {
  let page: Page | undefined;
  return {
    prepare: async (prepared) => {
      page = prepared;
      await page.evaluateOnNewDocument(installCanvasCamera, CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX, FRAMES_PER_SEC);
    },
    show: async ({ rgba }) => {
      const grey = Buffer.alloc(rgba.length / 4);
      for (let i = 0; i < grey.length; i++) grey[i] = rgba[i * 4 + 1] ?? 0;
      await page?.evaluate((base64) => window.testCameraSees?.(base64), grey.toString('base64'));
    },
  };
}

/** Runs in the page. */
function installCanvasCamera(widthPx: number, heightPx: number, framesPerSec: number): void {
  const picture = new ImageData(widthPx, heightPx);
  picture.data.fill(255);
  window.testCameraSees = (base64) => {
    const grey = atob(base64);
    for (let i = 0; i < grey.length; i++) picture.data.fill(grey.charCodeAt(i), i * 4, i * 4 + 3);
  };
  // No function in here has a name of its own: tsx would wrap it in a helper that the page does not have.
  navigator.mediaDevices.getUserMedia = async () => {
    const element = document.createElement('canvas');
    element.width = widthPx;
    element.height = heightPx;
    const context = element.getContext('2d');
    const stream = element.captureStream(framesPerSec);
    const timer = setInterval(() => {
      if (stream.getTracks().every(({ readyState }) => readyState === 'ended')) clearInterval(timer);
      else context?.putImageData(picture, 0, 0);
    }, 1000 / framesPerSec);
    return stream;
  };
}
