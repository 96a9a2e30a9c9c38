import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import { TransferError } from '../../core/errors.ts';
import type { Scanner } from '../../ports/scanner.ts';

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
 * zxing-cpp as WebAssembly. Needs `'wasm-unsafe-eval'` in the policy's script-src.
 *
 * @param loadWasm gives the module's bytes; the package's own way would ask a CDN
 * @throws TransferError 'scanner-failed', origin 'host'
 */
export async function createZxingScanner(loadWasm: () => Promise<ArrayBuffer>): Promise<Scanner> {
  try {
    const wasmBinary = await loadWasm();
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  } catch (cause) {
    throw new TransferError('scanner-failed', 'host', `zxing-wasm did not start: ${String(cause)}`, cause);
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
