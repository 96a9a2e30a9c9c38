import { TransferError } from '../../core/errors.ts';
import type {
  EngineCommand,
  EngineEvent,
  LaneChannel,
  LinkChannels,
  TransferEngine,
} from '../../ports/transfer-engine.ts';

/** What the window posts to the transfer worker. The worker posts `EngineEvent`s, and nothing else. */
export type WorkerMessage =
  | { readonly type: 'attach'; readonly link: LinkChannels }
  | { readonly type: 'attachLane'; readonly lane: LaneChannel }
  | { readonly type: 'command'; readonly command: EngineCommand };

/** The transfer engine in a dedicated worker (`workers/transfer-worker.ts`). */
export class WorkerTransferEngine implements TransferEngine {
  readonly #worker: Worker;
  /** Events from before anybody listened: the worker tells what the journal knows as soon as it runs. */
  readonly #unheard: EngineEvent[] = [];
  #onEvent: ((event: EngineEvent) => void) | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', (event: MessageEvent<EngineEvent>) => this.#hear(event.data));
    worker.addEventListener('error', (event) => this.#failed(`the worker failed: ${event.message}`));
    worker.addEventListener('messageerror', () => this.#failed('a message from the worker could not be read'));
  }

  get onEvent(): ((event: EngineEvent) => void) | undefined {
    return this.#onEvent;
  }

  set onEvent(listener: ((event: EngineEvent) => void) | undefined) {
    this.#onEvent = listener;
    if (listener === undefined) return;
    for (const event of this.#unheard.splice(0)) listener(event);
  }

  attach(link: LinkChannels): boolean {
    return this.#transfer({ type: 'attach', link }, [link.control, link.data]);
  }

  attachLane(lane: LaneChannel): boolean {
    return this.#transfer({ type: 'attachLane', lane }, [lane.data]);
  }

  #transfer(message: WorkerMessage, channels: RTCDataChannel[]): boolean {
    try {
      this.#worker.postMessage(message, channels);
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  post(command: EngineCommand): void {
    const message: WorkerMessage = { type: 'command', command };
    this.#worker.postMessage(message);
  }

  #failed(message: string): void {
    const { code, origin } = new TransferError('worker-failed', 'host', message);
    this.#hear({ type: 'failed', failure: { code, origin, message } });
  }

  #hear(event: EngineEvent): void {
    if (this.#onEvent === undefined) this.#unheard.push(event);
    else this.#onEvent(event);
  }
}

/**
 * Tries, on a throw-away connection, whether this browser transfers data channels (Chromium 156 and Firefox 153 do).
 * Call it once at the start: where it gives false, the engine has to live in the window.
 */
export function canTransferDataChannels(): boolean {
  if (typeof RTCPeerConnection === 'undefined') return false;
  const connection = new RTCPeerConnection();
  const { port1, port2 } = new MessageChannel();
  try {
    const channel = connection.createDataChannel('', { negotiated: true, id: 0 });
    port1.postMessage(channel, [channel]);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  } finally {
    port1.close();
    port2.close();
    connection.close();
  }
}

/** How a browser says that a value cannot be transferred. */
function isRefusal(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'DataCloneError');
}
