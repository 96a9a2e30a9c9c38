import type { Bytes } from '../../bytes.ts';
import { malformed } from '../byte-reader.ts';
import { HASH_BYTES } from '../../transfer/blocks.ts';

/**
 * CHUNK, the only frame of the data channel: one or more records, one after the other, so that many small blocks fit
 * one message. WIRE.md §6. Written and read by hand with one DataView per frame: this is the path of every byte.
 *
 *   0      1       2        4       8        12       16
 *   | 0x20 | flags | number | block | offset | length | length bytes of payload | hash, 32 bytes, where LAST is set
 */
export const CHUNK_TYPE = 0x20;

/** The block ends with this record, and its SHA-256 follows the payload. */
export const FLAG_LAST = 1;

export const CHUNK_HEADER_BYTES = 16;

export interface ChunkRecord {
  readonly number: number;
  /** Through the whole transfer. */
  readonly block: number;
  /** Of the payload's first byte, within the block. */
  readonly offset: number;
  /** A view of the frame. */
  readonly payload: Bytes;
  /** SHA-256 of the whole block, on its last record. A view of the frame. */
  readonly hash: Bytes | undefined;
}

/**
 * Writes one record at `at`, header, payload and hash.
 * @param view over the same bytes as `frame`
 * @returns where the next record goes
 */
export function writeChunkRecord(frame: Bytes, view: DataView, at: number, record: ChunkRecord): number {
  view.setUint8(at, CHUNK_TYPE);
  view.setUint8(at + 1, record.hash === undefined ? 0 : FLAG_LAST);
  view.setUint16(at + 2, record.number);
  view.setUint32(at + 4, record.block);
  view.setUint32(at + 8, record.offset);
  view.setUint32(at + 12, record.payload.length);
  frame.set(record.payload, at + CHUNK_HEADER_BYTES);
  const end = at + CHUNK_HEADER_BYTES + record.payload.length;
  if (record.hash === undefined) return end;
  frame.set(record.hash, end);
  return end + HASH_BYTES;
}

/**
 * Reads all records of a data frame, and hands each to `onRecord` as it goes.
 * @throws TransferError 'malformed-frame', origin 'remote'; records before the bad one were handed over
 */
export function readChunkRecords(frame: Bytes, onRecord: (record: ChunkRecord) => void): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length === 0) throw malformed('empty data frame');
  let at = 0;
  while (at < frame.length) {
    if (frame.length - at < CHUNK_HEADER_BYTES) throw malformed(`chunk header cut off at byte ${at}`);
    const type = view.getUint8(at);
    if (type !== CHUNK_TYPE) throw malformed(`type ${type} on the data channel at byte ${at}`);
    const flags = view.getUint8(at + 1);
    if ((flags & ~FLAG_LAST) !== 0) throw malformed(`chunk flags ${flags} at byte ${at}`);
    const length = view.getUint32(at + 12);
    const payloadEnd = at + CHUNK_HEADER_BYTES + length;
    const end = flags === FLAG_LAST ? payloadEnd + HASH_BYTES : payloadEnd;
    if (end > frame.length) throw malformed(`chunk of ${length} bytes at byte ${at} is cut off`);
    if (length === 0 && flags === 0) throw malformed(`chunk with neither payload nor hash at byte ${at}`);
    onRecord({
      number: view.getUint16(at + 2),
      block: view.getUint32(at + 4),
      offset: view.getUint32(at + 8),
      payload: frame.subarray(at + CHUNK_HEADER_BYTES, payloadEnd),
      hash: flags === FLAG_LAST ? frame.subarray(payloadEnd, end) : undefined,
    });
    at = end;
  }
}
