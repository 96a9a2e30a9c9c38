import type { Journal, BlockPage, ManifestFile, TransferHeader } from '../../src/ports/journal.ts';
import { assertBytes } from './assert-bytes.ts';
import { assertEqual, assertRejects } from './contract.ts';
import type { Contract } from './contract.ts';

/** A fresh, empty journal, and the same one opened again: by another tab, or after a reload. */
export interface JournalSubject {
  readonly journal: Journal;
  readonly again: () => Promise<Journal>;
}

const A = 'a0000000000000000000000000000001';
const NEAR_A = 'a000000000000000000000000000001';
const B = 'b0000000000000000000000000000002';

export function sampleHeader(transferId: string, changes: Partial<TransferHeader> = {}): TransferHeader {
  return {
    transferId,
    direction: 'receiving',
    kind: 'files',
    state: 'active',
    createdEpochMs: 1_790_000_000_000,
    fileCount: 3,
    totalBytes: 2 ** 53 - 1,
    blockCount: 2 ** 33,
    storedBlocks: 0,
    peerFingerprint: '0f'.repeat(32),
    manifestDigest: '1e'.repeat(32),
    ...changes,
  };
}

export function samplePage(pageIndex: number, fill: number): BlockPage {
  return { pageIndex, blockMap: new Uint8Array(128).fill(fill), hashes: new Uint8Array(32768).fill(fill) };
}

const FILES: readonly ManifestFile[] = [
  { path: 'a/ä 文.txt', sizeBytes: 0, lastModifiedEpochMs: 0 },
  { path: 'b', sizeBytes: 2 ** 53 - 1, lastModifiedEpochMs: -1 },
];

/** Field by field: the order of the fields says nothing. */
function assertHeader(got: TransferHeader | undefined, wanted: TransferHeader, what: string): void {
  assertEqual(sortedFields(got), sortedFields(wanted), what);
}

