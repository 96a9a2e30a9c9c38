import type { QrMatrix } from '../../src/ports/qr-encoder.ts';
import type { Picture } from '../../src/ports/scanner.ts';
import * as lumaPlane from './luma.ts';
import { SeededRandom } from './seeded-random.ts';

/**
 * A code on a screen in a cluttered room, as a hand-held camera sees it. `painted-qr.ts` paints one on bare ground for
 * contracts; this is what rates are measured with.
 */
export interface CameraFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Side of one module, at the code's centre when the code is tilted. */
  readonly pxPerModule: number;
  readonly pose: Pose;
  readonly light?: lumaPlane.Light;
  readonly glare?: lumaPlane.Glare;
  readonly moire?: lumaPlane.Moire;
  readonly motion?: lumaPlane.Motion;
  /** Standard deviation of the lens' Gaussian blur. */
  readonly blurPx: number;
  /** Standard deviation of the sensor's Gaussian noise, in grey levels of 0 to 255. */
  readonly noiseSigma: number;
  /** Of the clutter and the noise. */
  readonly seed: number;
}

/** Where the code is, and how it is held. */
export interface Pose {
  readonly centreXPx: number;
  readonly centreYPx: number;
  /** Clockwise, about the code's centre. */
  readonly rotationDeg: number;
  /** The code leans back by this much, after it was turned, */
  readonly tiltDeg: number;
  /** and this way: 0 is its right side, 90 its lower side. */
  readonly tiltTowardsDeg: number;
}

/** ISO/IEC 18004 §9.1: four modules of light around the code. */
export const QUIET_MODULES = 4;
/** A screen is neither black nor white to a camera. So far from both ends, noise is not cut off. */
const [DARK, LIGHT] = [30, 225];
/** A phone's camera sees about 45 degrees across. */
const FOCAL_PART = 1.2;
/** Samples of a pixel in each direction, so that edges are grey where they cross a pixel. */
const SAMPLES = 3;
/** Edges about a code to look for finder patterns in. */
const CLUTTER_ITEMS = 60;

export function paintFrame(matrix: QrMatrix, frame: CameraFrame): Picture {
  const random = new SeededRandom(frame.seed);
  const plane = clutter(frame.widthPx, frame.heightPx, random);
  paintCode(plane, matrix, frame);
  if (frame.light !== undefined) lumaPlane.shade(plane, frame.light);
  if (frame.glare !== undefined) lumaPlane.addGlare(plane, frame.glare);
  if (frame.motion !== undefined) lumaPlane.smear(plane, frame.motion);
  lumaPlane.blur(plane, frame.blurPx);
  // Between the lens and the noise: the sensor's grid makes it.
  if (frame.moire !== undefined) lumaPlane.addMoire(plane, frame.moire);
  lumaPlane.addNoise(plane, frame.noiseSigma, random);
  return lumaPlane.pictureOf(plane);
}

/** How far the code and its quiet zone reach from the centre in a frame, to the left and right, up and down. */
export function reachOf(
  sizeModules: number,
  frame: Pick<CameraFrame, 'widthPx' | 'pxPerModule' | 'pose'>,
): readonly [xPx: number, yPx: number] {
  const { right, down } = codeAxes(frame.pose);
  const focalPx = FOCAL_PART * frame.widthPx;
  const side = (sizeModules / 2 + QUIET_MODULES) * frame.pxPerModule;
  const corners = [-side, side].flatMap((across) =>
    [-side, side].map((along) => {
      const depth = focalPx / (focalPx + across * right[2] + along * down[2]);
      return [
        Math.abs(across * right[0] + along * down[0]) * depth,
        Math.abs(across * right[1] + along * down[1]) * depth,
      ];
    }),
  );
  return [Math.max(...corners.map(([x = 0]) => x)), Math.max(...corners.map(([, y = 0]) => y))];
}

