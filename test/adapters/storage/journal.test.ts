import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, test, vi } from 'vitest';
import { IdbJournal } from '../../../src/adapters/storage/idb-journal.ts';
import { journalContract, sampleHeader, samplePage } from '../../contracts/journal-contract.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { suite, uniqueName } from '../contract-suite.ts';

const A = 'a0000000000000000000000000000001';

suite('Journal: memory', journalContract, async () => {
  const journal = new MemoryJournal();
  return { journal, again: async () => journal };
});

suite('Journal: indexeddb', journalContract, async () => {
  const name = uniqueName('journal');
  return { journal: await IdbJournal.open(name), again: () => IdbJournal.open(name) };
});

describe('IdbJournal', () => {
  test('commits every write with strict durability', async () => {
    const journal = await IdbJournal.open(uniqueName('journal'));
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await journal.putTransfer(sampleHeader(A));
    await journal.putManifestPage(A, 0, []);
    await journal.checkpoint(A, [samplePage(0, 1)], sampleHeader(A));
    await journal.deleteTransfer(A);
    const calls = [...transactions.mock.calls];
    transactions.mockRestore();
    expect(calls.map(([, mode, options]) => [mode, options])).toEqual(
      Array.from({ length: 4 }, () => ['readwrite', { durability: 'strict' }]),
    );
  });

  test('writes pages and header of a checkpoint all or nothing when the disk fills up in the middle', async () => {
    const journal = await IdbJournal.open(uniqueName('journal'));
    await journal.putTransfer(sampleHeader(A));
    // oxlint-disable-next-line typescript/unbound-method -- called with its `this` below
    const realPut = IDBObjectStore.prototype.put;
    let puts = 0;
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value,
      key,
    ) {
      puts++;
      if (puts === 3) throw new DOMException('full', 'QuotaExceededError');
      return realPut.call(this, value, key);
    });
    const checkpoint = journal.checkpoint(
      A,
      [samplePage(0, 1), samplePage(1, 1)],
      sampleHeader(A, { storedBlocks: 5 }),
    );
    await expect(checkpoint).rejects.toMatchObject({ code: 'disk-full', origin: 'host' });
    put.mockRestore();
    expect(puts).toBe(3);
    expect(await journal.getBlockPage(A, 0)).toBeUndefined();
    expect((await journal.getTransfer(A))?.storedBlocks).toBe(0);
  });

  test.each([
    ['a string', 'nonsense'],
    ['an empty object', {}],
    ['an unknown state', { ...sampleHeader(A), state: 'paused' }],
    ['a negative count', { ...sampleHeader(A), fileCount: -1 }],
    ['a number as root', { ...sampleHeader(A), root: 5 }],
    ['no manifest digest', { ...sampleHeader(A), manifestDigest: undefined }],
  ])('reports a header that is %s as storage-failed, and can delete it', async (_what, record) => {
    const name = uniqueName('journal');
    const journal = await IdbJournal.open(name);
    const db = await openDB(name);
    await db.put('transfers', record, A);
    await expect(journal.getTransfer(A)).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    await expect(journal.listTransfers()).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    await journal.deleteTransfer(A);
    expect(await journal.listTransfers()).toEqual([]);
    db.close();
  });

  test.each([
    ['short hashes', { ...samplePage(2, 1), hashes: new Uint8Array(31) }],
    ['an array as block map', { ...samplePage(2, 1), blockMap: Array.from({ length: 128 }) }],
    ['another page index', samplePage(3, 1)],
  ])('reports a block page with %s as storage-failed', async (_what, record) => {
    const name = uniqueName('journal');
    const journal = await IdbJournal.open(name);
    const db = await openDB(name);
    await db.put('blockPages', record, [A, 2]);
    await expect(journal.getBlockPage(A, 2)).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    db.close();
  });

  test('reports a manifest page with a file that is none as storage-failed', async () => {
    const name = uniqueName('journal');
    const journal = await IdbJournal.open(name);
    const db = await openDB(name);
    await db.put('manifestPages', [{ path: 'a', sizeBytes: 0.5, lastModifiedEpochMs: 0 }], [A, 0]);
    await expect(journal.getManifestPage(A, 0)).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    db.close();
  });

  test('lets a newer version upgrade at once, and then rejects instead of hanging', async () => {
    const name = uniqueName('journal');
    const journal = await IdbJournal.open(name);
    await journal.putTransfer(sampleHeader(A));
    const newer = await openDB(name, 2);
    expect(await newer.get('transfers', A)).toEqual(sampleHeader(A));
    await expect(journal.getTransfer(A)).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    await expect(IdbJournal.open(name)).rejects.toMatchObject({ code: 'storage-failed', origin: 'host' });
    newer.close();
  });
});
