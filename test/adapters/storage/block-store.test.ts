import 'fake-indexeddb/auto';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { IdbBlockStore } from '../../../src/adapters/storage/idb-block-store.ts';
import { openBlockStore } from '../../../src/adapters/storage/open-block-store.ts';
import { OpfsBlockStore } from '../../../src/adapters/storage/opfs-block-store.ts';
import { TransferError } from '../../../src/core/errors.ts';
import { assertBytes, patternBytes } from '../../contracts/assert-bytes.ts';
import { blockStoreContract, blockStoreQuotaContract } from '../../contracts/block-store-contract.ts';
import { MemoryBlockStore } from '../../support/memory-block-store.ts';
import { suite, uniqueName } from '../contract-suite.ts';

const A = 'a0000000000000000000000000000001';

let quotaBytes = 2 ** 40;
vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 0, quota: quotaBytes }) } });
afterAll(() => vi.unstubAllGlobals());

suite('BlockStore: memory', blockStoreContract, async () => {
  const store = new MemoryBlockStore();
  store.quotaBytes = 2 ** 40;
  return { store, again: async () => store };
});

suite('BlockStore with limited room: memory', blockStoreQuotaContract, async () => {
  const store = new MemoryBlockStore();
  return { store, limit: async (bytes: number) => void (store.quotaBytes = bytes) };
});

suite('BlockStore: indexeddb', blockStoreContract, async () => {
  const name = uniqueName('blocks');
  return { store: await IdbBlockStore.open(name), again: () => IdbBlockStore.open(name) };
});

describe('BlockStore: indexeddb, where Blobs are refused', () => {
  for (const fact of blockStoreContract) {
    test(fact.name, async () => {
      // oxlint-disable-next-line typescript/unbound-method -- called with its `this` below
      const put = IDBObjectStore.prototype.put;
      const refusing = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
        this: IDBObjectStore,
        value: unknown,
        key,
      ) {
        if (value instanceof Blob) throw new DOMException('BlobURLs are not yet supported', 'UnknownError');
        return put.call(this, value, key);
      });
      try {
        await fact.run(async () => {
          const name = uniqueName('buffers');
          return { store: await IdbBlockStore.open(name), again: () => IdbBlockStore.open(name) };
        });
      } finally {
        refusing.mockRestore();
      }
    });
  }
});

describe('IdbBlockStore', () => {
  test('commits every write with strict durability', async () => {
    const store = await IdbBlockStore.open(uniqueName('blocks'));
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
    const file = await store.open(A, 0, 10);
    await file.write(0, patternBytes(10));
    await file.close();
    await store.remove(A);
    const writes = transactions.mock.calls.filter(([, mode]) => mode === 'readwrite');
    transactions.mockRestore();
    expect(writes.length).toBe(3);
    for (const [, , options] of writes) expect(options).toEqual({ durability: 'strict' });
  });

  test('translates a quota error while writing to disk-full, with its cause', async () => {
    const store = await IdbBlockStore.open(uniqueName('blocks'));
    const file = await store.open(A, 0, 2_000_000);
    await file.write(0, patternBytes(10));
    const quotaError = new DOMException('full', 'QuotaExceededError');
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw quotaError;
    });
    const failure: unknown = await file.write(0, patternBytes(1_500_000)).catch((cause: unknown) => cause);
    put.mockRestore();
    expect(failure).toBeInstanceOf(TransferError);
    expect(failure).toMatchObject({ code: 'disk-full', origin: 'host', cause: quotaError });
    expect(await file.read(0, 10)).toEqual(patternBytes(10));
  });

  test('refuses to claim more than the estimate leaves, and says so before the first byte', async () => {
    const store = await IdbBlockStore.open(uniqueName('blocks'));
    quotaBytes = 1000;
    await expect(store.open(A, 0, 1001)).rejects.toMatchObject({ code: 'disk-full', origin: 'host' });
    const file = await store.open(A, 0, 1000);
    quotaBytes = 2 ** 40;
    expect(file.sizeBytes).toBe(1000);
  });
});

describe('MemoryBlockStore', () => {
  test('loses in a crash what was not flushed, and frees its files', async () => {
    const store = new MemoryBlockStore();
    const file = await store.open(A, 0, 200_000);
    await file.write(0, patternBytes(100_000, 1));
    await file.flush();
    await file.write(50_000, patternBytes(150_000, 2));
    store.crash();
    await expect(file.read(0, 1)).rejects.toMatchObject({ code: 'storage-failed' });
    const reopened = await store.open(A, 0, 200_000);
    const wanted = new Uint8Array(200_000);
    wanted.set(patternBytes(100_000, 1));
    assertBytes(await reopened.read(0, 200_000), wanted, 'after the crash');
  });

  test('rejects with disk-full when somebody else filled the disk, and keeps what it had', async () => {
    const store = new MemoryBlockStore();
    const file = await store.open(A, 0, 8);
    await file.write(0, patternBytes(4, 1));
    store.quotaBytes = 7;
    await expect(file.write(4, patternBytes(4, 2))).rejects.toMatchObject({ code: 'disk-full', origin: 'host' });
    expect(await file.read(0, 4)).toEqual(patternBytes(4, 1));
    store.quotaBytes = 8;
    await file.write(4, patternBytes(4, 2));
    expect(await file.read(4, 4)).toEqual(patternBytes(4, 2));
  });

  test('fails once, on request, and changes nothing', async () => {
    const store = new MemoryBlockStore();
    const file = await store.open(A, 0, 4);
    store.failNext('write');
    await expect(file.write(0, patternBytes(4))).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    expect(await file.read(0, 4)).toEqual(new Uint8Array(4));
    await file.write(0, patternBytes(4));
    expect(await file.read(0, 4)).toEqual(patternBytes(4));
  });
});

describe('openBlockStore', () => {
  test('takes IndexedDB where there is no OPFS', async () => {
    await expect(OpfsBlockStore.open()).rejects.toMatchObject({ code: 'storage-unavailable', origin: 'host' });
    expect((await openBlockStore()).kind).toBe('indexeddb');
  });

  test('says storage-unavailable where there is neither', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(openBlockStore()).rejects.toMatchObject({ code: 'storage-unavailable', origin: 'host' });
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    await expect(openBlockStore()).rejects.toMatchObject({ code: 'storage-unavailable', origin: 'host' });
  });
});
