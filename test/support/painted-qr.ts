import type { QrMatrix } from '../../src/ports/qr-encoder.ts';
import type { Picture } from '../../src/ports/scanner.ts';
import { SeededRandom } from './seeded-random.ts';

/** How a camera would see a code. Runs in Node and in browsers. */
export interface PaintOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Side of one module. */
  readonly modulePx: number;
  /** Where the code's centre is; the picture's centre when left out. */
  readonly centreXPx?: number;
  readonly centreYPx?: number;
  /** Clockwise, about the code's centre. */
  readonly rotationDeg?: number;
  /** The code leans away from the camera, after it was turned: its right side (x) or its lower side (y) goes back. */
  readonly tiltXDeg?: number;
  readonly tiltYDeg?: number;
  /** Standard deviation of the Gaussian blur. */
  readonly blurPx?: number;
  /** Standard deviation of the noise, in grey levels of 0 to 255. */
  readonly noiseSigma?: number;
  readonly seed?: number;
  /** Light modules on a dark ground, as in a dark colour scheme. */
  readonly isInverted?: boolean;
}

/** ISO/IEC 18004 §9.1: four modules of light around the code. */
const QUIET_MODULES = 4;
/** The ground that the code lies on: neither of its colours. */
const GROUND = 128;
/** A phone's camera sees about 45 degrees across. */
const FOCAL_PART = 1.2;
/** Samples of a pixel in each direction, so that edges are grey where they cross a pixel. */
const SAMPLES = 3;

/** A code on a grey ground. */
export function paintQr(matrix: QrMatrix, options: PaintOptions): Picture {
  const { widthPx, heightPx, blurPx = 0, noiseSigma = 0, seed = 1 } = options;
  const sampled = sample(matrix, options);
  const luma = blurPx > 0 ? blur(sampled, widthPx, heightPx, blurPx) : sampled;
  if (noiseSigma > 0) addNoise(luma, noiseSigma, seed);
  return pictureOf(luma, widthPx, heightPx);
}

/** Pictures of one height beside each other, the first one on the left. */
export function sideBySide(...pictures: readonly Picture[]): Picture {
  const heightPx = pictures[0]?.heightPx ?? 0;
  const widthPx = pictures.reduce((sum, picture) => sum + picture.widthPx, 0);
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
  let leftPx = 0;
  for (const picture of pictures) {
    const rowBytes = picture.widthPx * 4;
    for (let y = 0; y < heightPx; y++) {
      rgba.set(picture.rgba.subarray(y * rowBytes, (y + 1) * rowBytes), (y * widthPx + leftPx) * 4);
    }
    leftPx += picture.widthPx;
  }
  return { widthPx, heightPx, rgba };
}

/** A picture of one grey and noise, with no code in it. */
export function paintBlank(widthPx: number, heightPx: number, noiseSigma = 0): Picture {
  const luma = new Float32Array(widthPx * heightPx).fill(GROUND);
  if (noiseSigma > 0) addNoise(luma, noiseSigma, 1);
  return pictureOf(luma, widthPx, heightPx);
}

/**
 * Looks through each sample of each pixel at the plane that the code lies on: a pinhole camera, in front of the
 * code's centre at a distance of `FOCAL_PART` frame widths.
 */
