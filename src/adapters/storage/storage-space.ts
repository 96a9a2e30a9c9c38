import type { StorageSpace } from '../../ports/block-store.ts';

/**
 * Room and eviction, from the Storage Standard. `quotaBytes` is a hint and no promise: Chromium 156 always says what is
 * used plus 10 GiB at most, so that nobody is recognised by the size of their disk, while it allows far more; Firefox
 * 153 says 10 GiB (or a tenth of the disk) until `persist` is granted, and means it. Only claiming the space tells.
 *
 * `persist` exists in windows only (in a worker it gives false); Firefox asks the person, the others decide silently.
 */
export const storageSpace: StorageSpace = {
  async estimate() {
    if (!hasStorageManager()) return { usedBytes: undefined, quotaBytes: undefined };
    try {
      const { usage, quota } = await navigator.storage.estimate();
      return { usedBytes: usage, quotaBytes: quota };
    } catch {
      // Opaque origins and blocked site data reject. Not knowing is an answer here.
      return { usedBytes: undefined, quotaBytes: undefined };
    }
  },

  async persist() {
    if (!hasStorageManager() || !('persist' in navigator.storage)) return false;
    try {
      return (await navigator.storage.persisted()) || (await navigator.storage.persist());
    } catch {
      // As above: where it cannot be asked it is not granted.
      return false;
    }
  },
};

/** False without a secure context, and outside browsers. */
function hasStorageManager(): boolean {
  return typeof navigator !== 'undefined' && 'storage' in navigator;
}