function sortedFields(header: TransferHeader | undefined): unknown {
  return header && Object.entries(header).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export const journalContract: Contract<JournalSubject> = [
  {
    name: 'gives undefined for whatever it does not have',
    async run(open) {
      const { journal } = await open();
      assertEqual(await journal.getTransfer(A), undefined, 'transfer');
      assertEqual(await journal.getManifestPage(A, 0), undefined, 'manifest page');
      assertEqual(await journal.getBlockPage(A, 0), undefined, 'block page');
      assertEqual(await journal.listTransfers(), [], 'list');
    },
  },
  {
    name: 'gives back headers field by field, for itself and when opened again',
    async run(open) {
      const { journal, again } = await open();
      const finished = sampleHeader(B, { direction: 'sending', state: 'verified', root: 'ab'.repeat(32) });
      await journal.putTransfer(sampleHeader(A));
      await journal.putTransfer(finished);
      for (const reader of [journal, await again()]) {
        assertHeader(await reader.getTransfer(A), sampleHeader(A), 'without root');
        assertHeader(await reader.getTransfer(B), finished, 'with root');
      }
    },
  },
  {
    name: 'replaces a header, a root included',
    async run(open) {
      const { journal } = await open();
      await journal.putTransfer(sampleHeader(A, { storedBlocks: 1, root: '00'.repeat(32) }));
      await journal.putTransfer(sampleHeader(A, { storedBlocks: 2, state: 'failed' }));
      assertHeader(await journal.getTransfer(A), sampleHeader(A, { storedBlocks: 2, state: 'failed' }), 'header');
      assertEqual((await journal.listTransfers()).length, 1, 'count');
    },
  },
  {
    name: 'lists the oldest first',
    async run(open) {
      const { journal } = await open();
      await journal.putTransfer(sampleHeader('c', { createdEpochMs: 30 }));
      await journal.putTransfer(sampleHeader('a', { createdEpochMs: 20 }));
      await journal.putTransfer(sampleHeader('b', { createdEpochMs: 9 }));
      const ids = (await journal.listTransfers()).map((header) => header.transferId);
      assertEqual(ids, ['b', 'a', 'c'], 'order');
    },
  },
  {
    name: 'keeps manifest pages apart by transfer and page, and replaces them',
    async run(open) {
      const { journal, again } = await open();
      await journal.putManifestPage(A, 1, FILES);
      await journal.putManifestPage(A, 11, []);
      await journal.putManifestPage(NEAR_A, 1, FILES.slice(1));
      const reader = await again();
      assertEqual(await reader.getManifestPage(A, 1), FILES, 'page 1');
      assertEqual(await reader.getManifestPage(A, 11), [], 'page 11');
      assertEqual(await reader.getManifestPage(A, 0), undefined, 'page 0');
      assertEqual(await reader.getManifestPage(NEAR_A, 1), FILES.slice(1), 'near-miss transfer');
      await journal.putManifestPage(A, 1, FILES.slice(0, 1));
      assertEqual(await reader.getManifestPage(A, 1), FILES.slice(0, 1), 'replaced');
    },
  },
  {
    name: 'writes a checkpoint of several pages and the header together',
    async run(open) {
      const { journal, again } = await open();
      await journal.putTransfer(sampleHeader(A));
      await journal.checkpoint(A, [samplePage(0, 1), samplePage(7, 2)], sampleHeader(A, { storedBlocks: 9 }));
      const reader = await again();
      const [first, second] = [await reader.getBlockPage(A, 0), await reader.getBlockPage(A, 7)];
      assertBytes(first?.blockMap, samplePage(0, 1).blockMap, 'block map');
      assertBytes(second?.hashes, samplePage(7, 2).hashes, 'hashes');
      assertEqual([first?.pageIndex, second?.pageIndex], [0, 7], 'page indexes');
      assertEqual((await reader.getTransfer(A))?.storedBlocks, 9, 'storedBlocks');
      assertEqual(await reader.getBlockPage(A, 1), undefined, 'another page');
      assertEqual(await reader.getBlockPage(NEAR_A, 0), undefined, 'near-miss transfer');
    },
  },
  {
    name: 'replaces pages in a later checkpoint, and leaves the header alone when none is given',
    async run(open) {
      const { journal } = await open();
      await journal.checkpoint(A, [samplePage(0, 1), samplePage(1, 1)], sampleHeader(A, { storedBlocks: 5 }));
      await journal.checkpoint(A, [samplePage(1, 3)]);
      await journal.checkpoint(A, []);
      assertEqual((await journal.getBlockPage(A, 0))?.blockMap[0], 1, 'untouched page');
      assertEqual((await journal.getBlockPage(A, 1))?.blockMap[0], 3, 'replaced page');
      assertEqual((await journal.getTransfer(A))?.storedBlocks, 5, 'header');
    },
  },
  {
    name: 'writes nothing of a checkpoint that is refused',
    async run(open) {
      const { journal } = await open();
      await journal.putTransfer(sampleHeader(A));
      const short = { ...samplePage(1, 1), hashes: new Uint8Array(32) };
      const header = sampleHeader(A, { storedBlocks: 1 });
      await assertRejects(() => journal.checkpoint(A, [samplePage(0, 1), short], header), 'internal', 'short hashes');
      await assertRejects(() => journal.checkpoint(A, [samplePage(0, 1)], sampleHeader(B)), 'internal', 'other header');
      await assertRejects(() => journal.checkpoint(A, [samplePage(-1, 1)]), 'internal', 'page -1');
      await assertRejects(
        () => journal.checkpoint(A, [samplePage(0, 1)], sampleHeader(A, { storedBlocks: Number.NaN })),
        'internal',
        'storedBlocks NaN',
      );
      assertEqual(await journal.getBlockPage(A, 0), undefined, 'page 0');
      assertHeader(await journal.getTransfer(A), sampleHeader(A), 'header');
      assertEqual(await journal.getTransfer(B), undefined, 'the other transfer');
    },
  },
  {
    name: 'keeps what it was given, whatever the caller does with it afterwards',
    async run(open) {
      const { journal } = await open();
      const page = samplePage(0, 5);
      await journal.checkpoint(A, [page]);
      page.blockMap.fill(6);
      const got = await journal.getBlockPage(A, 0);
      assertBytes(got?.blockMap, samplePage(0, 5).blockMap, 'after changing the original');
      got?.blockMap.fill(7);
      assertBytes((await journal.getBlockPage(A, 0))?.blockMap, samplePage(0, 5).blockMap, 'after changing the copy');
    },
  },
  {
    name: 'takes a page whose arrays are parts of a larger buffer',
    async run(open) {
      const { journal } = await open();
      const buffer = new Uint8Array(40_000).fill(9);
      buffer.fill(4, 100, 228);
      await journal.checkpoint(A, [
        { pageIndex: 0, blockMap: buffer.subarray(100, 228), hashes: buffer.subarray(300, 33_068) },
      ]);
      const got = await journal.getBlockPage(A, 0);
      assertBytes(got?.blockMap, new Uint8Array(128).fill(4), 'block map');
      assertEqual(got?.hashes.buffer.byteLength, 32_768, 'bytes kept for the hashes');
    },
  },
  {
    name: 'keeps concurrent checkpoints',
    async run(open) {
      const { journal } = await open();
      await Promise.all(
        Array.from({ length: 20 }, (_unused, index) => journal.checkpoint(A, [samplePage(index, index)])),
      );
      for (let index = 0; index < 20; index++) {
        assertEqual((await journal.getBlockPage(A, index))?.blockMap[127], index, `page ${index}`);
      }
    },
  },
  {
    name: 'deletes everything about a transfer and nothing else, and is content when there is nothing',
    async run(open) {
      const { journal, again } = await open();
      await journal.deleteTransfer(A);
      for (const transferId of [A, NEAR_A, B]) {
        await journal.putTransfer(sampleHeader(transferId));
        await journal.putManifestPage(transferId, 0, FILES);
        await journal.putManifestPage(transferId, 300, FILES);
        await journal.checkpoint(transferId, [samplePage(0, 1), samplePage(300, 1)]);
      }
      await journal.deleteTransfer(A);
      const reader = await again();
      for (const pageIndex of [0, 300]) {
        assertEqual(await reader.getManifestPage(A, pageIndex), undefined, `manifest page ${pageIndex}`);
        assertEqual(await reader.getBlockPage(A, pageIndex), undefined, `block page ${pageIndex}`);
      }
      assertEqual(await reader.getTransfer(A), undefined, 'header');
      for (const transferId of [NEAR_A, B]) {
        assertEqual(await reader.getManifestPage(transferId, 300), FILES, `manifest of ${transferId}`);
        assertEqual((await reader.getBlockPage(transferId, 300))?.pageIndex, 300, `blocks of ${transferId}`);
        assertHeader(await reader.getTransfer(transferId), sampleHeader(transferId), `header of ${transferId}`);
      }
    },
  },
];
