/** At most so much is read into one buffer. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Reads under way at once; the others gather for the next batch meanwhile. */
const MAX_BATCHES = 2;

interface Wanted {
  readonly blob: Blob;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Reads many small Blobs a batch at a time: one Blob made of all of them costs one round trip to the process that reads
 * files, instead of one for each (10 000 files of 4 KiB in Chromium 156: 1.4 ms for each before).
 */
export class BatchReader {
  readonly #queue: Wanted[] = [];
  #running = 0;

  /** Rejects as `Blob.arrayBuffer` does. The bytes may be a part of a larger buffer, with other files in it. */
  read(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ blob, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < MAX_BATCHES && this.#queue.length > 0) {
      this.#running++;
      void this.#readBatch(this.#takeBatch());
    }
  }

  #takeBatch(): readonly Wanted[] {
    let bytes = 0;
    let count = 0;
    for (const { blob } of this.#queue) {
      bytes += blob.size;
      if (count > 0 && bytes > MAX_BATCH_BYTES) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #readBatch(batch: readonly Wanted[]): Promise<void> {
    try {
      const all = new Blob(batch.map(({ blob }) => blob));
      const bytes = new Uint8Array(await all.arrayBuffer());
      // Firefox gives what is left of a file that became shorter: then nobody knows where the others begin.
      if (bytes.length !== all.size) throw new RangeError(`${bytes.length} of ${all.size} bytes`);
      let offset = 0;
      for (const { blob, resolve } of batch) {
        resolve(bytes.subarray(offset, offset + blob.size));
        offset += blob.size;
      }
    } catch {
      // One of them changed or is gone, and takes the others with it: each by itself says which.
      await Promise.all(batch.map(readAlone));
    } finally {
      this.#running--;
      this.#next();
    }
  }
}

async function readAlone({ blob, resolve, reject }: Wanted): Promise<void> {
  try {
    resolve(new Uint8Array(await blob.arrayBuffer()));
  } catch (cause) {
    reject(cause);
  }
}
