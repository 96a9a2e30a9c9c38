import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { ScanAnswer, ScanRequest } from '../adapters/camera/scan-messages.ts';
import { drawView, type View } from '../adapters/camera/views.ts';
import { createJsqrScanner } from '../adapters/qr/jsqr-scanner.ts';
import { createNativeScanner } from '../adapters/qr/native-scanner.ts';
import { createZxingScanner } from '../adapters/qr/zxing-scanner.ts';
import type { Picture, Scanner } from '../ports/scanner.ts';

/**
 * Entry point of the scanner worker. The platform's detector looks first, where there is one; then zxing, which finds
 * what that misses. jsQR answers while zxing takes long to load, and for good where it cannot.
 */
declare const self: DedicatedWorkerGlobalScope;

/** From the browser's cache zxing is here within this time. jsQR may look at one noisy frame for longer than that. */
const HEAD_START_MS = 1_000;

let scanner: Scanner = createJsqrScanner();
const nativeScanner = openNativeScanner();
const bestScanner = openBestScanner();
const headStart = Promise.race([bestScanner, new Promise((resolve) => setTimeout(resolve, HEAD_START_MS))]);
let canvas: OffscreenCanvas | undefined;

interface Found {
  readonly text: string | undefined;
  readonly scanner: Scanner['name'];
}

async function openBestScanner(): Promise<void> {
  // Lockdown modes take it away.
  if (typeof WebAssembly !== 'object') return;
  try {
    scanner = await createZxingScanner(wasmUrl);
  } catch (error) {
    // jsQR goes on: it is slower, and needs a sharper picture.
    console.warn(error); // oxlint-disable-line no-console -- for whoever wonders why scanning is slow
  }
}

async function openNativeScanner(): Promise<Scanner | undefined> {
  return createNativeScanner(Reflect.get(globalThis, 'BarcodeDetector'));
}

async function look(picture: Picture): Promise<Found> {
  const native = await nativeScanner;
  // A detector that throws (its process died) leaves the picture to the others.
  const text = await native?.scan(picture).catch(() => undefined);
  return text === undefined
    ? { text: await scanner.scan(picture), scanner: scanner.name }
    : { text, scanner: 'native' };
}

async function scan(request: ScanRequest): Promise<Found> {
  await (request.isPatient ? bestScanner : headStart);
  if (request.type === 'picture') return look(request.picture);
  try {
    let found: Found = { text: undefined, scanner: scanner.name };
    for (const view of request.views) {
      found = await look(draw(request.image, view));
      if (found.text !== undefined) break;
    }
    return found;
  } finally {
    request.image.close();
  }
}

function draw(image: ImageBitmap, view: View): Picture {
  canvas ??= new OffscreenCanvas(view.widthPx, view.heightPx);
  // It only grows: setting a size, even the same one, allocates its pixels anew.
  if (canvas.width < view.widthPx) canvas.width = view.widthPx;
  if (canvas.height < view.heightPx) canvas.height = view.heightPx;
  // Without the hint every frame would be read back from graphics memory.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error(`no 2d context of ${view.widthPx}x${view.heightPx}`);
  return drawView(context, image, view);
}

function answer(message: ScanAnswer): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data }: MessageEvent<ScanRequest>) => {
  scan(data).then(
    (found) => answer({ type: 'scanned', ...found }),
    (error: unknown) => answer({ type: 'failed', message: String(error) }),
  );
});

answer({ type: 'ready' });
