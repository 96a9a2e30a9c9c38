import { ownPlace } from '../core/transfer/store-layout.ts';
import type { ReceivedFiles } from '../ports/received-files.ts';
import { MAX_TEXT_BYTES } from '../ports/transfer-engine.ts';
import type { Transfers } from './transfers.ts';

/**
 * Reads a received text as soon as every byte of it was verified. Bytes that are not UTF-8 become U+FFFD. What says that
 * it is a text and is none (several files, too long) is saved like files.
 */
export class ReceivedTexts {
  readonly #received: ReceivedFiles;
  readonly #transfers: Transfers;
  readonly #onError: (cause: unknown) => void;
  /** Being read, or read. */
  readonly #known = new Set<string>();

  constructor(received: ReceivedFiles, transfers: Transfers, onError: (cause: unknown) => void) {
    this.#received = received;
    this.#transfers = transfers;
    this.#onError = onError;
  }

  /** The transfer is known now, or has another state. */
  changed(transferId: string): void {
    const transfer = this.#transfers.get(transferId);
    if (transfer?.direction !== 'receiving' || transfer.kind !== 'text' || transfer.state.value !== 'verified') return;
    if (transfer.fileCount !== 1 || transfer.totalBytes > MAX_TEXT_BYTES || this.#known.has(transferId)) return;
    this.#known.add(transferId);
    this.#received
      .blob(transferId, ownPlace(0, transfer.totalBytes), transfer.totalBytes)
      .then((blob) => blob.text())
      .then((text) => this.#transfers.setText(transferId, text))
      .catch((cause: unknown) => {
        this.#known.delete(transferId);
        this.#onError(cause);
      });
  }
}
