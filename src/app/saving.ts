import { signal } from '@preact/signals';
import type { Clock } from '../ports/clock.ts';
import { storedPlaces } from '../core/transfer/store-layout.ts';
import type { ReceivedFiles, StoredPlace } from '../ports/received-files.ts';
import type { SaveEntry, SaveJob, SaveListener, Saver } from '../ports/saver.ts';
import type { InfoMessage, SavingView, TransferView } from './model.ts';
import type { Transfers } from './transfers.ts';

export interface SavingPorts {
  readonly saver: Saver;
  readonly received: ReceivedFiles;
  readonly clock: Clock;
}

export interface SavingEvents {
  readonly onError: (cause: unknown) => void;
  readonly onInfo: (message: InfoMessage) => void;
  /** Everything in it was saved. */
  readonly onSaved: (transferId: string) => void;
}

/** Hands received files to the person, one way at a time for each transfer. */
export class Saving {
  readonly #ports: SavingPorts;
  readonly #transfers: Transfers;
  readonly #events: SavingEvents;
  readonly #running = new Map<string, AbortController>();

  constructor(ports: SavingPorts, transfers: Transfers, events: SavingEvents) {
    this.#ports = ports;
    this.#transfers = transfers;
    this.#events = events;
  }

  /** One file as a download; alone, also while others are being saved. */
  file(transferId: string, fileIndex: number): void {
    const transfer = this.#transfers.get(transferId);
    const file = transfer?.files.value[fileIndex];
    const stored = transfer === undefined ? undefined : placesOf(transfer)[fileIndex];
    if (file === undefined || stored === undefined) return;
    this.#ports.received
      .blob(transferId, stored, file.sizeBytes)
      .then((blob) => this.#ports.saver.saveFile(blob, lastName(file.path)))
      .then(() => this.#saved(transferId, [fileIndex]))
      .catch(this.#events.onError);
  }

  all(transferId: string): void {
    const transfer = this.#transfers.get(transferId);
    if (transfer === undefined) return;
    const entries = this.#entries(transfer);
    const [first] = entries;
    if (this.#ports.saver.canShare) return this.#run(transfer, 'share', () => this.#share(transferId, entries));
    if (first !== undefined && entries.length === 1 && first.isFolder !== true) {
      return this.file(transferId, first.fileIndex);
    }
    this.#run(transfer, 'zip', (listener) => this.#zip(this.#job(transfer, entries), listener));
  }

  /** The picker opens in this task: browsers want a click for it. */
  toFolder(transferId: string): void {
    const transfer = this.#transfers.get(transferId);
    if (transfer === undefined || this.#running.has(transferId)) return;
    const picking = this.#ports.saver.pickFolder();
    this.#run(transfer, 'folder', async (listener) => {
      const folder = await picking;
      if (folder === undefined) return 'stopped';
      return this.#ports.saver.saveToFolder(this.#job(transfer, this.#entries(transfer)), folder, listener);
    });
  }

  stop(transferId: string): void {
    this.#running.get(transferId)?.abort();
  }

  #run(
    transfer: TransferView,
    way: SavingView['way'],
    work: (listener: SaveListener) => Promise<'saved' | 'stopped'>,
  ): void {
    const { id, totalBytes } = transfer;
    if (this.#running.has(id)) return;
    const abort = new AbortController();
    const bytesSaved = signal(0);
    this.#running.set(id, abort);
    this.#transfers.setSaving(id, { way, bytesSaved });
    const onProgress = (bytes: number): void => {
      // A zip has a little more than its files.
      bytesSaved.value = Math.min(totalBytes, bytes);
    };
    work({ onProgress, signal: abort.signal })
      .then((outcome) => (outcome === 'saved' ? this.#saved(id, this.#transfers.savableIndexes(id)) : undefined))
      .catch(this.#events.onError)
      .finally(() => {
        this.#running.delete(id);
        this.#transfers.setSaving(id, undefined);
      });
  }

  /** Where nobody can make a zip, each file becomes a download of its own: browsers may ask about that. */
  async #zip(job: SaveJob, listener: SaveListener): Promise<'saved' | 'stopped'> {
    const outcome = await this.#ports.saver.saveZip(job, listener);
    if (outcome !== 'unavailable') return outcome;
    this.#events.onInfo('saved-one-by-one');
    let bytesSaved = 0;
    for (const { path, sizeBytes, stored, isFolder } of job.entries) {
      if (listener.signal.aborted) return 'stopped';
      if (isFolder === true) continue;
      await this.#ports.saver.saveFile(
        await this.#ports.received.blob(job.transferId, stored, sizeBytes),
        lastName(path),
      );
      bytesSaved += sizeBytes;
      listener.onProgress(bytesSaved);
    }
    return 'saved';
  }

  /** Empty folders cannot be shared. */
  async #share(transferId: string, entries: readonly SaveEntry[]): Promise<'saved' | 'stopped'> {
    const files = entries.filter(({ isFolder }) => isFolder !== true);
    return this.#ports.saver.share(
      await Promise.all(
        files.map(async ({ path, sizeBytes, stored }) => ({
          blob: await this.#ports.received.blob(transferId, stored, sizeBytes),
          name: lastName(path),
        })),
      ),
    );
  }

  #saved(transferId: string, fileIndexes: readonly number[]): void {
    if (this.#transfers.markSaved(transferId, fileIndexes)) this.#events.onSaved(transferId);
  }

  #entries(transfer: TransferView): readonly SaveEntry[] {
    const { id, files } = transfer;
    const places = placesOf(transfer);
    return this.#transfers.savableIndexes(id).flatMap((fileIndex) => {
      const [file, stored] = [files.value[fileIndex], places[fileIndex]];
      return file === undefined || stored === undefined ? [] : [{ fileIndex, stored, ...file }];
    });
  }

  #job({ id: transferId }: TransferView, entries: readonly SaveEntry[]): SaveJob {
    return { transferId, name: nameOfAll(entries, this.#ports.clock.epochMs()), entries };
  }
}

function placesOf({ files, fileCount }: TransferView): readonly StoredPlace[] {
  return storedPlaces(files.value, fileCount);
}

/** The folder that all of it is in, else the day, as it is here. */
function nameOfAll(entries: readonly SaveEntry[], epochMs: number): string {
  const top = entries[0]?.path.split('/', 1)[0] ?? '';
  const isInTop = ({ path, isFolder }: SaveEntry): boolean =>
    path.startsWith(`${top}/`) || (isFolder === true && path === top);
  if (top !== '' && entries.every(isInTop)) return top;
  // Sweden writes dates as ISO 8601 does: 2026-11-21.
  return `Heliograph ${new Intl.DateTimeFormat('sv-SE').format(epochMs)}`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
