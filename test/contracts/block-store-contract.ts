import type { Bytes } from '../../src/core/bytes.ts';
import type { BlockStore, StoredFile } from '../../src/ports/block-store.ts';
import { assertBytes, patternBytes } from './assert-bytes.ts';
import { assertEqual, assertRejects } from './contract.ts';
import type { Contract } from './contract.ts';

/** A fresh, empty store, and the same disk opened again: by another tab, or after a reload. */
export interface BlockStoreSubject {
  readonly store: BlockStore;
  readonly again: () => Promise<BlockStore>;
  /** `list` always gives nothing. */
  readonly listsNothing?: true;
  /** The longest file that the test's disk can have; without it, above 5 GiB. */
  readonly maxFileBytes?: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const A = 'a0000000000000000000000000000001';
const NEAR_A = 'a000000000000000000000000000001';
const B = 'b0000000000000000000000000000002';

async function blobBytes(store: BlockStore, transferId: string, fileIndex: number): Promise<Bytes> {
  const blob = await store.blob(transferId, fileIndex);
  return new Uint8Array(await blob.arrayBuffer());
}

async function assertList(subject: BlockStoreSubject, wanted: readonly string[], what = 'list'): Promise<void> {
  for (const store of [subject.store, await subject.again()]) {
    assertEqual([...(await store.list())].toSorted(), subject.listsNothing === true ? [] : [...wanted], what);
  }
}

async function withFile(
  store: BlockStore,
  [transferId, fileIndex, sizeBytes]: readonly [string, number, number],
  use: (file: StoredFile) => Promise<void>,
): Promise<void> {
  const file = await store.open(transferId, fileIndex, sizeBytes);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

export const blockStoreContract: Contract<BlockStoreSubject> = [
  {
    name: 'reads what was written, at any offset',
    async run(open) {
      const { store } = await open();
      await withFile(store, [A, 0, 100], async (file) => {
        await file.write(0, patternBytes(10, 1));
        await file.write(90, patternBytes(10, 2));
        assertBytes(await file.read(0, 10), patternBytes(10, 1), 'start');
        assertBytes(await file.read(90, 10), patternBytes(10, 2), 'end');
        assertBytes(await file.read(95, 3), patternBytes(10, 2).slice(5, 8), 'inside');
        assertEqual(file.sizeBytes, 100, 'sizeBytes');
      });
    },
  },
  {
    name: 'reads holes as zeros, never short',
    async run(open) {
      const { store } = await open();
      await withFile(store, [A, 0, 3 * MIB], async (file) => {
        assertBytes(await file.read(0, 5), new Uint8Array(5), 'untouched');
        await file.write(MIB + 7, patternBytes(3));
        const wanted = new Uint8Array(9);
        wanted.set(patternBytes(3), 3);
        assertBytes(await file.read(MIB + 4, 9), wanted, 'around a small write');
        const tail = await file.read(3 * MIB - 4, 4);
        assertBytes(tail, new Uint8Array(4), 'the end');
        assertEqual((await file.read(0, 3 * MIB)).length, 3 * MIB, 'all of it');
      });
    },
  },
  {
    name: 'overwrites exactly the bytes that were written',
    async run(open) {
      const { store } = await open();
      await withFile(store, [A, 0, 2 * MIB], async (file) => {
        const wanted = patternBytes(2 * MIB, 1);
        await file.write(0, wanted);
        for (const [offset, length] of [
          [MIB - 3, 6],
          [5, 1],
          [MIB, MIB],
          [0, 9],
        ] as const) {
          const piece = patternBytes(length, offset + 2);
          wanted.set(piece, offset);
          await file.write(offset, piece);
        }
        assertBytes(await file.read(0, 2 * MIB), wanted, 'after overwriting');
      });
    },
  },
  {
    name: 'leaves the written bytes to the caller, who may reuse them afterwards',
    async run(open) {
      const { store } = await open();
      await withFile(store, [A, 0, 16], async (file) => {
        const buffer = patternBytes(64);
        const piece = buffer.subarray(24, 40);
        const wanted = piece.slice();
        await file.write(0, piece);
        assertEqual(buffer.length, 64, 'the buffer was not detached');
        buffer.fill(0);
        assertBytes(await file.read(0, 16), wanted, 'bytes');
        (await file.read(0, 16)).fill(9);
        assertBytes(await file.read(0, 16), wanted, 'reading gives a copy');
        const into = new Uint8Array(20).fill(7);
        assertBytes(await file.read(0, 16, into), wanted, 'reading into an array');
        assertBytes(into, Uint8Array.of(...wanted, 7, 7, 7, 7), 'the array');
      });
    },
  },
  {
    name: 'keeps concurrent writes to one file and to many',
    async run(open) {
      const { store } = await open();
      const files = await Promise.all([0, 1, 2].map((index) => store.open(A, index, 64 * 64)));
      await Promise.all(
        files.flatMap((file, index) =>
          Array.from({ length: 64 }, (_unused, piece) => file.write(piece * 64, patternBytes(64, 100 * index + piece))),
        ),
      );
      for (const [index, file] of files.entries()) {
        for (let piece = 0; piece < 64; piece++) {
          assertBytes(
            await file.read(piece * 64, 64),
            patternBytes(64, 100 * index + piece),
            `file ${index}, ${piece}`,
          );
        }
        await file.close();
      }
    },
  },
  {
    name: 'keeps files with near-miss keys apart',
    async run(open) {
      const subject = await open();
      const { store } = subject;
      const keys = [
        [A, 0],
        [A, 1],
        [A, 10],
        [A, 11],
        [NEAR_A, 0],
        [NEAR_A, 10],
        [B, 0],
      ] as const;
      for (const [index, key] of keys.entries()) {
        await withFile(store, [key[0], key[1], 4], (file) => file.write(0, patternBytes(4, index + 1)));
      }
      for (const [index, key] of keys.entries()) {
        assertBytes(await blobBytes(store, key[0], key[1]), patternBytes(4, index + 1), key.join('/'));
      }
      await store.remove(NEAR_A);
      assertBytes(await blobBytes(store, A, 10), patternBytes(4, 3), 'after removing its neighbour');
      await assertList(subject, [A, B], 'list after removing');
    },
  },
  {
    name: 'keeps bytes and size when opened again, by itself and by another store',
    async run(open) {
      const { store, again } = await open();
      await withFile(store, [A, 3, MIB + 1], async (file) => {
        await file.write(MIB - 1, patternBytes(2));
        await file.flush();
      });
      for (const reopened of [store, await again()]) {
        await withFile(reopened, [A, 3, MIB + 1], async (file) => {
          assertBytes(await file.read(MIB - 1, 2), patternBytes(2), 'bytes');
          assertBytes(await file.read(0, 2), new Uint8Array(2), 'hole');
        });
        assertEqual((await reopened.blob(A, 3)).size, MIB + 1, 'size');
      }
    },
  },
  {
    name: 'grows and cuts a file that is opened again with another size',
    async run(open) {
      const { store } = await open();
      await withFile(store, [A, 0, 10], (file) => file.write(0, patternBytes(10)));
      await withFile(store, [A, 0, 5], async (file) =>
        assertBytes(await file.read(0, 5), patternBytes(10).slice(0, 5), 'cut'),
      );
      assertEqual((await store.blob(A, 0)).size, 5, 'size when cut');
      const wanted = new Uint8Array(MIB + 10);
      wanted.set(patternBytes(10).slice(0, 5));
      await withFile(store, [A, 0, MIB + 10], async (file) => {
        assertBytes(await file.read(0, MIB + 10), wanted, 'grown');
      });
      assertEqual((await store.blob(A, 0)).size, MIB + 10, 'size when grown');
    },
  },
  {
    name: 'gives one opener at a time, and the file is free after close',
    async run(open) {
      const { store, again } = await open();
      const other = await again();
      const first = await store.open(A, 0, 8);
      await first.write(0, patternBytes(8));
      await assertRejects(() => store.open(A, 0, 8), 'storage-failed', 'second opener');
      await assertRejects(() => other.open(A, 0, 8), 'storage-failed', 'second opener in another store');
      await assertRejects(() => other.open(A, 0, 4), 'storage-failed', 'second opener with another size');
      await withFile(other, [A, 1, 8], async (file) => assertEqual(file.sizeBytes, 8, 'another file is free'));
      assertBytes(await first.read(0, 8), patternBytes(8), 'bytes after refused openers');
      await first.close();
      await first.close();
      await withFile(other, [A, 0, 8], async (file) => assertBytes(await file.read(0, 8), patternBytes(8), 'bytes'));
    },
  },
  {
    name: 'refuses every use of a closed file, and any range outside it, as a local mistake',
    async run(open) {
      const { store } = await open();
      const file = await store.open(A, 0, 10);
      await file.write(10, new Uint8Array(0));
      assertBytes(await file.read(10, 0), new Uint8Array(0), 'nothing at the end');
      await assertRejects(() => file.write(9, new Uint8Array(2)), 'internal', 'writing past the end');
      await assertRejects(() => file.write(-1, new Uint8Array(1)), 'internal', 'writing before the start');
      await assertRejects(() => file.write(0.5, new Uint8Array(1)), 'internal', 'writing at a fraction');
      await assertRejects(() => file.read(5, 6), 'internal', 'reading past the end');
      await assertRejects(() => file.read(0, -1), 'internal', 'reading a negative length');
      await file.close();
      await assertRejects(() => file.write(0, new Uint8Array(1)), 'internal', 'writing when closed');
      await assertRejects(() => file.read(0, 1), 'internal', 'reading when closed');
      await assertRejects(() => file.flush(), 'internal', 'flushing when closed');
    },
  },
  {
    name: 'refuses keys and sizes that could mean anything else',
    async run(open) {
      const subject = await open();
      const { store } = subject;
      for (const transferId of ['', '.', '..', 'a/b', 'A', 'a.b', 'ä', 'a'.repeat(65)]) {
        await assertRejects(() => store.open(transferId, 0, 1), 'internal', `transferId ${transferId}`);
        await assertRejects(() => store.blob(transferId, 0), 'internal', `blob of ${transferId}`);
        await assertRejects(() => store.remove(transferId), 'internal', `removing ${transferId}`);
      }
      for (const fileIndex of [-1, 0.5, Number.NaN, 2 ** 53]) {
        await assertRejects(() => store.open(A, fileIndex, 1), 'internal', `fileIndex ${fileIndex}`);
      }
      for (const sizeBytes of [-1, 0.5, Number.NaN, 2 ** 53]) {
        await assertRejects(() => store.open(A, 0, sizeBytes), 'internal', `sizeBytes ${sizeBytes}`);
      }
      await assertList(subject, []);
    },
  },
  {
    name: 'keeps an empty file',
    async run(open) {
      const subject = await open();
      const { store } = subject;
      await withFile(store, [A, 0, 0], async (file) => {
        await file.write(0, new Uint8Array(0));
        assertBytes(await file.read(0, 0), new Uint8Array(0), 'bytes');
        await file.flush();
      });
      assertEqual((await store.blob(A, 0)).size, 0, 'size');
      await assertList(subject, [A]);
    },
  },
  {
    name: 'gives a blob that equals the bytes, with holes, in pieces and whole',
    async run(open) {
      const { store } = await open();
      const sizeBytes = 4 * MIB + 5;
      const wanted = new Uint8Array(sizeBytes);
      wanted.set(patternBytes(MIB, 1), 0);
      wanted.set(patternBytes(100, 2), 2 * MIB + 50);
      wanted.set(patternBytes(5, 3), 4 * MIB);
      await withFile(store, [A, 0, sizeBytes], async (file) => {
        await file.write(4 * MIB, patternBytes(5, 3));
        await file.write(2 * MIB + 50, patternBytes(100, 2));
        await file.write(0, patternBytes(MIB, 1));
        await file.flush();
      });
      assertBytes(await blobBytes(store, A, 0), wanted, 'the whole blob');
      const piece = (await store.blob(A, 0)).slice(2 * MIB + 40, 2 * MIB + 70);
      assertBytes(new Uint8Array(await piece.arrayBuffer()), wanted.slice(2 * MIB + 40, 2 * MIB + 70), 'a slice');
    },
  },
  {
    name: 'rejects a blob that does not exist with storage-failed',
    async run(open) {
      const { store } = await open();
      await assertRejects(() => store.blob(A, 0), 'storage-failed', 'no transfer');
      await withFile(store, [A, 0, 1], async () => undefined);
      await assertRejects(() => store.blob(A, 1), 'storage-failed', 'no file');
      await assertRejects(() => store.blob(NEAR_A, 0), 'storage-failed', 'a near-miss transfer');
    },
  },
  {
    name: 'removes all files of a transfer and nothing else, and is content when there is nothing',
    async run(open) {
      const subject = await open();
      const { store } = subject;
      await store.remove(A);
      for (const fileIndex of [0, 1, 12])
        await withFile(store, [A, fileIndex, 4], (file) => file.write(0, patternBytes(4)));
      await withFile(store, [B, 0, 4], (file) => file.write(0, patternBytes(4, 7)));
      await store.remove(A);
      await store.remove(A);
      await assertList(subject, [B]);
      await assertRejects(() => store.blob(A, 0), 'storage-failed', 'a removed file');
      await withFile(store, [A, 0, 4], async (file) =>
        assertBytes(await file.read(0, 4), new Uint8Array(4), 'new file'),
      );
      assertBytes(await blobBytes(store, B, 0), patternBytes(4, 7), 'the other transfer');
    },
  },
  {
    name: 'does not remove a transfer while one of its files is open',
    async run(open) {
      const subject = await open();
      const { store, again } = subject;
      const other = await again();
      await withFile(store, [A, 0, 4], async (file) => {
        await file.write(0, patternBytes(4));
        await assertRejects(() => other.remove(A), 'storage-failed', 'removing');
        assertBytes(await file.read(0, 4), patternBytes(4), 'bytes');
      });
      await other.remove(A);
      await assertList(subject, []);
    },
  },
  {
    name: 'keeps bytes beyond 4 GiB',
    async run(open) {
      const { store, maxFileBytes } = await open();
      const sizeBytes = Math.min(5 * GIB + 3, maxFileBytes ?? Number.POSITIVE_INFINITY);
      const far = maxFileBytes === undefined ? 4 * GIB : Math.floor(sizeBytes * 0.8);
      try {
        await withFile(store, [A, 0, sizeBytes], async (file) => {
          await file.write(sizeBytes - 8, patternBytes(8, 1));
          await file.write(far - 4, patternBytes(8, 2));
          assertBytes(await file.read(sizeBytes - 8, 8), patternBytes(8, 1), 'the end');
          assertBytes(await file.read(far - 4, 8), patternBytes(8, 2), 'across 4 GiB');
          assertBytes(await file.read(sizeBytes - far - 8, 8), new Uint8Array(8), 'the same offset modulo 4 GiB');
        });
      } finally {
        await store.remove(A);
      }
    },
  },
  {
    name: 'rejects what can never fit with disk-full, and leaves nothing behind',
    async run(open) {
      const subject = await open();
      const { store } = subject;
      await assertRejects(() => store.open(A, 0, 2 ** 53 - 1), 'disk-full', '8 PiB');
      await assertList(subject, []);
      await assertRejects(() => store.blob(A, 0), 'storage-failed', 'the file');
      await withFile(store, [A, 0, 4], (file) => file.write(0, patternBytes(4)));
      await assertRejects(() => store.open(A, 0, 2 ** 53 - 1), 'disk-full', 'growing to 8 PiB');
      assertBytes(await blobBytes(store, A, 0), patternBytes(4), 'the file that could not grow');
    },
  },
];

/** A store whose room can be limited. */
export interface LimitedBlockStoreSubject {
  readonly store: BlockStore;
  /** From now on there is room for this many bytes in all. Called before anything is stored: browsers cache what is left. */
  readonly limit: (bytes: number) => Promise<void>;
}

export const blockStoreQuotaContract: Contract<LimitedBlockStoreSubject> = [
  {
    name: 'rejects with disk-full when a claim finds no room, and works again after removing',
    async run(open) {
      const { store, limit } = await open();
      await limit(8 * MIB);
      await withFile(store, [A, 0, 4 * MIB], (file) => file.write(0, patternBytes(4 * MIB)));
      await assertRejects(() => store.open(B, 0, 8 * MIB), 'disk-full', 'claiming');
      assertEqual(await store.list(), [A], 'list');
      await store.remove(A);
      await withFile(store, [B, 0, 4 * MIB], (file) => file.write(0, patternBytes(4 * MIB)));
      await store.remove(B);
    },
  },
];
