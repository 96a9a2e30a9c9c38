import { create } from 'qrcode/lib/core/qrcode.js';
import type { QrEncoder } from '../../ports/qr-encoder.ts';

/**
 * The `qrcode` package. Level L: the code is on a bright screen, and fewer modules can be larger.
 *
 * The segments are given, not left to the package: it would find the same ones, after a search through all splits.
 */
export const qrEncoder: QrEncoder = {
  encode(prefix, digits) {
    const link = { data: new TextEncoder().encode(prefix), mode: 'byte' } as const;
    const number = { data: digits, mode: 'numeric' } as const;
    const { version, modules } = create(prefix === '' ? [number] : [link, number], { errorCorrectionLevel: 'L' });
    return { version, sizeModules: modules.size, modules: Uint8Array.from(modules.data) };
  },
};
