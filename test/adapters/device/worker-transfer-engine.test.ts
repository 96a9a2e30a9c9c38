import { describe, expect, test } from 'vitest';
import { WorkerTransferEngine } from '../../../src/adapters/device/worker-transfer-engine.ts';
import type { EngineEvent, LinkChannels } from '../../../src/ports/transfer-engine.ts';

class FakeWorker extends EventTarget {
  readonly posted: { readonly message: unknown; readonly transfer: unknown }[] = [];
  refusal: Error | undefined;

  postMessage(message: unknown, transfer?: unknown): void {
    if (this.refusal !== undefined) throw this.refusal;
    this.posted.push({ message, transfer });
  }
}

function open(): { worker: FakeWorker; engine: WorkerTransferEngine } {
  const worker = new FakeWorker();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in for what Node does not have
  return { worker, engine: new WorkerTransferEngine(worker as unknown as Worker) };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only handed on
const link = { linkId: 1, control: { id: 0 }, data: { id: 1 } } as unknown as LinkChannels;

describe('WorkerTransferEngine', () => {
  test('transfers both channels with the message that names them', () => {
    const { worker, engine } = open();
    expect(engine.attach(link)).toBe(true);
    expect(worker.posted).toEqual([{ message: { type: 'attach', link }, transfer: [link.control, link.data] }]);
  });

  test.each([new TypeError('no transferable'), new DOMException('no', 'DataCloneError')])(
    'says that the browser refused: %s',
    (refusal) => {
      const { worker, engine } = open();
      worker.refusal = refusal;
      expect(engine.attach(link)).toBe(false);
    },
  );

  test('any other error of attaching is not hidden', () => {
    const { worker, engine } = open();
    worker.refusal = new RangeError('bug');
    expect(() => engine.attach(link)).toThrow(RangeError);
  });

  test('events come through, those before anybody listens too', () => {
    const { worker, engine } = open();
    const events: EngineEvent[] = [];
    const event: EngineEvent = { type: 'removed', transferId: 'x' };
    worker.dispatchEvent(new MessageEvent('message', { data: event }));
    engine.onEvent = (heard) => events.push(heard);
    worker.dispatchEvent(new MessageEvent('message', { data: event }));
    expect(events).toEqual([event, event]);
  });

  test('a worker that breaks is an engine that failed', () => {
    const { worker, engine } = open();
    const events: EngineEvent[] = [];
    engine.onEvent = (heard) => events.push(heard);
    worker.dispatchEvent(new Event('error'));
    worker.dispatchEvent(new Event('messageerror'));
    expect(events).toMatchObject([{ failure: { code: 'worker-failed' } }, { failure: { code: 'worker-failed' } }]);
  });
});
