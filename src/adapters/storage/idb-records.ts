import type { DBSchema } from 'idb';
import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';

/** A record holds up to 1 MiB of a file, so that a verified block is one record. */
export const RECORD_BYTES = 1024 * 1024;

/** What this browser can keep: Blobs if possible, see `idb-block-store.ts`. Reading takes both, whatever was written. */
export type RecordKind = 'blob' | 'buffer';

/** May be shorter than its part of the file: the rest reads as zeros, as a missing record does. */
export type RecordValue = Blob | ArrayBuffer;

/** Keys: `files` [transferId, fileIndex], `records` [transferId, fileIndex, recordIndex]. A missing record is a hole. */
export interface BlocksSchema extends DBSchema {
  files: { key: [string, number]; value: { readonly sizeBytes: number } };
  records: { key: [string, number, number]; value: RecordValue };
  /** One Blob, to find out whether this browser keeps them. */
  probe: { key: string; value: Blob };
}

/** One record's part of a range of the file. `from` counts from the start of the range. */
export interface RecordPart {
  readonly recordIndex: number;
  readonly inRecord: number;
  readonly from: number;
  readonly length: number;
}

/** Cuts a range at record borders. */
export function recordParts(offset: number, length: number): readonly RecordPart[] {
  const parts: RecordPart[] = [];
  for (let from = 0; from < length;) {
    const recordIndex = Math.floor((offset + from) / RECORD_BYTES);
    const inRecord = (offset + from) % RECORD_BYTES;
    const partLength = Math.min(RECORD_BYTES - inRecord, length - from);
    parts.push({ recordIndex, inRecord, from, length: partLength });
    from += partLength;
  }
  return parts;
}

/**
 * Lays `bytes` over a record. Synchronous, so that reading the old record and putting the new one can share a
 * transaction, which would commit while a Blob is being read: Blobs are composed out of slices instead.
 *
 * @param bytes copied
 */
export function mergedRecord(
  old: RecordValue | undefined,
  inRecord: number,
  bytes: Bytes,
  kind: RecordKind,
): RecordValue {
  const oldBytes = old === undefined ? 0 : recordSize(old);
  const end = inRecord + bytes.length;
  if (kind === 'blob') {
    const gap = new Uint8Array(Math.max(0, inRecord - oldBytes));
    return new Blob(old === undefined ? [gap, bytes] : [old.slice(0, inRecord), gap, bytes, old.slice(end)]);
  }
  if (old instanceof Blob) {
    throw new TransferError('storage-failed', 'host', 'a Blob record where this browser keeps no Blobs');
  }
  const merged = new Uint8Array(Math.max(oldBytes, end));
  if (old !== undefined) merged.set(new Uint8Array(old));
  merged.set(bytes, inRecord);
  return merged.buffer;
}

export function recordSize(record: RecordValue): number {
  return record instanceof Blob ? record.size : record.byteLength;
}

/** Reads up to `length` bytes from `inRecord`; fewer where the record ends before. */
export async function recordBytes(record: RecordValue, inRecord: number, length: number): Promise<Bytes> {
  const piece = record.slice(inRecord, inRecord + length);
  return new Uint8Array(piece instanceof Blob ? await piece.arrayBuffer() : piece);
}
