import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { SourceFile } from '../../ports/file-source.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { checkRange } from '../storage/file-key.ts';
import { BatchReader } from './batch-reader.ts';

/** Chromium 156: NotReadableError when it changed, NotFoundError when it is gone; Firefox 153: AbortError when gone. */
const CHANGED: ReadonlySet<string> = new Set(['NotReadableError', 'NotFoundError', 'AbortError']);

/** What is smaller is read together with others. */
const MAX_SMALL_BYTES = 256 * 1024;
const smallReads = new BatchReader();

/**
 * A file that a person picked, dropped or shared. Nothing is read before it is asked for.
 *
 * Chromium rejects every read of a file whose size or time changed since. Firefox notices only that it became shorter or
 * vanished, and gives the new bytes otherwise (both tried, November 2026).
 *
 * @param path relative, with `/`; a bare name for a single file
 */
export function blobSource(file: File, path: string): SourceFile {
  const sizeBytes = file.size;
  return {
    path,
    sizeBytes,
    lastModifiedEpochMs: file.lastModified,
    async read(offset, length) {
      checkRange('read', offset, length, sizeBytes);
      const what = `read ${length} at ${offset} of ${JSON.stringify(path)}`;
      let bytes: Bytes;
      try {
        bytes = await readPart(file, offset, length);
      } catch (cause) {
        const code = CHANGED.has(errorName(cause)) ? 'source-changed' : 'file-unreadable';
        throw new TransferError(code, 'host', `${what}: ${describeCause(cause)}`, cause);
      }
      if (bytes.length !== length) {
        throw new TransferError('source-changed', 'host', `${what}: got ${bytes.length} bytes`);
      }
      return bytes;
    },
    release,
  };
}

/**
 * `ArrayBuffer.prototype.transfer` (ECMAScript 2024) to no bytes gives the memory back at once. What is left to the
 * collector instead piles up to more than 100 MB with large files (Chromium 156). Not what small files share.
 */
function release(bytes: Bytes): void {
  const { buffer } = bytes;
  if (bytes.length < MAX_SMALL_BYTES || buffer.byteLength !== bytes.length) return;
  const transfer: unknown = Reflect.get(buffer, 'transfer');
  if (typeof transfer === 'function') Reflect.apply(transfer, buffer, [0]);
}

async function readPart(file: File, offset: number, length: number): Promise<Bytes> {
  if (length > MAX_SMALL_BYTES) return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
  // A slice is a Blob that the browser has to be told of.
  return smallReads.read(offset === 0 && length === file.size ? file : file.slice(offset, offset + length));
}
