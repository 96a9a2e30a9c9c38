import type { Scanner } from '../../ports/scanner.ts';

/** Shape Detection API, which TypeScript's library does not have. */
interface BarcodeDetectorClass {
  new (options: { formats: readonly string[] }): {
    detect(image: ImageData): Promise<readonly { readonly rawValue: string }[]>;
  };
  getSupportedFormats(): Promise<readonly string[]>;
}

/**
 * The platform's own detector (Chromium on Android, ChromeOS and macOS): fast, and at no cost to the page.
 *
 * @param detector `globalThis.BarcodeDetector`, where there is one
 * @returns undefined where it does not read QR codes: on Linux and Windows it is there, and supports nothing
 */
export async function createNativeScanner(detector: unknown): Promise<Scanner | undefined> {
  if (!isDetectorClass(detector)) return undefined;
  let reader: InstanceType<BarcodeDetectorClass>;
  try {
    if (!(await detector.getSupportedFormats()).includes('qr_code')) return undefined;
    reader = new detector({ formats: ['qr_code'] });
  } catch {
    return undefined; // Android without Google's services has the class, and not what is behind it.
  }
  return {
    name: 'native',
    scan: async ({ rgba, widthPx, heightPx }) => {
      const found = await reader.detect(new ImageData(rgba, widthPx, heightPx));
      return found.find(({ rawValue }) => rawValue !== '')?.rawValue;
    },
  };
}

function isDetectorClass(value: unknown): value is BarcodeDetectorClass {
  return typeof value === 'function' && 'getSupportedFormats' in value;
}
