import { TransferError } from '../../core/errors.ts';
import { describeCause } from '../exceptions.ts';
import type { StoredPlace } from '../../core/transfer/store-layout.ts';
import { checkFileKey } from './file-key.ts';
import { BLOCKS_NAME, IdbBlockStore } from './idb-block-store.ts';
import { IdbJournal, JOURNAL_NAME } from './idb-journal.ts';
import { TRANSFERS_DIRECTORY, opfsFile } from './opfs-files.ts';

/**
 * A received file for saving, from whichever store the transfer worker put it in, with no copy in memory. For windows,
 * where `OpfsBlockStore` cannot open. The worker has to have closed the file. The Blob stays good while the file is
 * there: reading it after the transfer was removed fails.
 *
 * Rejects with 'storage-failed', origin 'host', when the file is in no store.
 */
export async function receivedBlob(
  transferId: string,
  stored: StoredPlace,
  sizeBytes: number,
  directory: string = TRANSFERS_DIRECTORY,
  databaseName: string = BLOCKS_NAME,
): Promise<Blob> {
  checkFileKey(transferId, stored.storedIndex);
  // Nothing is stored for it.
  if (sizeBytes === 0) return new Blob([]);
  const file = await storedBlob(transferId, stored.storedIndex, directory, databaseName);
  if (file.size < stored.offset + sizeBytes) {
    const message = `received file in ${transferId}/${stored.storedIndex}: it ends at ${stored.offset + sizeBytes}, that at ${file.size}`;
    throw new TransferError('storage-failed', 'host', message);
  }
  return file.size === sizeBytes ? file : file.slice(stored.offset, stored.offset + sizeBytes);
}

async function storedBlob(
  transferId: string,
  fileIndex: number,
  directory: string,
  databaseName: string,
): Promise<Blob> {
  let opfsCause: unknown;
  try {
    return await opfsFile(transferId, fileIndex, directory);
  } catch (cause) {
    // Not there, or no OPFS here at all: then it is in IndexedDB or nowhere.
    opfsCause = cause;
  }
  const store = await IdbBlockStore.open(databaseName);
  try {
    return await store.blob(transferId, fileIndex);
  } catch (cause) {
    const reasons = `${describeCause(opfsCause)}; ${describeCause(cause)}`;
    throw new TransferError('storage-failed', 'host', `received file ${transferId}/${fileIndex}: ${reasons}`, cause);
  } finally {
    await store.disconnect();
  }
}

/** True where the journal says that all of a transfer was saved. Rejects as `IdbJournal` does. */
export async function wasSaved(transferId: string, journalName: string = JOURNAL_NAME): Promise<boolean> {
  const journal = await IdbJournal.open(journalName);
  try {
    return (await journal.getTransfer(transferId))?.state === 'saved';
  } finally {
    await journal.close();
  }
}
