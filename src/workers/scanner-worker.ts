import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { ScanAnswer, ScanRequest } from '../adapters/camera/scan-messages.ts';
import { createJsqrScanner } from '../adapters/qr/jsqr-scanner.ts';
import { createZxingScanner } from '../adapters/qr/zxing-scanner.ts';
import type { Scanner } from '../ports/scanner.ts';

/** Entry point of the scanner worker: jsQR answers until zxing has loaded, and for good where it cannot. */
declare const self: DedicatedWorkerGlobalScope;

let scanner: Scanner = createJsqrScanner();
const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });

async function loadWasm(): Promise<ArrayBuffer> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`${wasmUrl}: ${response.status}`);
  return response.arrayBuffer();
}

if (typeof WebAssembly === 'object') {
  createZxingScanner(loadWasm).then(
    (zxing) => {
      scanner = zxing;
      return undefined;
    },
    // jsQR goes on: slower, and it needs a sharper picture.
    (error: unknown) => console.warn(error), // oxlint-disable-line no-console -- for whoever looks into it
  );
}

async function answer({ bitmap, crop, widthPx, heightPx }: ScanRequest): Promise<ScanAnswer> {
  if (context === null) return { type: 'failed', message: 'no 2d context' };
  canvas.width = widthPx;
  canvas.height = heightPx;
  context.drawImage(bitmap, crop.x, crop.y, crop.widthPx, crop.heightPx, 0, 0, widthPx, heightPx);
  bitmap.close();
  const { data } = context.getImageData(0, 0, widthPx, heightPx);
  const text = await scanner.scan({ rgba: data, widthPx, heightPx });
  return { type: 'scanned', text, scanner: scanner.name };
}

self.addEventListener('message', ({ data }: MessageEvent<ScanRequest>) => {
  answer(data).then(
    (reply) => self.postMessage(reply),
    (error: unknown) => self.postMessage({ type: 'failed', message: String(error) } satisfies ScanAnswer),
  );
});
