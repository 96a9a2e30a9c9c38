import { createCodeReader } from '../../src/adapters/camera/code-reader.ts';
import { createZxingScanner } from '../../src/adapters/qr/zxing-scanner.ts';
import type { CodeReader } from '../../src/ports/scanner.ts';
import { codeReaderContract } from '../contracts/code-reader-contract.ts';
import { contractRun, type ContractRun } from '../contracts/contract.ts';
import { cameraScannerContract } from '../contracts/scanner-contract.ts';

const wasmUrl = new URL('../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url).href;

async function openReader(): Promise<CodeReader> {
  return createCodeReader(
    () => new Worker(new URL('../../src/workers/scanner-worker.ts', import.meta.url), { type: 'module' }),
  );
}

/** Not jsQR: it uses nothing of the browser's, and keeps the contract in Node. */
export const scannerRuns: readonly ContractRun[] = [
  contractRun('Scanner: zxing', 'worker', cameraScannerContract, () => createZxingScanner(wasmUrl)),
  contractRun('CodeReader: scanner worker', 'window', codeReaderContract, openReader),
];
