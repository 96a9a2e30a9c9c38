import { TransferError } from '../../core/errors.ts';
import type { ScanAnswer, ScanRequest } from './scan-messages.ts';

interface PendingScan {
  readonly resolve: (text: string | undefined) => void;
  readonly reject: (error: TransferError) => void;
}

/** The window's end of the scanner worker. One picture at a time. */
export class ScanClient {
  readonly #worker: Worker;
  #pending: PendingScan | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<ScanAnswer>) => this.#answered(data));
    worker.addEventListener('error', (event) => this.#fail(`the scanner worker failed: ${event.message}`));
    worker.addEventListener('messageerror', () => this.#fail('the scanner answered something unreadable'));
  }

  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Looks for a code in one part of a picture. Takes the bitmap over.
   * @param maxPx the longer side of what is looked at
   */
  scan(bitmap: ImageBitmap, crop: ScanRequest['crop'], maxPx: number): Promise<string | undefined> {
    if (this.#pending !== undefined) throw new TransferError('internal', 'local', 'a scan is under way');
    const scale = Math.min(1, maxPx / Math.max(crop.widthPx, crop.heightPx));
    const request: ScanRequest = {
      bitmap,
      crop,
      widthPx: Math.max(1, Math.round(crop.widthPx * scale)),
      heightPx: Math.max(1, Math.round(crop.heightPx * scale)),
    };
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.postMessage(request, [bitmap]);
    });
  }

  /** Ends the worker. A scan under way gives undefined. */
  close(): void {
    this.#worker.terminate();
    this.#settle()?.resolve(undefined);
  }

  #answered(answer: ScanAnswer): void {
    if (answer.type === 'scanned') this.#settle()?.resolve(answer.text);
    else this.#fail(answer.message);
  }

  #fail(message: string): void {
    this.#settle()?.reject(new TransferError('scanner-failed', 'host', message));
  }

  #settle(): PendingScan | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