function sample({ modules, sizeModules }: QrMatrix, options: PaintOptions): Float32Array {
  const { widthPx, heightPx, modulePx, isInverted = false } = options;
  const { centreXPx = widthPx / 2, centreYPx = heightPx / 2 } = options;
  const focalPx = FOCAL_PART * widthPx;
  const { right, down, normal } = codeAxes(options);
  const [dark, light] = isInverted ? [255, 0] : [0, 255];
  const half = sizeModules / 2;
  const scale = 1 / modulePx;
  const levelAt = (x: number, y: number): number => {
    const facing = normal[0] * x + normal[1] * y + normal[2] * focalPx;
    // Level with the plane, or past its horizon.
    if (facing <= 0) return GROUND;
    const reach = (normal[2] * focalPx) / facing;
    const [px, py, pz] = [reach * x, reach * y, (reach - 1) * focalPx];
    const column = Math.floor((right[0] * px + right[1] * py + right[2] * pz) * scale + half);
    const row = Math.floor((down[0] * px + down[1] * py + down[2] * pz) * scale + half);
    const outside = Math.max(-column, -row, column - sizeModules + 1, row - sizeModules + 1);
    if (outside > 0) return outside > QUIET_MODULES ? GROUND : light;
    return modules[row * sizeModules + column] === 1 ? dark : light;
  };
  const luma = new Float32Array(widthPx * heightPx).fill(GROUND);
  // A tilted code shows at most a little larger than a flat one: twice the half diagonal is far outside.
  const reachPx = 2 * (half + QUIET_MODULES) * modulePx;
  const [firstX, endX] = clampRange(centreXPx - reachPx, centreXPx + reachPx, widthPx);
  const [firstY, endY] = clampRange(centreYPx - reachPx, centreYPx + reachPx, heightPx);
  for (let y = firstY; y < endY; y++) {
    for (let x = firstX; x < endX; x++) {
      let sum = 0;
      for (let sy = 0.5; sy < SAMPLES; sy++) {
        for (let sx = 0.5; sx < SAMPLES; sx++) {
          sum += levelAt(x + sx / SAMPLES - centreXPx, y + sy / SAMPLES - centreYPx);
        }
      }
      luma[y * widthPx + x] = sum / SAMPLES ** 2;
    }
  }
  return luma;
}

type Vector = readonly [number, number, number];

/** Directions in the code's plane and off it; x to the right, y down, z away from the camera. */
function codeAxes({ rotationDeg = 0, tiltXDeg = 0, tiltYDeg = 0 }: PaintOptions) {
  const [turn, tiltX, tiltY] = [radians(rotationDeg), radians(tiltXDeg), radians(tiltYDeg)];
  const lean = ([x, y]: readonly [number, number]): Vector => {
    const z = x * Math.sin(tiltX);
    return [x * Math.cos(tiltX), y * Math.cos(tiltY) - z * Math.sin(tiltY), y * Math.sin(tiltY) + z * Math.cos(tiltY)];
  };
  const right = lean([Math.cos(turn), Math.sin(turn)]);
  const down = lean([-Math.sin(turn), Math.cos(turn)]);
  return { right, down, normal: cross(right, down) };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function clampRange(first: number, end: number, size: number): readonly [number, number] {
  return [Math.max(0, Math.floor(first)), Math.min(size, Math.ceil(end))];
}

/** Along rows, then along columns: the Gaussian is separable. Edge pixels repeat outwards. */
function blur(luma: Float32Array, widthPx: number, heightPx: number, sigmaPx: number): Float32Array {
  const radius = Math.ceil(3 * sigmaPx);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigmaPx ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pass = (from: Float32Array, length: number, step: number, lines: number, lineStep: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (const [k, weight] of weights.entries()) {
          const at = Math.min(length - 1, Math.max(0, i + k - radius));
          sum += weight * (from[line * lineStep + at * step] ?? 0);
        }
        to[line * lineStep + i * step] = sum / total;
      }
    }
    return to;
  };
  return pass(pass(luma, widthPx, 1, heightPx, widthPx), heightPx, widthPx, widthPx, 1);
}

/** Box-Muller. */
function addNoise(luma: Float32Array, sigma: number, seed: number): void {
  const random = new SeededRandom(seed);
  for (let i = 0; i < luma.length; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
    luma[i] = (luma[i] ?? 0) + sigma * radius * Math.cos(2 * Math.PI * random.fraction());
  }
}

function pictureOf(luma: Float32Array, widthPx: number, heightPx: number): Picture {
  const rgba = new Uint8ClampedArray(luma.length * 4);
  for (const [i, level] of luma.entries()) rgba.set([level, level, level, 255], i * 4);
  return { widthPx, heightPx, rgba };
}
