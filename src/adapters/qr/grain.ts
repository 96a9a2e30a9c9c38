import type { Picture } from '../../ports/scanner.ts';

/** Rows and columns that are looked at: every one of these. Odd, so that no pattern of pairs is met in step. */
const STRIDE_PX = 7;
/** Of the samples, this part lies in flat ground in any picture of a code with at least about two pixels a module. */
const FLAT_PART = 0.25;
/** That part's quantile of |2b - a - c|, where a, b and c are Gaussian with a standard deviation of 1. */
const QUANTILE_OF_UNIT_NOISE = 0.78;

/** Estimates the noise of a picture as a standard deviation, in grey levels of 0 to 255. */
export function noiseOf({ widthPx, heightPx, rgba }: Picture): number {
  const differences: number[] = [];
  for (let y = 0; y < heightPx; y += STRIDE_PX) {
    for (let x = 1; x < widthPx - 1; x += STRIDE_PX) {
      const at = 4 * (y * widthPx + x) + GREEN;
      differences.push(Math.abs(2 * (rgba[at] ?? 0) - (rgba[at - 4] ?? 0) - (rgba[at + 4] ?? 0)));
    }
  }
  differences.sort((a, b) => a - b);
  return (differences[Math.floor(differences.length * FLAT_PART)] ?? 0) / QUANTILE_OF_UNIT_NOISE;
}

/** Most of what the eye sees as brightness, and the least noisy channel of a camera. */
const GREEN = 1;

/** A grey copy in which each pixel is the mean of the 3x3 pixels about it; edge pixels repeat outwards. */
export function smoothed({ widthPx, heightPx, rgba }: Picture): Picture {
  const sums = new Uint16Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx;
    for (let x = 0; x < widthPx; x++) {
      const [left, right] = [x === 0 ? x : x - 1, x === widthPx - 1 ? x : x + 1];
      sums[row + x] = level(rgba, row + left) + level(rgba, row + x) + level(rgba, row + right);
    }
  }
  const grey = new Uint8ClampedArray(rgba.length);
  for (let y = 0; y < heightPx; y++) {
    const [above, below] = [(y === 0 ? y : y - 1) * widthPx, (y === heightPx - 1 ? y : y + 1) * widthPx];
    for (let x = 0; x < widthPx; x++) {
      const at = y * widthPx + x;
      const mean = ((sums[above + x] ?? 0) + (sums[at] ?? 0) + (sums[below + x] ?? 0)) / 9;
      grey[4 * at] = mean;
      grey[4 * at + 1] = mean;
      grey[4 * at + 2] = mean;
      grey[4 * at + 3] = 255;
    }
  }
  return { widthPx, heightPx, rgba: grey };
}

/** Brightness as (2 R + 5 G + B) / 8, close to Rec. 709. */
function level(rgba: Uint8ClampedArray, pixel: number): number {
  const at = 4 * pixel;
  return (2 * (rgba[at] ?? 0) + 5 * (rgba[at + 1] ?? 0) + (rgba[at + 2] ?? 0)) >> 3;
}
