import type { Picture } from '../../src/ports/scanner.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * What light, lens and sensor do to a picture of one channel. Each function changes the plane in place; levels are
 * those of 0 to 255, and may lie outside until `pictureOf` makes a picture of them.
 */
export interface Plane {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Row by row. */
  readonly luma: Float32Array;
}

/** Light that falls off across the frame. */
export interface Light {
  /** Where it gets darker: 0 is to the right, 90 down. */
  readonly directionDeg: number;
  /** What is left of it at the dark end, 0 to 1. */
  readonly darkest: number;
}

/** A lamp's soft reflection on the screen that shows the code. */
export interface Glare {
  readonly xPx: number;
  readonly yPx: number;
  /** Standard deviation of the spot. */
  readonly radiusPx: number;
  /** Grey levels that the middle of the spot adds. */
  readonly level: number;
}

/** The beat of a screen's pixels against the camera's: faint stripes. */
export interface Moire {
  readonly periodPx: number;
  /** Across the stripes. */
  readonly directionDeg: number;
  /** Half the distance from the darkest to the lightest, in grey levels. */
  readonly level: number;
}

/** The camera moves evenly while the shutter is open. */
export interface Motion {
  readonly lengthPx: number;
  readonly directionDeg: number;
}

export function shade(plane: Plane, { directionDeg, darkest }: Light): void {
  const [dx, dy] = direction(directionDeg);
  const reachPx = Math.abs(dx * plane.widthPx) + Math.abs(dy * plane.heightPx);
  each(plane, (level, x, y) => {
    const part = 0.5 + (dx * (x - plane.widthPx / 2) + dy * (y - plane.heightPx / 2)) / reachPx;
    return level * (1 - (1 - darkest) * part);
  });
}

export function addGlare(plane: Plane, { xPx, yPx, radiusPx, level: peak }: Glare): void {
  each(plane, (level, x, y) => {
    const distance = ((x - xPx) ** 2 + (y - yPx) ** 2) / (2 * radiusPx ** 2);
    // Beyond, it adds less than a thousandth.
    return distance > 7 ? level : level + peak * Math.exp(-distance);
  });
}

export function addMoire(plane: Plane, { periodPx, directionDeg, level: half }: Moire): void {
  const [dx, dy] = direction(directionDeg);
  const step = (2 * Math.PI) / periodPx;
  each(plane, (level, x, y) => level + half * Math.sin(step * (dx * x + dy * y)));
}

/** The mean of copies that lie at most half a pixel apart on the way. */
export function smear(plane: Plane, { lengthPx, directionDeg }: Motion): void {
  const { widthPx, heightPx, luma } = plane;
  const [dx, dy] = direction(directionDeg);
  const copies = Math.ceil(2 * lengthPx) + 1;
  const sums = new Float32Array(luma.length);
  for (let copy = 0; copy < copies; copy++) {
    const way = copies === 1 ? 0 : lengthPx * (copy / (copies - 1) - 0.5);
    const [fromX, partX] = wholeAndPart(way * dx);
    const [fromY, partY] = wholeAndPart(way * dy);
    for (let y = 0; y < heightPx; y++) {
      const upper = clamp(y + fromY, heightPx) * widthPx;
      const lower = clamp(y + fromY + 1, heightPx) * widthPx;
      for (let x = 0; x < widthPx; x++) {
        const left = clamp(x + fromX, widthPx);
        const right = clamp(x + fromX + 1, widthPx);
        const above = (luma[upper + left] ?? 0) * (1 - partX) + (luma[upper + right] ?? 0) * partX;
        const below = (luma[lower + left] ?? 0) * (1 - partX) + (luma[lower + right] ?? 0) * partX;
        const at = y * widthPx + x;
        sums[at] = (sums[at] ?? 0) + above * (1 - partY) + below * partY;
      }
    }
  }
  for (let i = 0; i < luma.length; i++) luma[i] = (sums[i] ?? 0) / copies;
}

/** A Gaussian, along rows and then along columns: it is separable. Edge pixels repeat outwards. */
export function blur({ widthPx, heightPx, luma }: Plane, sigmaPx: number): void {
  if (sigmaPx <= 0) return;
  const radius = Math.ceil(3 * sigmaPx);
  const bell = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigmaPx ** 2)));
  const total = bell.reduce((sum, weight) => sum + weight, 0);
  const weights = Float32Array.from(bell, (weight) => weight / total);
  const rows = new Float32Array(luma.length);
  // One row with its ends repeated, so that the inner loop has no limit to look at.
  const padded = new Float32Array(widthPx + 2 * radius);
  for (let start = 0; start < luma.length; start += widthPx) {
    padded.fill(luma[start] ?? 0, 0, radius);
    padded.set(luma.subarray(start, start + widthPx), radius);
    padded.fill(luma[start + widthPx - 1] ?? 0, radius + widthPx);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k] ?? 0;
      for (let x = 0; x < widthPx; x++) rows[start + x] = (rows[start + x] ?? 0) + weight * (padded[x + k] ?? 0);
    }
  }
  // Whole rows at a time: walking down columns would leave the processor's cache at each step.
  luma.fill(0);
  for (let y = 0; y < heightPx; y++) {
    const start = y * widthPx;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k] ?? 0;
      const from = clamp(y + k - radius, heightPx) * widthPx;
      for (let x = 0; x < widthPx; x++) luma[start + x] = (luma[start + x] ?? 0) + weight * (rows[from + x] ?? 0);
    }
  }
}

/** Gaussian. Each pixel's is picked from `NOISE_VALUES`, which takes a tenth of the time of making one for each. */
export function addNoise({ luma }: Plane, sigma: number, random: SeededRandom): void {
  if (sigma <= 0) return;
  for (let i = 0; i < luma.length; i++) {
    luma[i] = (luma[i] ?? 0) + sigma * (NOISE_VALUES[Math.floor(random.fraction() * NOISE_VALUES.length)] ?? 0);
  }
}

export function pictureOf({ widthPx, heightPx, luma }: Plane): Picture {
  const rgba = new Uint8ClampedArray(luma.length * 4);
  for (let i = 0, at = 0; i < luma.length; i++, at += 4) {
    const level = luma[i] ?? 0;
    rgba[at] = level;
    rgba[at + 1] = level;
    rgba[at + 2] = level;
    rgba[at + 3] = 255;
  }
  return { widthPx, heightPx, rgba };
}

/** x and y of the unit vector; y points down. */
export function direction(degrees: number): readonly [number, number] {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}

/** The normal distribution with a standard deviation of 1, by Box-Muller from a grid of its two numbers. */
const NOISE_VALUES = normalValues(128);

function normalValues(steps: number): Float32Array {
  const values = new Float32Array(steps ** 2);
  for (let i = 0; i < values.length; i++) {
    const radius = Math.sqrt(-2 * Math.log((Math.floor(i / steps) + 0.5) / steps));
    values[i] = radius * Math.cos((2 * Math.PI * ((i % steps) + 0.5)) / steps);
  }
  return values;
}

function each({ widthPx, heightPx, luma }: Plane, change: (level: number, x: number, y: number) => number): void {
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const at = y * widthPx + x;
      luma[at] = change(luma[at] ?? 0, x, y);
    }
  }
}

function wholeAndPart(value: number): readonly [number, number] {
  const whole = Math.floor(value);
  return [whole, value - whole];
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
