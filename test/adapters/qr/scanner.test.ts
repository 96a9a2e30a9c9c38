import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createJsqrScanner } from '../../../src/adapters/qr/jsqr-scanner.ts';
import { createZxingScanner } from '../../../src/adapters/qr/zxing-scanner.ts';
import { cameraScannerContract, scannerContract } from '../../contracts/scanner-contract.ts';
import { suite } from '../contract-suite.ts';

const wasmPath = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
const { buffer: wasm } = Uint8Array.from(await readFile(wasmPath));

test('says that zxing could not start, and starts it all the same the next time', async () => {
  await expect(createZxingScanner(new ArrayBuffer(8))).rejects.toMatchObject({
    code: 'scanner-failed',
    origin: 'host',
  });
  expect((await createZxingScanner(wasm)).name).toBe('zxing');
});

suite('Scanner: zxing', cameraScannerContract, () => createZxingScanner(wasm));
suite('Scanner: jsqr', scannerContract, async () => createJsqrScanner());
