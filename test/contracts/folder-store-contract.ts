import { FolderBlockStore } from '../../src/adapters/storage/folder-block-store.ts';
import type { BlockStore } from '../../src/ports/block-store.ts';
import type { FolderStore } from '../../src/ports/folder-store.ts';
import type { ManifestFile } from '../../src/ports/journal.ts';
import { assertBytes, patternBytes } from './assert-bytes.ts';
import type { BlockStoreSubject } from './block-store-contract.ts';
import { assert, assertEqual, assertRejects } from './contract.ts';
import type { Contract } from './contract.ts';

const A = 'a0000000000000000000000000000001';
/** Files that the block store contract opens, by index. */
const CONTRACT_FILES = 16;

/** A folder and a fresh store over it; the same folder in the hands of another store. */
export interface FolderStoreSubject {
  readonly folder: FileSystemDirectoryHandle;
  readonly store: FolderStore;
  readonly again: () => FolderStore;
}

export function openFolderStore(folder: FileSystemDirectoryHandle): FolderStoreSubject {
  return { folder, store: new FolderBlockStore(folder), again: () => new FolderBlockStore(folder) };
}

/** For the contract of all block stores, which knows no paths: each transfer has a folder of its own in `root`. */
export function folderBlockStores(root: FileSystemDirectoryHandle, maxFileBytes?: number): BlockStoreSubject {
  const again = async () => new ManyTransfers(root);
  return {
    store: new ManyTransfers(root),
    again,
    listsNothing: true,
    ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
  };
}

class ManyTransfers implements BlockStore {
  readonly kind = 'folder';
  readonly #root: FileSystemDirectoryHandle;
  readonly #stores = new Map<string, Promise<FolderStore>>();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async open(transferId: string, fileIndex: number, sizeBytes: number) {
    return (await this.#of(transferId)).open(transferId, fileIndex, sizeBytes);
  }

  async blob(transferId: string, fileIndex: number) {
    return (await this.#of(transferId)).blob(transferId, fileIndex);
  }

  async remove(transferId: string) {
    return (await this.#of(transferId)).remove(transferId);
  }

  async list() {
    return (await this.#of(A)).list();
  }

  #of(transferId: string): Promise<FolderStore> {
    const store = this.#stores.get(transferId) ?? this.#open(transferId);
    this.#stores.set(transferId, store);
    return store;
  }

  async #open(transferId: string): Promise<FolderStore> {
    // Ids that are refused have to reach the store as they are.
    const name = `t-${transferId.replaceAll(/[^0-9a-zA-Z]/g, '_')}`;
    const store = new FolderBlockStore(await this.#root.getDirectoryHandle(name, { create: true }));
    const paths = Array.from({ length: CONTRACT_FILES }, (_, index) => `sub/${index}.bin`);
    await store.recall(paths.map((path) => entry(path, 0)));
    return store;
  }
}

function entry(path: string, sizeBytes: number): ManifestFile {
  return { path, sizeBytes, lastModifiedEpochMs: 0 };
}

async function put(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await writable.write({ type: 'write', position: 0, data: bytes });
  await writable.close();
}

async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await (await folder.getFileHandle(name)).getFile();
  return new Uint8Array(await file.arrayBuffer());
}

async function names(folder: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const name of folder.keys()) found.push(name);
  return found.toSorted();
}

async function receive(store: FolderStore, fileIndex: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const file = await store.open(A, fileIndex, bytes.length);
  await file.write(0, bytes);
  await file.close();
}

const places = (files: readonly ManifestFile[]) => files.map(({ path, savePath }) => savePath ?? path);

