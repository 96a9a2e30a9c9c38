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

/** A picture of one grey and noise, with no code in it. */
export function paintBlank(widthPx: number, heightPx: number, noiseSigma = 0): Picture {
  const luma = new Float32Array(widthPx * heightPx).fill(GROUND);
  if (noiseSigma > 0) addNoise(luma, noiseSigma, 1);
  return pictureOf(luma, widthPx, heightPx);
}

function sample({ modules, sizeModules }: QrMatrix, options: PaintOptions): Float32Array {
  const { widthPx, heightPx, modulePx, rotationDeg = 0, isInverted = false } = options;
  const { centreXPx = widthPx / 2, centreYPx = heightPx / 2 } = options;
  const angle = (rotationDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / modulePx, Math.sin(angle) / modulePx];
  const [dark, light] = isInverted ? [255, 0] : [0, 255];
  const levelAt = (x: number, y: number): number => {
    const [dx, dy] = [x - centreXPx, y - centreYPx];
    const column = Math.floor(cos * dx + sin * dy + sizeModules / 2);
    const row = Math.floor(cos * dy - sin * dx + sizeModules / 2);
    const outside = Math.max(-column, -row, column - sizeModules + 1, row - sizeModules + 1);
    if (outside > 0) return outside > QUIET_MODULES ? GROUND : light;
    return modules[row * sizeModules + column] === 1 ? dark : light;
  };
  const luma = new Float32Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      let sum = 0;
      for (let sy = 0.5; sy < SAMPLES; sy++) {
        for (let sx = 0.5; sx < SAMPLES; sx++) sum += levelAt(x + sx / SAMPLES, y + sy / SAMPLES);
      }
      luma[y * widthPx + x] = sum / SAMPLES ** 2;
    }
  }
  return luma;
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
