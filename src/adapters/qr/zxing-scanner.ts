import { prepareZXingModule, readBarcodes, type ReaderOptions, type ZXingModuleOverrides } from 'zxing-wasm/reader';
import { TransferError } from '../../core/errors.ts';
import type { Scanner } from '../../ports/scanner.ts';
import { describeCause } from '../exceptions.ts';

/** Both polarities, every rotation, small and large: a frame has 100 ms, and zxing-cpp needs about ten. */
const OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  tryHarder: true,
  tryInvert: true,
  tryRotate: true,
  tryDownscale: true,
  textMode: 'Plain',
};

/**
 * zxing-cpp as WebAssembly.
 *
 * Under a Content-Security-Policy it needs script-src `'wasm-unsafe-eval'`, and connect-src for a URL. In a worker
 * that is the policy sent with the worker's script: one in the page's `<meta>` does not reach it (Chromium 156,
 * Firefox 153, 2026-11). Refused, it does not start.
 *
 * @param wasm address of `zxing_reader.wasm`, or its bytes. There is no default: the package's own is a CDN.
 * @throws TransferError 'scanner-failed', origin 'host'
 */
export async function createZxingScanner(wasm: string | ArrayBuffer): Promise<Scanner> {
  const overrides: ZXingModuleOverrides = typeof wasm === 'string' ? { locateFile: () => wasm } : { wasmBinary: wasm };
  try {
    await prepareZXingModule({ overrides, fireImmediately: true });
  } catch (cause) {
    throw new TransferError('scanner-failed', 'host', `zxing-wasm did not start: ${describeCause(cause)}`, cause);
  }
  return {
    name: 'zxing',
    scan: async ({ rgba, widthPx, heightPx }) => {
      const found = await readBarcodes({ data: rgba, width: widthPx, height: heightPx, colorSpace: 'srgb' }, OPTIONS);
      const text = found.find(({ isValid }) => isValid)?.text;
      return text === '' ? undefined : text;
    },
  };
}
