import { TransferError } from '../../core/errors.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { storageError } from './storage-error.ts';

/** The permission was taken back or never given, or the folder was deleted, renamed or unplugged. */
const GONE: ReadonlySet<string> = new Set(['NotAllowedError', 'SecurityError', 'NotFoundError']);

/** Translates what a picked folder's handles threw. */
export function folderError(cause: unknown, what: string): TransferError {
  if (cause instanceof TransferError || !GONE.has(errorName(cause))) return storageError(cause, what);
  return new TransferError('folder-refused', 'host', `${what}: ${describeCause(cause)}`, cause);
}
