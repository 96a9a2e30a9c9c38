import { TransferError } from '../../core/errors.ts';
import type { Picture } from '../../ports/scanner.ts';
import type { ScanAnswer, ScanRequest } from './scan-messages.ts';
import { drawView, type View } from './views.ts';

/** Far above the slowest picture on the slowest phone, and the decoder's download: a worker this silent is stuck. */
const ANSWER_LIMIT_MS = 60_000;

interface PendingScan {
  readonly limit: ReturnType<typeof setTimeout>;
  readonly resolve: (text: string | undefined) => void;
  readonly reject: (error: TransferError) => void;
}

/** The window's end of one scanner worker. One picture at a time; after an error it is of no more use. */
export class ScanClient {
  /** When the worker's script has run. Rejects with 'scanner-failed'. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  #becameReady: (() => void) | undefined;
  #becameUnusable: ((error: TransferError) => void) | undefined;
  #pending: PendingScan | undefined;
  #failure: TransferError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.ready = new Promise((resolve, reject) => {
      this.#becameReady = resolve;
      this.#becameUnusable = reject;
    });
    // Whoever does not wait for it hears of a failure from `scan`.
    this.ready.catch(() => undefined);
    worker.addEventListener('message', ({ data }: MessageEvent<ScanAnswer>) => this.#answered(data));
    worker.addEventListener('error', (event) => this.#fail(`worker: ${event.message}`));
    worker.addEventListener('messageerror', () => this.#fail('worker: an answer that cannot be read'));
  }

  /**
   * Looks at the views in order until one shows a code. Takes the image over.
   * @param isPatient wait for the best scanner to load
   * @throws TransferError 'scanner-failed'
   */
  async scan(image: ImageBitmap, views: readonly View[], isPatient: boolean): Promise<string | undefined> {
    if (this.#failure !== undefined) {
      image.close();
      throw this.#failure;
    }
    if (typeof OffscreenCanvas !== 'undefined') {
      return this.#ask({ type: 'image', image, views, isPatient }, [image]);
    }
    try {
      for (const view of views) {
        const picture = drawHere(image, view);
        const text = await this.#ask({ type: 'picture', picture, isPatient }, [picture.rgba.buffer]);
        if (text !== undefined) return text;
      }
      return undefined;
    } finally {
      image.close();
    }
  }

  /** Ends the worker. A scan under way gives undefined. */
  close(): void {
    this.#worker.terminate();
    // An ended worker would never answer.
    this.#failure ??= new TransferError('internal', 'local', 'the scan client is closed');
    this.#settle()?.resolve(undefined);
  }

  async #ask(request: ScanRequest, transfer: Transferable[]): Promise<string | undefined> {
    if (this.#pending !== undefined) throw new TransferError('internal', 'local', 'a scan is under way');
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => this.#fail(`worker: no answer within ${ANSWER_LIMIT_MS} ms`), ANSWER_LIMIT_MS);
      this.#pending = { limit, resolve, reject };
      this.#worker.postMessage(request, transfer);
    });
  }

  #answered(answer: ScanAnswer): void {
    switch (answer.type) {
      case 'ready':
        return this.#becameReady?.();
      case 'scanned':
        return this.#settle()?.resolve(answer.text);
      case 'failed':
        return this.#fail(answer.message);
    }
  }

  #fail(message: string): void {
    this.#failure ??= new TransferError('scanner-failed', 'host', message);
    this.#becameUnusable?.(this.#failure);
    this.#settle()?.reject(this.#failure);
  }

  #settle(): PendingScan | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(pending?.limit);
    return pending;
  }
}

function drawHere(image: ImageBitmap, view: View): Picture {
  const canvas = document.createElement('canvas');
  canvas.width = view.widthPx;
  canvas.height = view.heightPx;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null)
    throw new TransferError('scanner-failed', 'host', `no 2d context of ${view.widthPx}x${view.heightPx}`);
  return drawView(context, image, view);
}
