import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ZipNews } from '../../../src/adapters/files/zip-messages.ts';
import { saveZip } from '../../../src/adapters/files/zip-saver.ts';

const JOB = { transferId: 't1', name: 'trip', entries: [] } as const;

/** What the page has said to its service worker, and the worker's end of the port. */
let said: unknown[] = [];
let workerPort: MessagePort | undefined;
let frames: { src: string; hidden: boolean; isThere: boolean }[] = [];

beforeEach(() => {
  said = [];
  workerPort = undefined;
  frames = [];
  // Messages come by real tasks; only timers are held still.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  stubController({
    postMessage: (message: { type: string }, ports?: readonly MessagePort[]) => {
      said.push(message.type);
      workerPort ??= ports?.[0];
    },
  });
  vi.stubGlobal('document', {
    body: { append: (frame: { isThere: boolean }) => (frame.isThere = true) },
    createElement: () => {
      const frame = { src: '', hidden: false, isThere: false, remove: () => (frame.isThere = false) };
      frames.push(frame);
      return frame;
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function stubController(controller: unknown): void {
  vi.stubGlobal('navigator', { serviceWorker: { controller } });
}

/** Says something as the service worker, and waits until the page has heard it. */
async function tell(news: ZipNews): Promise<void> {
  if (workerPort === undefined) throw new Error('no order came');
  workerPort.postMessage(news);
  await delivered();
}

/** As the service worker does that knows the order. */
function answerPings(): void {
  workerPort?.addEventListener('message', ({ data }: MessageEvent<{ type: string }>) => {
    if (data.type === 'ping') workerPort?.postMessage({ type: 'alive' });
  });
  workerPort?.start();
}

function delivered(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage('after the one before');
  });
}

function begin(): { outcome: Promise<string>; progress: number[]; abort: AbortController } {
  const progress: number[] = [];
  const abort = new AbortController();
  const outcome = saveZip(JOB, { onProgress: (bytes) => progress.push(bytes), signal: abort.signal });
  outcome.catch(() => undefined);
  return { outcome, progress, abort };
}

test('loads the URL in a hidden frame and keeps the service worker awake until the last byte', async () => {
  const { outcome, progress } = begin();
  answerPings();
  await tell({ type: 'ready', url: 'https://example.test/zip/1' });
  expect(frames).toMatchObject([{ src: 'https://example.test/zip/1', hidden: true, isThere: true }]);
  await tell({ type: 'started' });
  for (let i = 0; i < 12; i++) {
    await vi.advanceTimersByTimeAsync(5_000);
    // The ping there, and the answer back.
    await delivered();
    await delivered();
  }
  expect(said).toEqual(['ZIP', ...Array.from({ length: 12 }, () => 'KEEP_ALIVE')]);
  await tell({ type: 'progress', bytesSaved: 5 });
  await tell({ type: 'done' });
  expect(await outcome).toBe('saved');
  expect(progress).toEqual([5]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(13);
  expect(frames[0]?.isThere).toBe(false);
});

describe('is unavailable, with nothing begun', () => {
  test('where no service worker controls the page', async () => {
    stubController(null);
    expect(await begin().outcome).toBe('unavailable');
    vi.stubGlobal('navigator', {});
    expect(await begin().outcome).toBe('unavailable');
  });

  test('where the service worker is too old to know zips', async () => {
    const { outcome } = begin();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await outcome).toBe('unavailable');
    expect(frames).toEqual([]);
  });
});

test('fails when the browser never asks for it, and with what the service worker says', async () => {
  const never = begin();
  await tell({ type: 'ready', url: 'https://example.test/zip/1' });
  await vi.advanceTimersByTimeAsync(10_000);
  await expect(never.outcome).rejects.toMatchObject({ code: 'save-failed', origin: 'host' });
  workerPort = undefined;
  const failed = begin();
  await tell({ type: 'failed', message: 'a.txt is gone' });
  await expect(failed.outcome).rejects.toMatchObject({ code: 'save-failed', message: 'zip: a.txt is gone' });
});

test('fails when the service worker was ended in the middle: the saved file is too short then', async () => {
  const { outcome } = begin();
  await tell({ type: 'ready', url: 'https://example.test/zip/1' });
  await tell({ type: 'started' });
  await vi.advanceTimersByTimeAsync(34_000);
  expect(said.filter((type) => type === 'KEEP_ALIVE')).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(outcome).rejects.toMatchObject({ code: 'save-failed', message: expect.stringContaining('ended') });
});

test('stops when told to', async () => {
  const { outcome, abort } = begin();
  await tell({ type: 'ready', url: 'https://example.test/zip/1' });
  await tell({ type: 'started' });
  const heard = new Promise((resolve) => {
    workerPort?.addEventListener('message', ({ data }) => resolve(data));
    workerPort?.start();
  });
  abort.abort();
  expect(await heard).toEqual({ type: 'stop' });
  await tell({ type: 'stopped' });
  expect(await outcome).toBe('stopped');
});
