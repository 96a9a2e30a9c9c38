import { BLOCK_BYTES, BLOCKS_PER_PAGE, blocksOf, pagesOf } from '../../core/transfer/blocks.ts';
import type { CommandInput } from '../../core/transfer/machine.ts';
import type { BlockStore } from '../../ports/block-store.ts';
import type { BlockPage, Journal, ManifestFile, TransferHeader } from '../../ports/journal.ts';

export type Restored = Extract<CommandInput, { type: 'restored' }>;

/**
 * The transfers that the journal knows, oldest first. Deletes files that it does not know: the rest of a deletion that
 * was cut off. Rejects as the ports do.
 */
export async function listKnown(store: BlockStore, journal: Journal): Promise<readonly TransferHeader[]> {
  // Files first: another tab writes the journal before it creates files, so its files are never taken for orphans.
  const stored = await store.list();
  const headers = await journal.listTransfers();
  const known = new Set(headers.map((header) => header.transferId));
  await Promise.all(
    stored.filter((transferId) => !known.has(transferId)).map((transferId) => store.remove(transferId)),
  );
  return headers;
}

/** What the journal says of one transfer, now; undefined where it is not there any more. Rejects as the journal does. */
export async function restoreTransfer(journal: Journal, transferId: string): Promise<Restored | undefined> {
  const header = await journal.getTransfer(transferId);
  if (header === undefined) return undefined;
  const files = await restoreManifest(journal, header);
  // Of what is done only the list of files matters.
  const pageCount = header.state === 'active' ? pagesOf(header.blockCount) : 0;
  const pages: BlockPage[] = [];
  for (let pageIndex = 0; pageIndex < pageCount; pageIndex++) {
    const page = await journal.getBlockPage(transferId, pageIndex);
    if (page !== undefined) pages.push(page);
  }
  return { type: 'restored', header, files, pages };
}

/** As if no block had ever been stored that does not lie within what there is of its file. */
export function withinFiles(restored: Restored, presentBytes: readonly number[]): Restored {
  const pages = restored.pages.map((page) => ({ ...page, blockMap: page.blockMap.slice() }));
  const byIndex = new Map(pages.map((page) => [page.pageIndex, page.blockMap]));
  let firstBlock = 0;
  for (const [fileIndex, { sizeBytes }] of restored.files.entries()) {
    const endBlock = firstBlock + blocksOf(sizeBytes);
    const bytes = presentBytes[fileIndex] ?? 0;
    const present = bytes >= sizeBytes ? endBlock : firstBlock + Math.floor(bytes / BLOCK_BYTES);
    for (let block = present; block < endBlock; block++) {
      const bits = byIndex.get(Math.floor(block / BLOCKS_PER_PAGE));
      const bit = block % BLOCKS_PER_PAGE;
      if (bits !== undefined) bits[bit >> 3] = (bits[bit >> 3] ?? 0) & ~(1 << (bit & 7));
    }
    firstBlock = endBlock;
  }
  return { ...restored, pages };
}

/** The manifest as far as it was written. */
async function restoreManifest(journal: Journal, header: TransferHeader): Promise<readonly ManifestFile[]> {
  const files: ManifestFile[] = [];
  for (let pageIndex = 0; files.length < header.fileCount; pageIndex++) {
    const page = await journal.getManifestPage(header.transferId, pageIndex);
    if (page === undefined) break;
    files.push(...page);
  }
  return files;
}
