import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ScanClient } from '../../../src/adapters/camera/scan-client.ts';
import type { ScanAnswer } from '../../../src/adapters/camera/scan-messages.ts';
import { frameView } from '../../../src/adapters/camera/views.ts';

/** A worker that answers when the test says so. */
class FakeWorker extends EventTarget {
  readonly requests: unknown[] = [];
  terminated = 0;

  postMessage(request: unknown): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated += 1;
  }

  answer(answer: ScanAnswer): void {
    this.dispatchEvent(new MessageEvent('message', { data: answer }));
  }

  crash(): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  }
}

const VIEW = frameView(640, 480, 0);

function setUp() {
  const worker = new FakeWorker();
  return { worker, client: new ScanClient(worker as unknown as Worker) };
}

/** Of a browser's class only what the client uses: it hands the image over, or closes it. */
function fakeImage() {
  const close = vi.fn<() => void>();
  return { close, image: { width: 640, height: 480, close } as unknown as ImageBitmap };
}

describe('ScanClient', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // Its presence is what the client asks for.
    vi.stubGlobal('OffscreenCanvas', vi.fn());
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('hands an image to the worker, and gives what the worker read', async () => {
    const { worker, client } = setUp();
    const { image } = fakeImage();
    const found = client.scan(image, [VIEW], false);
    expect(worker.requests).toEqual([{ type: 'image', image, views: [VIEW], isPatient: false }]);
    worker.answer({ type: 'scanned', text: 'a code', scanner: 'zxing' });
    await expect(found).resolves.toBe('a code');
  });

  test('has one picture with the worker at a time', async () => {
    const { worker, client } = setUp();
    const first = client.scan(fakeImage().image, [VIEW], false);
    await expect(client.scan(fakeImage().image, [VIEW], false)).rejects.toMatchObject({ origin: 'local' });
    expect(worker.requests).toHaveLength(1);
    worker.answer({ type: 'scanned', text: undefined, scanner: 'jsqr' });
    await expect(first).resolves.toBeUndefined();
    const next = client.scan(fakeImage().image, [VIEW], false);
    worker.answer({ type: 'scanned', text: 'next', scanner: 'jsqr' });
    await expect(next).resolves.toBe('next');
  });

  test.each([
    ['crashes', (worker: FakeWorker) => worker.crash()],
    ['says that the scanner threw', (worker: FakeWorker) => worker.answer({ type: 'failed', message: 'RuntimeError' })],
    ['sends what cannot be read', (worker: FakeWorker) => worker.dispatchEvent(new MessageEvent('messageerror'))],
    ['is silent for a minute', () => vi.advanceTimersByTime(60_000)],
  ])('rejects with scanner-failed when the worker %s, then and later', async (_, fail) => {
    const { worker, client } = setUp();
    const found = client.scan(fakeImage().image, [VIEW], false);
    fail(worker);
    await expect(found).rejects.toMatchObject({ code: 'scanner-failed', origin: 'host' });
    const { image, close } = fakeImage();
    await expect(client.scan(image, [VIEW], false)).rejects.toMatchObject({ code: 'scanner-failed' });
    expect(close).toHaveBeenCalledOnce();
    await expect(client.ready).rejects.toMatchObject({ code: 'scanner-failed' });
  });

  test('is ready when the worker says so, and not before', async () => {
    const { worker, client } = setUp();
    let isReady = false;
    const ready = client.ready.then(() => {
      isReady = true;
      return undefined;
    });
    await Promise.resolve();
    expect(isReady).toBe(false);
    worker.answer({ type: 'ready' });
    await ready;
  });

  test('ends the worker when closed; a scan under way finds nothing', async () => {
    const { worker, client } = setUp();
    const found = client.scan(fakeImage().image, [VIEW], false);
    client.close();
    await expect(found).resolves.toBeUndefined();
    expect(worker.terminated).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
