import jsQR from 'jsqr';
import type { Scanner } from '../../ports/scanner.ts';

/** jsQR: plain JavaScript, for where WebAssembly is missing and while it loads. Bytes that are no UTF-8 give no text. */
export function createJsqrScanner(): Scanner {
  return {
    name: 'jsqr',
    scan: async ({ rgba, widthPx, heightPx }) => {
      const found = jsQR(rgba, widthPx, heightPx, { inversionAttempts: 'attemptBoth' });
      return found === null || found.data === '' ? undefined : found.data;
    },
  };
}
