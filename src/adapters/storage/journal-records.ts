import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { ErrorCode, ErrorOrigin } from '../../core/errors.ts';
import { BLOCKS_PER_PAGE } from '../../ports/journal.ts';
import type { BlockPage, ManifestFile, TransferHeader } from '../../ports/journal.ts';

const BLOCK_MAP_BYTES = BLOCKS_PER_PAGE / 8;
const HASHES_BYTES = BLOCKS_PER_PAGE * 32;
const DIRECTIONS: readonly TransferHeader['direction'][] = ['sending', 'receiving'];
const KINDS: readonly TransferHeader['kind'][] = ['files', 'text'];
const STATES: readonly TransferHeader['state'][] = ['active', 'verified', 'saved', 'declined', 'cancelled', 'failed'];

/**
 * The shapes of the journal's records, checked when they are written (a mistake of ours: 'internal', 'local') and
 * again when they are read back (a damaged disk, or another version of the app: 'storage-failed', 'host'). Each
 * function gives a copy that holds the known fields and nothing else.
 */
export type RecordUse = 'write' | 'read';

export function checkedHeader(value: unknown, use: RecordUse): TransferHeader {
  const record = fields(value, 'transfer', use);
  const { direction, state, root } = record;
  const transferId = text(record, 'transferId', 'transfer', use);
  const what = `transfer ${transferId}`;
  const knownDirection = DIRECTIONS.find((known) => known === direction);
  if (knownDirection === undefined) throw broken(what, 'direction', direction, use);
  // Written before texts were known.
  const kind = record['kind'] ?? 'files';
  const knownKind = KINDS.find((known) => known === kind);
  if (knownKind === undefined) throw broken(what, 'kind', kind, use);
  const knownState = STATES.find((known) => known === state);
  if (knownState === undefined) throw broken(what, 'state', state, use);
  if (root !== undefined && typeof root !== 'string') throw broken(what, 'root', root, use);
  const { folderName } = record;
  return {
    transferId,
    direction: knownDirection,
    kind: knownKind,
    state: knownState,
    createdEpochMs: finite(record, 'createdEpochMs', what, use),
    fileCount: count(record, 'fileCount', what, use),
    totalBytes: count(record, 'totalBytes', what, use),
    blockCount: count(record, 'blockCount', what, use),
    storedBlocks: count(record, 'storedBlocks', what, use),
    manifestDigest: text(record, 'manifestDigest', what, use),
    peerFingerprint: text(record, 'peerFingerprint', what, use),
    ...(root === undefined ? {} : { root }),
    ...(record['isForAnyPeer'] === true ? { isForAnyPeer: true } : {}),
    ...(record['withdrawn'] === undefined ? {} : { withdrawn: counts(record, 'withdrawn', what, use) }),
    ...(folderName === undefined ? {} : { folderName: text(record, 'folderName', what, use) }),
  };
}

export function checkedManifestFiles(value: unknown, what: string, use: RecordUse): readonly ManifestFile[] {
  if (!Array.isArray(value)) throw broken(what, 'files', value, use);
  return value.map((entry: unknown, index) => {
    const place = `${what}, file ${index}`;
    const record = fields(entry, place, use);
    if (typeof record['path'] !== 'string') throw broken(place, 'path', record['path'], use);
    return {
      path: record['path'],
      sizeBytes: count(record, 'sizeBytes', place, use),
      lastModifiedEpochMs: finite(record, 'lastModifiedEpochMs', place, use),
      ...(record['isFolder'] === true ? { isFolder: true } : {}),
      ...(record['savePath'] === undefined ? {} : { savePath: text(record, 'savePath', place, use) }),
      ...(record['existingModifiedEpochMs'] === undefined
        ? {}
        : { existingModifiedEpochMs: finite(record, 'existingModifiedEpochMs', place, use) }),
    };
  });
}

export function checkedBlockPage(value: unknown, what: string, use: RecordUse): BlockPage {
  const record = fields(value, what, use);
  return {
    pageIndex: count(record, 'pageIndex', what, use),
    blockMap: exactBytes(record, 'blockMap', BLOCK_MAP_BYTES, what, use),
    hashes: exactBytes(record, 'hashes', HASHES_BYTES, what, use),
  };
}

/** Throws TransferError 'internal', origin 'local', unless it can be the key of a page. */
export function checkPageIndex(pageIndex: number, what: string): void {
  if (!Number.isSafeInteger(pageIndex) || pageIndex < 0) throw broken(what, 'pageIndex', pageIndex, 'write');
}

function fields(value: unknown, what: string, use: RecordUse): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw broken(what, 'record', value, use);
  return { ...value };
}

function count(record: Record<string, unknown>, name: string, what: string, use: RecordUse): number {
  const value = record[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw broken(what, name, value, use);
  return value;
}

function counts(record: Record<string, unknown>, name: string, what: string, use: RecordUse): readonly number[] {
  const values = record[name];
  if (!Array.isArray(values)) throw broken(what, name, values, use);
  return values.map((value: unknown) => count({ [name]: value }, name, what, use));
}

function text(record: Record<string, unknown>, name: string, what: string, use: RecordUse): string {
  const value = record[name];
  if (typeof value !== 'string') throw broken(what, name, value, use);
  return value;
}

function finite(record: Record<string, unknown>, name: string, what: string, use: RecordUse): number {
  const value = record[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw broken(what, name, value, use);
  return value;
}

function exactBytes(record: Record<string, unknown>, name: string, length: number, what: string, use: RecordUse) {
  const value = record[name];
  if (!(value instanceof Uint8Array) || value.length !== length) throw broken(what, name, value, use);
  const copy: Bytes = new Uint8Array(length);
  copy.set(value);
  return copy;
}

function broken(what: string, field: string, got: unknown, use: RecordUse): TransferError {
  const [code, origin]: [ErrorCode, ErrorOrigin] = use === 'write' ? ['internal', 'local'] : ['storage-failed', 'host'];
  const gotText = got instanceof Uint8Array ? `${got.length} bytes` : `${typeof got} ${String(got).slice(0, 80)}`;
  return new TransferError(code, origin, `journal ${use}, ${what}: ${field} is ${gotText}`);
}
