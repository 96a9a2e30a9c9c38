import { qrEncoder } from '../../src/adapters/qr/qr-encoder.ts';
import type { QrMatrix } from '../../src/ports/qr-encoder.ts';
import { type CameraFrame, type Pose, QUIET_MODULES, reachOf } from './camera-frame.ts';
import { SeededRandom } from './seeded-random.ts';

/** What `npm run bench -- scan` shows a scanner: codes as ours are, in frames that are the same in every run. */
export interface ScanSample {
  readonly text: string;
  readonly matrix: QrMatrix;
  readonly frame: CameraFrame;
}

/**
 * - `plain`: blur of 0.35 px per module and noise of 6 grey levels, a code held almost straight. What the goal is for.
 * - `mix`: the same blur and noise, any rotation, tilt up to 25 degrees, uneven light, and at times a lamp's
 *   reflection, moiré or a hand that moves.
 */
export type Condition = 'plain' | 'mix';

export const FRAME = { widthPx: 1280, heightPx: 720 } as const;
const BLUR_PER_MODULE = 0.35;
const NOISE_SIGMA = 6;
/** A link as long as ours get. */
const PREFIX = 'https://heliograph.example/app/#';

export function fitsFrame(qrVersion: number, pxPerModule: number): boolean {
  return (sizeOf(qrVersion) + 2 * QUIET_MODULES) * pxPerModule <= FRAME.heightPx;
}

/** The same arguments, the same sample. */
export function scanSample(condition: Condition, qrVersion: number, pxPerModule: number, index: number): ScanSample {
  const random = new SeededRandom((qrVersion * 100 + pxPerModule) * 10_000 + index);
  const digits = drawDigits(qrVersion, random);
  const matrix = qrEncoder.encode(PREFIX, digits);
  const held = condition === 'plain' ? drawStraight(random) : drawCrooked(random);
  const pose = place(held, matrix.sizeModules, pxPerModule, random);
  const frame: CameraFrame = {
    ...FRAME,
    pxPerModule,
    pose,
    blurPx: BLUR_PER_MODULE * pxPerModule,
    noiseSigma: NOISE_SIGMA,
    ...(condition === 'mix' && drawTroubles(random, pose, matrix.sizeModules, pxPerModule)),
    seed: random.between(1, 0x7fff_ffff),
  };
  return { text: PREFIX + digits, matrix, frame };
}

/** As many as the version takes, or fewer, but more than the version below takes. */
function drawDigits(qrVersion: number, random: SeededRandom): string {
  const count = random.between(capacityOf(qrVersion - 1) + 1, capacityOf(qrVersion));
  return String(random.between(1, 9)) + Array.from({ length: count - 1 }, () => random.between(0, 9)).join('');
}

const capacities = new Map<number, number>();

/** The most digits that the version has room for after the prefix. */
function capacityOf(qrVersion: number): number {
  const known = capacities.get(qrVersion);
  if (known !== undefined) return known;
  // Version 10 takes 586.
  let [fits, tooMany] = [1, 600];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (qrEncoder.encode(PREFIX, '8'.repeat(middle)).version <= qrVersion) fits = middle;
    else tooMany = middle;
  }
  capacities.set(qrVersion, fits);
  return fits;
}

type Held = Omit<Pose, 'centreXPx' | 'centreYPx'>;

function drawStraight(random: SeededRandom): Held {
  return {
    rotationDeg: within(random, -10, 10),
    tiltDeg: within(random, 0, 8),
    tiltTowardsDeg: within(random, 0, 360),
  };
}

function drawCrooked(random: SeededRandom): Held {
  return {
    rotationDeg: within(random, 0, 360),
    tiltDeg: within(random, 0, 25),
    tiltTowardsDeg: within(random, 0, 360),
  };
}

/** Anywhere in the frame. Of a turned code that is as high as the frame, corners of the quiet zone may be cut off. */
function place(held: Held, sizeModules: number, pxPerModule: number, random: SeededRandom): Pose {
  const middle = { ...held, centreXPx: FRAME.widthPx / 2, centreYPx: FRAME.heightPx / 2 };
  const [reachX, reachY] = reachOf(sizeModules, { ...FRAME, pxPerModule, pose: middle });
  const [freeX, freeY] = [Math.max(0, middle.centreXPx - reachX), Math.max(0, middle.centreYPx - reachY)];
  return {
    ...held,
    centreXPx: middle.centreXPx + within(random, -freeX, freeX),
    centreYPx: middle.centreYPx + within(random, -freeY, freeY),
  };
}

function drawTroubles(random: SeededRandom, pose: Pose, sizeModules: number, pxPerModule: number) {
  const sidePx = sizeModules * pxPerModule;
  const light = { directionDeg: within(random, 0, 360), darkest: within(random, 0.45, 0.9) };
  const glare = {
    xPx: pose.centreXPx + within(random, -0.5, 0.5) * sidePx,
    yPx: pose.centreYPx + within(random, -0.5, 0.5) * sidePx,
    radiusPx: within(random, 0.1, 0.4) * sidePx,
    level: within(random, 30, 110),
  };
  const moire = { periodPx: within(random, 3, 12), directionDeg: within(random, 0, 180), level: within(random, 3, 9) };
  const motion = { lengthPx: within(random, 0.2, 0.7) * pxPerModule, directionDeg: within(random, 0, 180) };
  return {
    light,
    ...(random.chance(0.4) && { glare }),
    ...(random.chance(0.4) && { moire }),
    ...(random.chance(0.3) && { motion }),
  };
}

function within(random: SeededRandom, least: number, most: number): number {
  return least + random.fraction() * (most - least);
}

function sizeOf(qrVersion: number): number {
  return 17 + 4 * qrVersion;
}
