import { describe, expect, test } from 'vitest';
import { noiseOf, smoothed } from '../../../src/adapters/qr/grain.ts';
import { qrEncoder } from '../../../src/adapters/qr/qr-encoder.ts';
import { paintBlank, paintQr } from '../../support/painted-qr.ts';

const MATRIX = qrEncoder.encode('https://heliograph.example/app#', '1234567890'.repeat(16));

describe('noiseOf', () => {
  test.each([0, 2, 4, 8, 15])('finds a noise of %d in a picture without a code, within a fifth', (noiseSigma) => {
    const estimate = noiseOf(paintBlank(640, 480, noiseSigma));
    expect(Math.abs(estimate - noiseSigma)).toBeLessThanOrEqual(noiseSigma * 0.2 + 0.3);
  });

  test.each([2, 3, 5, 8])('does not take the edges of a code of %d pixels a module for noise', (modulePx) => {
    const sidePx = (MATRIX.sizeModules + 8) * modulePx;
    expect(noiseOf(paintQr(MATRIX, { widthPx: sidePx, heightPx: sidePx, modulePx }))).toBeLessThan(1);
  });

  test('gives 0 for pictures too small to tell', () => {
    for (const [widthPx, heightPx] of [
      [1, 1],
      [2, 9],
      [1, 200],
    ] as const) {
      expect(noiseOf(paintBlank(widthPx, heightPx))).toBe(0);
    }
  });
});

describe('smoothed', () => {
  test('takes the mean of 3 x 3 pixels, repeating those at the edge', () => {
    const levels = [90, 0, 0, 0, 0, 180];
    const rgba = new Uint8ClampedArray(levels.flatMap((level) => [level, level, level, 255]));
    const { rgba: grey } = smoothed({ widthPx: 3, heightPx: 2, rgba });
    expect(levels.map((_, i) => grey[4 * i])).toEqual([40, 40, 40, 20, 50, 80]);
    expect(levels.every((_, i) => grey[4 * i] === grey[4 * i + 2] && grey[4 * i + 3] === 255)).toBe(true);
  });

  test('leaves a third of the noise, and the picture that it was given', () => {
    const noisy = paintBlank(320, 240, 12);
    const before = noisy.rgba.slice();
    const { rgba } = smoothed(noisy);
    const squares = Array.from({ length: 320 * 240 }, (_, i) => ((rgba[4 * i] ?? 0) - 128) ** 2);
    const sigma = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    expect(sigma).toBeGreaterThan(3.5);
    expect(sigma).toBeLessThan(4.5);
    expect(noisy.rgba).toEqual(before);
  });
});
