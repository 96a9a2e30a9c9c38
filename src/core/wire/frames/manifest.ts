import type { Bytes } from '../../bytes.ts';
import { ByteReader, malformed } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_PATH_BYTES } from '../limits.ts';
import { encodeUtf8 } from '../utf8.ts';

/**
 * MANIFEST: the next page of a transfer's list of files. WIRE.md §5.2.
 *
 *   0      1        3           7       9
 *   | 0x11 | number | firstFile | count | count entries
 *
 * Entry:
 *   0       1           9                     17           19
 *   | flags | sizeBytes | lastModifiedEpochMs | pathLength | path, UTF-8, '/' between folders
 *
 * Flag 1: an empty folder, whose size is 0.
 */
export interface Manifest {
  readonly name: 'manifest';
  readonly number: number;
  /** Index of the page's first file in the transfer. */
  readonly firstFile: number;
  readonly files: readonly ManifestEntry[];
  /** The entries as they are on the wire: what the manifest digest is made of. */
  readonly encodedEntries: Bytes;
}

export interface ManifestEntry {
  /** As the sender wrote it: not safe for anything before `sanitisePath`. */
  readonly path: string;
  /** 0 to 2^53-1. */
  readonly sizeBytes: number;
  /** 0 to 2^53-1. */
  readonly lastModifiedEpochMs: number;
  /** A folder with nothing in it; its size is 0. */
  readonly isFolder?: true;
}

const FLAG_FOLDER = 1;

/** Bytes of an entry besides its path. */
const ENTRY_FIXED_BYTES = 19;

/** Bytes of the frame before its entries. */
export const MANIFEST_HEADER_BYTES = 9;

export const manifest: FrameCodec<Manifest> = {
  name: 'manifest',
  type: 0x11,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u32(frame.firstFile);
    writer.u16(frame.files.length);
    writer.bytes(frame.encodedEntries);
  },
  read: (reader) => {
    const number = reader.u16();
    const firstFile = reader.u32();
    const count = reader.u16();
    // An entry has at least one byte of path, so the count is bounded by what really came.
    checkRange('entry count', count, 1, Math.floor(reader.remaining / (ENTRY_FIXED_BYTES + 1)));
    const encodedEntries = reader.bytes(reader.remaining).slice();
    return { name: 'manifest', number, firstFile, files: readEntries(encodedEntries, count), encodedEntries };
  },
};

/** Encodes one entry. A path above the limit is our own bug: RangeError. */
export function encodeManifestEntry(entry: ManifestEntry): Bytes {
  const path = encodeUtf8(entry.path);
  if (path.length === 0 || path.length > MAX_PATH_BYTES) throw new RangeError(`path of ${path.length} bytes`);
  const writer = new ByteWriter(ENTRY_FIXED_BYTES + path.length);
  writer.u8(entry.isFolder === true ? FLAG_FOLDER : 0);
  writer.u53(entry.sizeBytes);
  writer.u53(entry.lastModifiedEpochMs);
  writer.u16(path.length);
  writer.bytes(path);
  return writer.view();
}

function readEntries(encoded: Bytes, count: number): readonly ManifestEntry[] {
  const reader = new ByteReader(encoded);
  const files: ManifestEntry[] = [];
  for (let i = 0; i < count; i++) files.push(readEntry(reader));
  reader.end();
  return files;
}

function readEntry(reader: ByteReader): ManifestEntry {
  const isFolder = (reader.u8() & FLAG_FOLDER) !== 0;
  const sizeBytes = reader.u53();
  const lastModifiedEpochMs = reader.u53();
  const pathLength = reader.u16();
  checkRange('path length', pathLength, 1, MAX_PATH_BYTES);
  if (isFolder && sizeBytes !== 0) throw malformed(`folder of ${sizeBytes} bytes`);
  return { path: reader.utf8(pathLength), sizeBytes, lastModifiedEpochMs, ...(isFolder ? { isFolder } : {}) };
}
