import { assert, constantFrom, property, stringMatching } from 'fast-check';
import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { qrEncoder } from '../../../src/adapters/qr/qr-encoder.ts';
import { paintQr } from '../../support/painted-qr.ts';

const PREFIX = 'https://heliograph.example/app#';

function decode(prefix: string, digits: string) {
  const matrix = qrEncoder.encode(prefix, digits);
  const sidePx = (matrix.sizeModules + 12) * 4;
  const { rgba } = paintQr(matrix, { widthPx: sidePx, heightPx: sidePx, modulePx: 4 });
  return jsQR(rgba, sidePx, sidePx);
}

describe('qrEncoder', () => {
  test('holds any link and number, as a byte segment and a numeric segment', () => {
    assert(
      property(constantFrom(PREFIX, ''), stringMatching(/^[1-9]\d{0,239}$/), (prefix, digits) => {
        const code = decode(prefix, digits);
        expect(code?.data).toBe(prefix + digits);
        expect(code?.chunks.map(({ type }) => type)).toEqual(prefix === '' ? ['numeric'] : ['byte', 'numeric']);
      }),
      { numRuns: 15 },
    );
  });

  test('keeps leading zeros of the number', () => {
    expect(decode(PREFIX, '000123')?.data).toBe(`${PREFIX}000123`);
  });

  test('needs no more than version 6 for 80 bytes with a link of 31 characters', () => {
    const { version, sizeModules, modules } = qrEncoder.encode(PREFIX, (2n ** 641n - 1n).toString());
    expect(version).toBeLessThanOrEqual(6);
    expect(sizeModules).toBe(17 + 4 * version);
    expect(modules).toHaveLength(sizeModules ** 2);
    expect(new Set(modules)).toEqual(new Set([0, 1]));
  });
});