/** Grey ground with discs and bars of other greys. */
function clutter(widthPx: number, heightPx: number, random: SeededRandom): lumaPlane.Plane {
  const luma = new Float32Array(widthPx * heightPx).fill(random.between(90, 160));
  for (let item = 0; item < CLUTTER_ITEMS; item++) {
    const [centreX, centreY] = [random.fraction() * widthPx, random.fraction() * heightPx];
    const isDisc = random.chance(0.3);
    const [halfX, halfY] = [random.between(2, 90), random.between(2, 90)];
    const [dx, dy] = lumaPlane.direction(random.between(0, 180));
    const level = random.between(40, 215);
    const reach = Math.hypot(halfX, halfY);
    for (let y = Math.max(0, Math.floor(centreY - reach)); y < Math.min(heightPx, centreY + reach); y++) {
      for (let x = Math.max(0, Math.floor(centreX - reach)); x < Math.min(widthPx, centreX + reach); x++) {
        const across = (dx * (x - centreX) + dy * (y - centreY)) / halfX;
        const along = (dx * (y - centreY) - dy * (x - centreX)) / halfY;
        if (isDisc ? across ** 2 + along ** 2 < 1 : Math.max(Math.abs(across), Math.abs(along)) < 1) {
          luma[y * widthPx + x] = level;
        }
      }
    }
  }
  return { widthPx, heightPx, luma };
}

/**
 * Looks through each sample of each pixel at the plane that the code lies on: a pinhole camera, in front of the
 * code's centre at a distance of `FOCAL_PART` frame widths.
 */
function paintCode({ widthPx, heightPx, luma }: lumaPlane.Plane, matrix: QrMatrix, frame: CameraFrame): void {
  const { modules, sizeModules } = matrix;
  const { centreXPx, centreYPx } = frame.pose;
  const { right, down, normal } = codeAxes(frame.pose);
  const focalPx = FOCAL_PART * widthPx;
  /** The code's level where the ray of this point, counted from the code's centre, meets it; undefined beside it. */
  const levelAt = (x: number, y: number): number | undefined => {
    const reach = (normal[2] * focalPx) / (normal[0] * x + normal[1] * y + normal[2] * focalPx);
    const [px, py, pz] = [reach * x, reach * y, (reach - 1) * focalPx];
    const across = (right[0] * px + right[1] * py + right[2] * pz) / frame.pxPerModule;
    const along = (down[0] * px + down[1] * py + down[2] * pz) / frame.pxPerModule;
    const column = Math.floor(across + sizeModules / 2);
    const row = Math.floor(along + sizeModules / 2);
    const outside = Math.max(-column, -row, column - sizeModules + 1, row - sizeModules + 1);
    if (outside > QUIET_MODULES) return undefined;
    return outside <= 0 && modules[row * sizeModules + column] === 1 ? DARK : LIGHT;
  };
  const [reachX, reachY] = reachOf(sizeModules, frame);
  const [endX, endY] = [Math.min(widthPx, centreXPx + reachX + 1), Math.min(heightPx, centreYPx + reachY + 1)];
  for (let y = Math.max(0, Math.floor(centreYPx - reachY)); y < endY; y++) {
    for (let x = Math.max(0, Math.floor(centreXPx - reachX)); x < endX; x++) {
      const ground = luma[y * widthPx + x] ?? 0;
      let sum = 0;
      for (let sy = 0.5; sy < SAMPLES; sy++) {
        for (let sx = 0.5; sx < SAMPLES; sx++) {
          sum += levelAt(x + sx / SAMPLES - centreXPx, y + sy / SAMPLES - centreYPx) ?? ground;
        }
      }
      luma[y * widthPx + x] = sum / SAMPLES ** 2;
    }
  }
}

type Vector = readonly [number, number, number];

/** Directions in the code's plane and off it; x to the right, y down, z away from the camera. */
function codeAxes({ rotationDeg, tiltDeg, tiltTowardsDeg }: Pose): { right: Vector; down: Vector; normal: Vector } {
  const [towardsX, towardsY] = lumaPlane.direction(tiltTowardsDeg);
  const [flat, back] = lumaPlane.direction(tiltDeg);
  /** Of a vector in the picture's plane, the part along `towards` is shortened and goes back; the rest stays. */
  const lean = ([x, y]: readonly [number, number]): Vector => {
    const part = x * towardsX + y * towardsY;
    return [x + part * (flat - 1) * towardsX, y + part * (flat - 1) * towardsY, part * back];
  };
  return {
    right: lean(lumaPlane.direction(rotationDeg)),
    down: lean(lumaPlane.direction(rotationDeg + 90)),
    normal: [-towardsX * back, -towardsY * back, flat],
  };
}
