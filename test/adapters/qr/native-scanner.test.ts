import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createJsqrScanner } from '../../../src/adapters/qr/jsqr-scanner.ts';
import { createNativeScanner } from '../../../src/adapters/qr/native-scanner.ts';
import type { Picture, Scanner } from '../../../src/ports/scanner.ts';
import { scannerContract } from '../../contracts/scanner-contract.ts';
import { suite } from '../contract-suite.ts';

/** What the platform's detector does, done by jsQR: no browser on Linux has one that reads QR codes. */
class FakeDetector {
  static formats: readonly string[] = ['aztec', 'qr_code'];
  static failure: Error | undefined;
  static readonly asked: unknown[] = [];

  static async getSupportedFormats(): Promise<readonly string[]> {
    if (this.failure !== undefined) throw this.failure;
    return this.formats;
  }

  constructor(options: unknown) {
    FakeDetector.asked.push(options);
  }

  async detect({ data, width, height }: ImageData): Promise<readonly { rawValue: string }[]> {
    const rgba = Uint8ClampedArray.from(data);
    const text = await createJsqrScanner().scan({ rgba, widthPx: width, heightPx: height });
    return text === undefined ? [] : [{ rawValue: '' }, { rawValue: text }];
  }
}

class FakeImageData {
  readonly data: Picture['rgba'];
  readonly width: number;
  readonly height: number;

  constructor(data: Picture['rgba'], width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

async function opened(): Promise<Scanner> {
  const scanner = await createNativeScanner(FakeDetector);
  if (scanner === undefined) throw new Error('there is no native scanner');
  return scanner;
}

describe('the native scanner', () => {
  beforeAll(() => {
    Reflect.set(globalThis, 'ImageData', FakeImageData);
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'ImageData');
  });

  suite('Scanner: native', scannerContract, opened);

  test('asks for QR codes only', async () => {
    expect((await opened()).name).toBe('native');
    expect(FakeDetector.asked.at(-1)).toEqual({ formats: ['qr_code'] });
  });

  test('is not there without a detector, without QR codes, and where the platform fails', async () => {
    expect(await createNativeScanner(undefined)).toBeUndefined();
    expect(await createNativeScanner({})).toBeUndefined();
    FakeDetector.formats = ['aztec'];
    expect(await createNativeScanner(FakeDetector)).toBeUndefined();
    FakeDetector.failure = new Error('no services');
    expect(await createNativeScanner(FakeDetector)).toBeUndefined();
  });
});
