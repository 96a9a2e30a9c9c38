import { createJsqrScanner } from '../../src/adapters/qr/jsqr-scanner.ts';
import { createNativeScanner } from '../../src/adapters/qr/native-scanner.ts';
import { createZxingScanner } from '../../src/adapters/qr/zxing-scanner.ts';
import type { Scanner } from '../../src/ports/scanner.ts';
import { paintFrame } from '../../test/support/camera-frame.ts';
import { scanSample } from '../../test/support/scan-sample.ts';
import type { AdapterName, Cell, Look, ScanCommand, ScanEvent } from './messages.ts';

/** Paints frames, and times nothing but each adapter's `scan` of them. */
const wasmUrl = new URL('../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url).href;

const start: Readonly<Record<AdapterName, () => Promise<Scanner | undefined>>> = {
  zxing: () => createZxingScanner(wasmUrl),
  jsqr: async () => createJsqrScanner(),
  native: () => createNativeScanner(Reflect.get(globalThis, 'BarcodeDetector')),
};
const scanners = new Map<AdapterName, Scanner>();

/** Until the engine has compiled a decoder for speed: WebAssembly and JavaScript both start with slower code. */
const WARM_UP_FRAMES = 5;
/** Of no sample that is measured. */
const WARM_UP_INDEX = 9_000;

async function open(adapters: readonly AdapterName[]): Promise<ScanEvent> {
  for (const adapter of adapters) {
    const scanner = await start[adapter]();
    if (scanner === undefined) continue;
    scanners.set(adapter, scanner);
    for (let i = 0; i < WARM_UP_FRAMES; i++) {
      await scanner.scan(paintFrame(...frameOf(scanSample('plain', 6, 4, WARM_UP_INDEX + i))));
    }
  }
  return { type: 'opened', adapters: [...scanners.keys()] };
}

async function measure({ condition, qrVersion, pxPerModule, adapters }: Cell): Promise<ScanEvent> {
  const looks: Look[] = [];
  const samples = Math.max(...adapters.map((each) => each.samples));
  for (let index = 0; index < samples; index++) {
    const sample = scanSample(condition, qrVersion, pxPerModule, index);
    const picture = paintFrame(sample.matrix, sample.frame);
    for (const { adapter, samples: wanted } of adapters) {
      const scanner = scanners.get(adapter);
      if (scanner === undefined) throw new Error(`${adapter} was not opened`);
      if (index >= wanted) continue;
      const startMs = performance.now();
      const text = await scanner.scan(picture);
      const durationMs = performance.now() - startMs;
      const outcome = text === undefined ? 'missed' : text === sample.text ? 'read' : 'wrong';
      const note = `version ${qrVersion}, ${pxPerModule} px, sample ${index}${outcome === 'wrong' ? `: ${text}` : ''}`;
      looks.push({ adapter, outcome, durationMs, note });
    }
  }
  return { type: 'measured', looks };
}

function frameOf({ matrix, frame }: ReturnType<typeof scanSample>): Parameters<typeof paintFrame> {
  return [matrix, frame];
}

globalThis.addEventListener('message', ({ data }: MessageEvent<ScanCommand>) => {
  (data.type === 'open' ? open(data.adapters) : measure(data.cell)).then(
    (event) => tell(event),
    (error: unknown) => tell({ type: 'failed', message: String(error) }),
  );
});

function tell(event: ScanEvent): void {
  globalThis.postMessage(event);
}
