import type { AdapterName, Cell, Look, ScanCommand, ScanEvent } from './messages.ts';

/** Hands the bench's commands to a worker: the app scans in one, too. One command at a time. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

async function open(adapters: readonly AdapterName[]): Promise<readonly AdapterName[]> {
  const event = await ask({ type: 'open', adapters });
  return event.type === 'opened' ? event.adapters : fail(event);
}

async function measure(cell: Cell): Promise<readonly Look[]> {
  const event = await ask({ type: 'measure', cell });
  return event.type === 'measured' ? event.looks : fail(event);
}

function ask(command: ScanCommand): Promise<ScanEvent> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<ScanEvent>) => resolve(data), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(`worker failed: ${event.message}`)), { once: true });
    worker.postMessage(command);
  });
}

function fail(event: ScanEvent): never {
  throw new Error(event.type === 'failed' ? event.message : `did not expect ${event.type}`);
}

const scanBench = { open, measure };

declare global {
  interface Window {
    scanBench: typeof scanBench;
  }
}

window.scanBench = scanBench;
