import { open, writeFile } from 'node:fs/promises';
import type { Picture } from '../../src/ports/scanner.ts';

export { paintBlank, paintQr, type PaintOptions } from './painted-qr.ts';

/**
 * A film for Chromium's `--use-file-for-fake-video-capture=FILE.y4m`, which plays it in a loop. YUV4MPEG2, 4:2:0,
 * grey: a code has no colour.
 *
 * @param widthPx even, and so is `heightPx`; every frame has this size
 */
export async function writeY4m(
  path: string,
  frames: readonly Picture[],
  widthPx: number,
  heightPx: number,
  framesPerSec: number,
): Promise<void> {
  const header = Buffer.from(`YUV4MPEG2 W${widthPx} H${heightPx} F${framesPerSec}:1 Ip A1:1 C420jpeg\n`, 'ascii');
  await writeFile(path, Buffer.concat([header, ...frames.map((frame) => y4mFrame(frame, widthPx, heightPx))]));
}

/**
 * Shows other frames in a film that is being played: the file is written in place, and Chromium reads each frame
 * anew. The number and size of frames stay, and so does the header.
 */
export async function overwriteY4m(path: string, frames: readonly Picture[]): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const head = Buffer.alloc(MAX_HEADER_BYTES);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const header = head.toString('latin1', 0, bytesRead).split('\n', 1)[0] ?? '';
    const [widthPx, heightPx] = [sizeIn(header, 'W'), sizeIn(header, 'H')];
    const body = Buffer.concat(frames.map((frame) => y4mFrame(frame, widthPx, heightPx)));
    const { size } = await file.stat();
    const wanted = size - header.length - 1;
    if (body.length !== wanted) throw new RangeError(`${path}: wanted ${wanted} bytes of frames, got ${body.length}`);
    await file.write(body, 0, body.length, header.length + 1);
  } finally {
    await file.close();
  }
}

const MAX_HEADER_BYTES = 128;

function sizeIn(header: string, letter: 'W' | 'H'): number {
  const digits = new RegExp(` ${letter}(\\d+)`).exec(header)?.[1];
  if (!header.startsWith('YUV4MPEG2 ') || digits === undefined) throw new Error(`not a y4m header: ${header}`);
  return Number(digits);
}

function y4mFrame(picture: Picture, widthPx: number, heightPx: number): Buffer {
  if (picture.widthPx !== widthPx || picture.heightPx !== heightPx || widthPx % 2 !== 0 || heightPx % 2 !== 0) {
    throw new RangeError(`wanted an even ${widthPx}x${heightPx} frame, got ${picture.widthPx}x${picture.heightPx}`);
  }
  const pixels = widthPx * heightPx;
  const frame = Buffer.alloc(MARK.length + pixels * 1.5, 128);
  frame.set(MARK);
  for (let i = 0; i < pixels; i++) frame[MARK.length + i] = picture.rgba[i * 4 + 1] ?? 0;
  return frame;
}

const MARK = Buffer.from('FRAME\n', 'ascii');
