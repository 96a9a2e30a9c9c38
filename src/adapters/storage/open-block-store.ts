import { TransferError } from '../../core/errors.ts';
import type { BlockStore } from '../../ports/block-store.ts';
import { IdbBlockStore } from './idb-block-store.ts';
import { OpfsBlockStore } from './opfs-block-store.ts';

/**
 * The best store that this place has: OPFS, else IndexedDB. Rejects with 'storage-unavailable' when there is neither; its
 * `cause` then has both reasons. In a window it is always IndexedDB: sync access handles exist in dedicated workers only.
 */
export async function openBlockStore(): Promise<BlockStore> {
  try {
    return await OpfsBlockStore.open();
  } catch (opfsError) {
    try {
      return await IdbBlockStore.open();
    } catch (idbError) {
      const reasons = `${String(opfsError)}; ${String(idbError)}`;
      const causes = new AggregateError([opfsError, idbError]);
      throw new TransferError('storage-unavailable', 'host', `no block store: ${reasons}`, causes);
    }
  }
}
