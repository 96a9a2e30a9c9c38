import jsQR from 'jsqr';
import type { Scanner } from '../../ports/scanner.ts';
import { noiseOf, smoothed } from './grain.ts';

/**
 * From this much noise on, in grey levels, jsQR takes specks for finder patterns: seconds for a frame, and nothing
 * found. Below, smoothing only costs detail. Measured with our codes in 1280x720 frames at 6 px a module, noise 6:
 * 0 of 3 in 3.5 s as it is, 5 of 5 in 0.13 s smoothed; at 3 px a module and noise 3, 6 of 6 as it is, 2 of 6 smoothed.
 */
const NOISY_SIGMA = 4;

/** jsQR: plain JavaScript, for where WebAssembly is missing and while it loads. Bytes that are no UTF-8 give no text. */
export function createJsqrScanner(): Scanner {
  return {
    name: 'jsqr',
    scan: async (picture) => {
      const { rgba, widthPx, heightPx } = noiseOf(picture) < NOISY_SIGMA ? picture : smoothed(picture);
      const found = jsQR(rgba, widthPx, heightPx, { inversionAttempts: 'attemptBoth' });
      return found === null || found.data === '' ? undefined : found.data;
    },
  };
}
