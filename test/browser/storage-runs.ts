import { blobSource } from '../../src/adapters/files/blob-source.ts';
import { webCryptoHasher } from '../../src/adapters/crypto/web-crypto.ts';
import { webTransferLocks } from '../../src/adapters/device/web-transfer-locks.ts';
import { IdbBlockStore } from '../../src/adapters/storage/idb-block-store.ts';
import { IdbJournal } from '../../src/adapters/storage/idb-journal.ts';
import { openBlockStore } from '../../src/adapters/storage/open-block-store.ts';
import { OpfsBlockStore } from '../../src/adapters/storage/opfs-block-store.ts';
import { receivedBlob, wasSaved } from '../../src/adapters/storage/received-files.ts';
import type { TransferHeader } from '../../src/ports/journal.ts';
import { ownPlace } from '../../src/core/transfer/store-layout.ts';
import { assertBytes, patternBytes } from '../contracts/assert-bytes.ts';
import { blockStoreContract } from '../contracts/block-store-contract.ts';
import type { BlockStoreSubject } from '../contracts/block-store-contract.ts';
import { assertEqual, assertRejects, contractRun } from '../contracts/contract.ts';
import type { Contract, ContractRun } from '../contracts/contract.ts';
import { SOURCE_BYTES, fileSourceContract } from '../contracts/file-source-contract.ts';
import { folderBlockStores, folderStoreContract, openFolderStore } from '../contracts/folder-store-contract.ts';
import { hasherContract } from '../contracts/hasher-contract.ts';
import { journalContract } from '../contracts/journal-contract.ts';
import { transferLocksContract } from '../contracts/transfer-locks-contract.ts';

const A = 'a0000000000000000000000000000001';

/** A name that no other subject uses, in this run or an earlier one on the same profile. */
function uniqueName(prefix: string): string {
  return `${prefix}-${crypto.randomUUID()}`;
}

async function openOpfs(): Promise<BlockStoreSubject> {
  const name = uniqueName('opfs');
  return { store: await OpfsBlockStore.open(name), again: () => OpfsBlockStore.open(name) };
}

async function openIdb(): Promise<BlockStoreSubject> {
  const name = uniqueName('blocks');
  return { store: await IdbBlockStore.open(name), again: () => IdbBlockStore.open(name) };
}

/** The origin private file system stands for a folder that a person picked: the same handles, and no picker. */
async function openFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(uniqueName('picked'), { create: true });
}

async function openJournal() {
  const name = uniqueName('journal');
  return { journal: await IdbJournal.open(name), again: () => IdbJournal.open(name) };
}

/** A place in what `writeOne` writes. */
function shared(offset: number) {
  return { storedIndex: 0, storedBytes: 3_000_000, offset };
}

/** Reading back as the window does, from a place that both stores share. */
const receivedFilesContract: Contract<{ readonly name: string }> = [
  {
    name: 'gives a file from OPFS, with no store open',
    async run(open) {
      const { name } = await open();
      await writeOne(await OpfsBlockStore.open(name));
      const blob = await receivedBlob(A, ownPlace(0, 3_000_000), 3_000_000, name, name);
      assertBytes(new Uint8Array(await blob.arrayBuffer()), patternBytes(3_000_000), 'bytes');
      await assertRejects(() => receivedBlob(A, ownPlace(1, 5), 5, name, name), 'storage-failed', 'another file');
    },
  },
  {
    name: 'gives a part of a stored file that several share, and nothing for an empty one',
    async run(open) {
      const { name } = await open();
      await writeOne(await OpfsBlockStore.open(name));
      const blob = await receivedBlob(A, shared(1_000_001), 77, name, name);
      assertBytes(
        new Uint8Array(await blob.arrayBuffer()),
        patternBytes(3_000_000).slice(1_000_001, 1_000_078),
        'part',
      );
      assertEqual((await receivedBlob(A, ownPlace(9, 0), 0, name, name)).size, 0, 'empty');
      await assertRejects(() => receivedBlob(A, shared(2_999_999), 2, name, name), 'storage-failed', 'beyond the end');
    },
  },
  {
    name: 'gives a file from IndexedDB, which stays good after the connection is closed',
    async run(open) {
      const { name } = await open();
      await writeOne(await IdbBlockStore.open(name));
      const blob = await receivedBlob(A, ownPlace(0, 3_000_000), 3_000_000, name, name);
      assertBytes(new Uint8Array(await blob.arrayBuffer()), patternBytes(3_000_000), 'bytes');
    },
  },
  {
    name: 'knows what was saved',
    async run(open) {
      const { name } = await open();
      const journal = await IdbJournal.open(name);
      assertEqual(await wasSaved(A, name), false, 'of nothing');
      await journal.putTransfer(VERIFIED);
      assertEqual(await wasSaved(A, name), false, 'verified');
      await journal.putTransfer({ ...VERIFIED, state: 'saved' });
      assertEqual(await wasSaved(A, name), true, 'saved');
      await journal.close();
    },
  },
];

