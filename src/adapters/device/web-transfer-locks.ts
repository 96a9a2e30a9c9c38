import type { TransferLock, TransferLocks } from '../../ports/transfer-locks.ts';
import { tryLock, waitForLock } from '../storage/file-lock.ts';

/**
 * By Web Locks; where there are none (not a secure context), within this realm only.
 *
 * @param prefix of the locks' names; only tests need another one
 */
export function webTransferLocks(prefix = 'heliograph-transfer'): TransferLocks {
  return {
    tryTake: async (transferId): Promise<TransferLock | undefined> => tryLock(`${prefix}/${transferId}`, 'exclusive'),
    takeWhenFree: async (transferId) => waitForLock(`${prefix}/${transferId}`),
  };
}
