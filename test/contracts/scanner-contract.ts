import { qrEncoder } from '../../src/adapters/qr/qr-encoder.ts';
import type { Scanner } from '../../src/ports/scanner.ts';
import { paintBlank, paintQr, type PaintOptions, sideBySide } from '../support/painted-qr.ts';
import { assert, assertEqual, type Contract, type Fact } from './contract.ts';

/** As long as our links get, and a number of 80 bytes: what a code on a screen holds. Version 6. */
const PREFIX = 'https://heliograph.example/app#';
const DIGITS = (2n ** 640n + 12_345_678_901_234_567_890n).toString();
const TEXT = PREFIX + DIGITS;

const MODULE_PX = 5;
const FRAME = { widthPx: 640, heightPx: 480, modulePx: MODULE_PX } as const;
const SQUARE = { widthPx: 320, heightPx: 320, modulePx: MODULE_PX } as const;

function reads(name: string, options: Partial<PaintOptions>, [prefix, digits] = [PREFIX, DIGITS]): Fact<Scanner> {
  return {
    name: `reads ${name}`,
    async run(open) {
      const scanner = await open();
      const picture = paintQr(qrEncoder.encode(prefix, digits), { ...FRAME, ...options });
      assertEqual(await scanner.scan(picture), prefix + digits, 'text');
    },
  };
}

const TWO_NUMBERS = [DIGITS, `9${DIGITS.slice(1)}`];
const TWO_TEXTS = TWO_NUMBERS.map((digits) => PREFIX + digits);

async function scanTwo(open: () => Promise<Scanner>): Promise<string | undefined> {
  const pictures = TWO_NUMBERS.map((digits) => paintQr(qrEncoder.encode(PREFIX, digits), SQUARE));
  return (await open()).scan(sideBySide(...pictures));
}

/** Every scanner: a sharp code on a screen. */
export const scannerContract: Contract<Scanner> = [
  reads('a code of our size', {}),
  reads('digits alone, as in a reply', {}, ['', DIGITS]),
  reads('light modules on dark', { isInverted: true }),
  reads('a code turned by 7 degrees', { rotationDeg: 7 }),
  reads('a code upside down', { rotationDeg: 180 }),
  reads('a code that leans back', { tiltXDeg: 15, tiltYDeg: -20 }),
  reads('a code near the edge', { centreXPx: 150, centreYPx: 320 }),
  reads('a code through a little blur and noise', { blurPx: 0.7, noiseSigma: 3 }),
  reads('a code through much noise', { modulePx: 6, blurPx: 1, noiseSigma: 8 }),
  reads('the smallest code that we make', {}, ['', DIGITS.slice(0, 150)]),
  reads('a code twice as long as ours', { modulePx: 6 }, [PREFIX, DIGITS + DIGITS]),
  reads('text that is not ASCII, of some other app', {}, ['žluťoučký kůň 日本 🪞 ', '7']),
  {
    // jsQR finds neither: it takes the finder patterns of both for those of one.
    name: 'never makes one text of two codes',
    async run(open) {
      const got = await scanTwo(open);
      assert(
        [...TWO_TEXTS, undefined].some((text) => text === got),
        'one of the texts or none',
      );
    },
  },
  {
    name: 'gives undefined for a blank picture',
    async run(open) {
      assertEqual(await (await open()).scan(paintBlank(320, 240)), undefined, 'text');
    },
  },
  {
    name: 'gives undefined for noise',
    async run(open) {
      assertEqual(await (await open()).scan(paintBlank(320, 240, 60)), undefined, 'text');
    },
  },
  {
    name: 'gives undefined for half a code',
    async run(open) {
      const picture = paintQr(qrEncoder.encode(PREFIX, DIGITS), { ...FRAME, centreXPx: 0 });
      assertEqual(await (await open()).scan(picture), undefined, 'text');
    },
  },
  {
    name: 'gives undefined for tiny pictures',
    async run(open) {
      const scanner = await open();
      for (const [widthPx, heightPx] of TINY) {
        const got = await scanner.scan(paintBlank(widthPx, heightPx));
        assertEqual(got, undefined, `text in ${widthPx}x${heightPx}`);
      }
    },
  },
  {
    name: 'reads on after pictures without a code',
    async run(open) {
      const scanner = await open();
      await scanner.scan(paintBlank(640, 480, 30));
      await scanner.scan(paintBlank(2, 2));
      const picture = paintQr(qrEncoder.encode(PREFIX, DIGITS), FRAME);
      assertEqual(await scanner.scan(picture), TEXT, 'text');
      assertEqual(await scanner.scan(picture), TEXT, 'text, again');
    },
  },
  {
    name: 'leaves the picture as it is',
    async run(open) {
      const picture = paintQr(qrEncoder.encode(PREFIX, DIGITS), FRAME);
      const before = picture.rgba.slice();
      await (await open()).scan(picture);
      assertEqual(
        picture.rgba.every((value, i) => value === before[i]),
        true,
        'pixels unchanged',
      );
    },
  },
];

/** What a hand-held camera delivers, for the scanner that is worth waiting for. */
export const cameraScannerContract: Contract<Scanner> = [
  ...scannerContract,
  {
    name: 'reads one of two codes',
    async run(open) {
      assert(TWO_TEXTS.includes((await scanTwo(open)) ?? ''), 'one of the texts');
    },
  },
  reads('a blurred, noisy code', { blurPx: 1.75, noiseSigma: 8 }),
  reads('a code of 3 pixels a module, turned, blurred and noisy', {
    modulePx: 3,
    rotationDeg: 12,
    blurPx: 1,
    noiseSigma: 6,
  }),
  reads('a blurred code on its side', { rotationDeg: 100, blurPx: 1.5, noiseSigma: 6 }),
  reads('a tilted, turned, blurred and noisy code', {
    modulePx: 4,
    rotationDeg: 20,
    tiltXDeg: 30,
    tiltYDeg: 15,
    blurPx: 1,
    noiseSigma: 6,
  }),
  reads('a small code in a large frame', { widthPx: 1280, heightPx: 720, modulePx: 3, centreXPx: 300, centreYPx: 500 }),
];

const TINY = [
  [1, 1],
  [2, 2],
  [7, 3],
  [24, 24],
  [1, 200],
] as const;