/** Of the least transfer that there can be. */
const VERIFIED: TransferHeader = {
  transferId: A,
  direction: 'receiving',
  kind: 'files',
  state: 'verified',
  createdEpochMs: 1,
  fileCount: 1,
  totalBytes: 0,
  blockCount: 0,
  storedBlocks: 0,
  peerFingerprint: 'ab'.repeat(32),
  manifestDigest: 'cd'.repeat(32),
  root: 'ef'.repeat(32),
};

async function writeOne(store: OpfsBlockStore | IdbBlockStore): Promise<void> {
  const file = await store.open(A, 0, 3_000_000);
  await file.write(0, patternBytes(3_000_000));
  await file.flush();
  await file.close();
}

const openingInWindow: Contract<undefined> = [
  {
    name: 'refuses OPFS with storage-unavailable, and takes IndexedDB',
    async run() {
      await assertRejects(() => OpfsBlockStore.open(), 'storage-unavailable', 'OPFS in a window');
      assertEqual((await openBlockStore()).kind, 'indexeddb', 'kind');
    },
  },
];

const openingInWorker: Contract<undefined> = [
  {
    name: 'takes OPFS, for several at the same moment',
    async run() {
      const stores = await Promise.all([openBlockStore(), openBlockStore(), openBlockStore()]);
      assertEqual(
        stores.map((store) => store.kind),
        ['opfs', 'opfs', 'opfs'],
        'kinds',
      );
    },
  },
];

async function openSource() {
  const file = new File([SOURCE_BYTES], 'name ä.bin', { lastModified: 1234 });
  return { sourceFile: blobSource(file, 'dir/name ä.bin'), emptyFile: blobSource(new File([], 'empty'), 'empty') };
}

async function openLocks() {
  const prefix = uniqueName('locks');
  return { tab: webTransferLocks(prefix), otherTab: webTransferLocks(prefix) };
}

/**
 * Without a picker for folders nobody gets a handle of one. (Firefox 153 has none; the same runs on its private file
 * system now and then wait for a `createWritable` that never comes.)
 */
const folderRuns: readonly ContractRun[] = [
  contractRun('BlockStore: folder', 'worker', blockStoreContract, async () => folderBlockStores(await openFolder())),
  contractRun('FolderStore', 'worker', folderStoreContract, async () => openFolderStore(await openFolder())),
  contractRun('FolderStore in a window', 'window', folderStoreContract, async () =>
    openFolderStore(await openFolder()),
  ),
].map((run) => Object.assign(run, { isUsedHere: () => 'showDirectoryPicker' in globalThis }));

export const storageRuns: readonly ContractRun[] = [
  contractRun('BlockStore: opfs', 'worker', blockStoreContract, openOpfs),
  contractRun('BlockStore: indexeddb', 'worker', blockStoreContract, openIdb),
  contractRun('BlockStore: indexeddb in a window', 'window', blockStoreContract, openIdb),
  ...folderRuns,
  contractRun('openBlockStore in a window', 'window', openingInWindow, async () => undefined),
  contractRun('openBlockStore', 'worker', openingInWorker, async () => undefined),
  contractRun('receivedBlob', 'worker', receivedFilesContract, async () => ({ name: uniqueName('received') })),
  contractRun('Journal: indexeddb', 'worker', journalContract, openJournal),
  contractRun('Journal: indexeddb in a window', 'window', journalContract, openJournal),
  contractRun('SourceFile: blob', 'worker', fileSourceContract, openSource),
  contractRun('TransferLocks: web locks', 'worker', transferLocksContract, openLocks),
  contractRun('Hasher: web crypto', 'worker', hasherContract, async () => webCryptoHasher),
];
