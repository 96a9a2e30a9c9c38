import { signal, type ReadonlySignal } from '@preact/signals';
import { toHex } from '../core/bytes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/crypto.ts';
import type { RememberedText } from '../ports/source-handles.ts';
import type { PickedItem, ReadingOptions } from '../ports/source-picker.ts';
import { MAX_TEXT_BYTES, type OutgoingFile, type TransferEngine, type TransferKind } from '../ports/transfer-engine.ts';
import { ChosenItems, type OutgoingItem } from './chosen-items.ts';
import type { ChosenItem } from './model.ts';

export interface OutgoingPorts {
  readonly engine: TransferEngine;
  readonly random: Random;
  readonly clock: Clock;
}

export interface Sent {
  readonly transferId: string;
  readonly items: readonly PickedItem[];
  readonly texts: readonly RememberedText[];
}

const TEXT_PATH = 'text.txt';

/** What this device is about to send: chosen items, a text being written, and how far a folder has been read. */
export class Outgoing {
  readonly #ports: OutgoingPorts;
  readonly #onSent: (sent: Sent) => void;
  readonly #chosen = new ChosenItems();
  readonly #draft = signal('');
  readonly #reading = signal<number | undefined>(undefined);
  /** What is being read now, oldest first. */
  readonly #readers: AbortController[] = [];

  /** @param onSent comes before the engine hears of it */
  constructor(ports: OutgoingPorts, onSent: (sent: Sent) => void) {
    this.#ports = ports;
    this.#onSent = onSent;
  }

  get chosen(): ReadonlySignal<readonly ChosenItem[]> {
    return this.#chosen.views;
  }

  get draft(): ReadonlySignal<string> {
    return this.#draft;
  }

  /** Files found so far in what is being read; undefined while nothing is. */
  get reading(): ReadonlySignal<number | undefined> {
    return this.#reading;
  }

  choose(items: readonly OutgoingItem[]): void {
    this.#chosen.add(items);
  }

  remove(id: number): void {
    this.#chosen.remove(id);
  }

  removeAll(): void {
    this.#chosen.clear();
  }

  write(text: string): void {
    this.#draft.value = text;
  }

  /** What has been written becomes one of the chosen items. */
  chooseDraft(): void {
    this.#chosen.add(this.#takeDraft());
  }

  sendDraft(): void {
    this.send(this.#takeDraft());
  }

  sendChosen(): void {
    this.send(this.#chosen.take());
  }

  /** Forgets what was chosen and written, and reads no further. */
  clear(): void {
    this.stopReading();
    this.#chosen.clear();
    this.#draft.value = '';
  }

  /** Files and folders are one transfer, each text is one of its own. */
  send(items: readonly OutgoingItem[]): void {
    const picked = items.filter((item) => item.kind !== 'text');
    const files = picked.flatMap((item) => item.files);
    if (files.length > 0) this.#post('files', files, picked, []);
    for (const item of items) if (item.kind === 'text') this.#sendText(item.text);
  }

  /**
   * Runs something that reads, and shows how far it is. Gives nothing when the person stopped it. It is called at once,
   * in the task of the click or drop.
   */
  async read<T>(read: (options: ReadingOptions) => Promise<T>): Promise<T | undefined> {
    const reader = new AbortController();
    this.#readers.push(reader);
    const onFound = (fileCount: number): void => {
      if (!reader.signal.aborted) this.#reading.value = fileCount;
    };
    try {
      const result = await read({ onFound, signal: reader.signal });
      return reader.signal.aborted ? undefined : result;
    } catch (cause) {
      if (reader.signal.aborted) return undefined;
      throw cause;
    } finally {
      this.#readers.splice(this.#readers.indexOf(reader), 1);
      if (this.#readers.length === 0) this.#reading.value = undefined;
    }
  }

  stopReading(): void {
    for (const reader of this.#readers) reader.abort();
    this.#reading.value = undefined;
  }

  #takeDraft(): readonly OutgoingItem[] {
    const text = this.#draft.value;
    this.#draft.value = '';
    return text.trim() === '' ? [] : [{ kind: 'text', text }];
  }

  /** A long one travels as a file, because a receiver bounds what it shows. */
  #sendText(text: string): void {
    const lastModifiedEpochMs = this.#ports.clock.epochMs();
    const file = new File([text], TEXT_PATH, { type: 'text/plain', lastModified: lastModifiedEpochMs });
    const kind = file.size <= MAX_TEXT_BYTES ? 'text' : 'files';
    this.#post(kind, [{ path: TEXT_PATH, file }], [], [{ path: TEXT_PATH, text, lastModifiedEpochMs }]);
  }

  #post(
    kind: TransferKind,
    files: readonly OutgoingFile[],
    items: readonly PickedItem[],
    texts: readonly RememberedText[],
  ): void {
    const transferId = toHex(this.#ports.random.bytes(16));
    this.#onSent({ transferId, items, texts });
    this.#ports.engine.post({ type: 'send', transferId, kind, files });
  }
}
