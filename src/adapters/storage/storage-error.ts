import { TransferError } from '../../core/errors.ts';
import { describeCause, errorName } from '../exceptions.ts';

/**
 * What the browsers throw when there is no room. Firefox 153 throws a bare nsresult with that name, and no
 * DOMException, from `FileSystemSyncAccessHandle.truncate` (November 2026).
 */
const NO_ROOM: ReadonlySet<string> = new Set(['QuotaExceededError', 'NS_ERROR_FILE_NO_DEVICE_SPACE']);

/** Translates whatever a storage API threw; a TransferError stays what it is. */
export function storageError(cause: unknown, what: string): TransferError {
  if (cause instanceof TransferError) return cause;
  const code = NO_ROOM.has(errorName(cause)) ? 'disk-full' : 'storage-failed';
  return new TransferError(code, 'host', `${what}: ${describeCause(cause)}`, cause);
}
