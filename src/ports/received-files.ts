import type { StoredPlace } from '../core/transfer/store-layout.ts';

export type { StoredPlace } from '../core/transfer/store-layout.ts';

/**
 * What the transfer runner has received and is done with, as the window sees it. Both reject with TransferError, origin
 * 'host': 'storage-failed', 'storage-unavailable'.
 */
export interface ReceivedFiles {
  /** Without a copy in memory. Good for as long as the transfer is on this device. */
  blob(transferId: string, stored: StoredPlace, sizeBytes: number): Promise<Blob>;
  /** All of it was saved, in this life of the page or before. False for what is not known. */
  wasSaved(transferId: string): Promise<boolean>;
}
