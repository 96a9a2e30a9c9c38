import type { ErrorCode } from '../errors.ts';

/**
 * The error codes that travel, by number (WIRE.md §3). Numbers are never reused. A number that is not in this table comes
 * from a newer peer and is read as 'protocol-violation'.
 */
const CODES = [
  [0, 'internal'],
  [1, 'protocol-version'],
  [2, 'malformed-frame'],
  [3, 'protocol-violation'],
  [4, 'limit-exceeded'],
  [5, 'block-corrupt'],
  [6, 'root-mismatch'],
  [7, 'source-changed'],
  [8, 'file-unreadable'],
  [9, 'disk-full'],
  [10, 'storage-failed'],
  [11, 'storage-unavailable'],
  [12, 'unknown-transfer'],
  [13, 'connect-timeout'],
  [14, 'peer-differs'],
  [15, 'transfer-elsewhere'],
] as const satisfies readonly (readonly [number, ErrorCode])[];

const byNumber = new Map<number, ErrorCode>(CODES);
const byCode = new Map<ErrorCode, number>(CODES.map(([number, code]) => [code, number]));

/** Codes that never travel become 0, 'internal'. Of the receiver's folder the peer need not know. */
export function errorNumber(code: ErrorCode): number {
  return byCode.get(code === 'folder-refused' ? 'storage-failed' : code) ?? 0;
}

export function errorCodeOf(number: number): ErrorCode {
  return byNumber.get(number) ?? 'protocol-violation';
}