/** What a picked folder promises beyond other stores. */
export const folderStoreContract: Contract<FolderStoreSubject> = [
  {
    name: 'saves under the paths, in folders that it makes',
    async run(open) {
      const { folder, store } = await open();
      const planned = await store.plan(0, [entry('a.txt', 4), entry('x/y/b.txt', 5), entry('x/e', 0)]);
      assertEqual(places(planned), ['a.txt', 'x/y/b.txt', 'x/e'], 'places');
      await receive(store, 0, patternBytes(4, 1));
      await receive(store, 1, patternBytes(5, 2));
      await receive(store, 2, patternBytes(0));
      const x = await folder.getDirectoryHandle('x');
      assertBytes(await readFile(folder, 'a.txt'), patternBytes(4, 1), 'a.txt');
      assertBytes(await readFile(await x.getDirectoryHandle('y'), 'b.txt'), patternBytes(5, 2), 'x/y/b.txt');
      assertBytes(await readFile(x, 'e'), patternBytes(0), 'x/e');
    },
  },
  {
    name: 'makes an empty folder, and is content where it is there',
    async run(open) {
      const { folder, store } = await open();
      await store.plan(0, [{ ...entry('x/empty', 0), isFolder: true }]);
      await store.createFolder(0);
      await store.createFolder(0);
      assertEqual(await names(await folder.getDirectoryHandle('x')), ['empty'], 'names');
    },
  },
  {
    name: 'never overwrites: a file of another size stays, and the received one gets a free name',
    async run(open) {
      const { folder, store } = await open();
      await put(folder, 'a.txt', patternBytes(3, 1));
      await put(folder, 'a (2).txt', patternBytes(3, 2));
      await folder.getDirectoryHandle('b', { create: true });
      const planned = await store.plan(0, [entry('a.txt', 9), entry('a (3).txt', 1), entry('b', 1)]);
      assertEqual(places(planned), ['a (4).txt', 'a (3).txt', 'b (2)'], 'places');
      assert((await store.existing(0)) === undefined, 'nothing to compare with');
      await receive(store, 0, patternBytes(9, 3));
      assertBytes(await readFile(folder, 'a.txt'), patternBytes(3, 1), 'a.txt');
      assertBytes(await readFile(folder, 'a (2).txt'), patternBytes(3, 2), 'a (2).txt');
      assertBytes(await readFile(folder, 'a (4).txt'), patternBytes(9, 3), 'a (4).txt');
    },
  },
  {
    name: 'goes around a file where a folder is wanted',
    async run(open) {
      const { folder, store } = await open();
      await put(folder, 'x', patternBytes(1));
      const planned = await store.plan(0, [entry('x/a', 1), entry('x/b', 1)]);
      assertEqual(places(planned), ['x (2)/a', 'x (2)/b'], 'places');
    },
  },
  {
    name: 'gives a file of the same size to compare with, and begins what differs as a copy of it',
    async run(open) {
      const { folder, store } = await open();
      await put(folder, 'a.bin', patternBytes(10, 1));
      const planned = await store.plan(0, [entry('a.bin', 10)]);
      assertEqual(places(planned), ['a (2).bin'], 'places');
      const existing = await store.existing(0);
      assert(existing !== undefined, 'it is there');
      assertBytes(new Uint8Array(await existing.arrayBuffer()), patternBytes(10, 1), 'what was there');
      assertEqual(await names(folder), ['a.bin'], 'comparing makes no file');
      const file = await store.open(A, 0, 10);
      await file.write(4, patternBytes(2, 7));
      await file.close();
      assert(store.isDiffering(0), 'it differs now');
      const wanted = patternBytes(10, 1);
      wanted.set(patternBytes(2, 7), 4);
      assertBytes(await readFile(folder, 'a (2).bin'), wanted, 'received');
      assertBytes(await readFile(folder, 'a.bin'), patternBytes(10, 1), 'as it was');
    },
  },
  {
    name: 'remembers after a reload which files are still to be compared, and which were changed',
    async run(open) {
      const { folder, store, again } = await open();
      for (const name of ['same', 'differing', 'changed']) await put(folder, name, patternBytes(6, 1));
      const planned = await store.plan(0, [entry('same', 6), entry('differing', 6), entry('changed', 6)]);
      await receive(store, 1, patternBytes(6, 2));
      await put(folder, 'changed', patternBytes(7, 3));
      const reloaded = again();
      assertEqual(await reloaded.recall(planned), { existing: [0], presentBytes: [6, 6, 0] }, 'recalled');
      assert((await reloaded.existing(0)) !== undefined, 'still there');
      assert((await reloaded.existing(1)) === undefined, 'received already');
      const file = await reloaded.open(A, 1, 6);
      assertBytes(await file.read(0, 6), patternBytes(6, 2), 'what was received before');
      await file.close();
    },
  },
  {
    name: 'plans the same files again as before',
    async run(open) {
      const { folder, store } = await open();
      await put(folder, 'a', patternBytes(1));
      const first = await store.plan(0, [entry('a', 2), entry('b', 2)]);
      assertEqual(await store.plan(0, [entry('a', 2), entry('b', 2)]), first, 'again');
      assertEqual(places(await store.plan(2, [entry('c', 2)])), ['c'], 'the next page');
    },
  },
  {
    name: 'writes into nothing that has appeared since it planned',
    async run(open) {
      const { folder, store } = await open();
      await store.plan(0, [entry('a', 2)]);
      await put(folder, 'a', patternBytes(2, 1));
      await assertRejects(() => store.open(A, 0, 2), 'storage-failed', 'opening');
      assertBytes(await readFile(folder, 'a'), patternBytes(2, 1), 'as it was');
    },
  },
  {
    name: 'removes what it made, empty folders too, and nothing that was there',
    async run(open) {
      const { folder, store } = await open();
      await put(folder, 'a', patternBytes(2, 1));
      await put(await folder.getDirectoryHandle('old', { create: true }), 'mine', patternBytes(1));
      await store.plan(0, [entry('a', 2), entry('x/y/b', 2), entry('old/c', 2)]);
      for (const index of [0, 1, 2]) await receive(store, index, patternBytes(2, 9));
      await store.remove(A);
      assertEqual(await names(folder), ['a', 'old'], 'names');
      assertEqual(await names(await folder.getDirectoryHandle('old')), ['mine'], 'names in old');
      assertBytes(await readFile(folder, 'a'), patternBytes(2, 1), 'as it was');
    },
  },
  {
    name: 'removes one file',
    async run(open) {
      const { folder, store } = await open();
      await store.plan(0, [entry('a', 2), entry('b', 2)]);
      await receive(store, 0, patternBytes(2));
      await receive(store, 1, patternBytes(2));
      await store.removeFile(0);
      await store.removeFile(0);
      assertEqual(await names(folder), ['b'], 'names');
    },
  },
];
