import 'fake-indexeddb/auto';
import type { DBSchema } from 'idb';
import { openDB } from 'idb';
import { describe, expect, test, vi } from 'vitest';
import { IdbConnection } from '../../../src/adapters/storage/idb-connection.ts';
import type { Upgrade } from '../../../src/adapters/storage/idb-connection.ts';
import { uniqueName } from '../contract-suite.ts';

interface Schema extends DBSchema {
  first: { key: string; value: string };
  second: { key: string; value: string };
}

const version1: readonly Upgrade<Schema>[] = [(db) => void db.createObjectStore('first')];
const version2: readonly Upgrade<Schema>[] = [...version1, (db) => void db.createObjectStore('second')];

describe('IdbConnection', () => {
  test('upgrades step by step and keeps what was there', async () => {
    const name = uniqueName('connection');
    const old = await IdbConnection.open<Schema>(name, version1);
    await old.run('put', (db) => db.put('first', 'kept', 'key'));
    const current = await IdbConnection.open<Schema>(name, version2);
    expect(await current.run('get', (db) => db.get('first', 'key'))).toBe('kept');
    await current.run('put', (db) => db.put('second', 'new', 'key'));
    const fresh = await IdbConnection.open<Schema>(uniqueName('connection'), version2);
    await fresh.run('put', (db) => db.put('second', 'new', 'key'));
    await expect(old.run('get', (db) => db.get('first', 'key'))).rejects.toMatchObject({ code: 'storage-failed' });
  });

  test('finishes what is being written before it makes way for an upgrade', async () => {
    const name = uniqueName('connection');
    const old = await IdbConnection.open<Schema>(name, version1);
    const writing = old.run('put', (db) => db.put('first', 'late', 'key'));
    const current = await IdbConnection.open<Schema>(name, version2);
    await writing;
    expect(await current.run('get', (db) => db.get('first', 'key'))).toBe('late');
  });

  test('gives up when another tab never lets go, and holds nobody up afterwards', async () => {
    const name = uniqueName('connection');
    const stubborn = await openDB(name, 1);
    await expect(IdbConnection.open<Schema>(name, version2, 0)).rejects.toMatchObject({ code: 'storage-failed' });
    stubborn.close();
    const third = await openDB(name, 3);
    expect(third.version).toBe(3);
    third.close();
  });

  test('opens again when the browser has closed the connection', async () => {
    const name = uniqueName('connection');
    const connection = await IdbConnection.open<Schema>(name, version1);
    await connection.run('put', (db) => db.put('first', 'kept', 'key'));
    await connection.run('close', async (db) => db.close());
    expect(await connection.run('get', (db) => db.get('first', 'key'))).toBe('kept');
  });

  test('opens again when the storage process of WebKit is lost, and gives up the second time', async () => {
    const connection = await IdbConnection.open<Schema>(uniqueName('connection'), version1);
    const lost = new DOMException('Connection to Indexed Database server lost. Refresh the page', 'UnknownError');
    const operation = vi.fn().mockRejectedValueOnce(lost).mockResolvedValueOnce('fine');
    expect(await connection.run('get', operation)).toBe('fine');
    const failing = vi.fn().mockRejectedValue(lost);
    await expect(connection.run('get', failing)).rejects.toMatchObject({ code: 'storage-failed', cause: lost });
    expect(failing).toHaveBeenCalledTimes(2);
  });

  test('reports an upgrade that fails, and does not keep half of it', async () => {
    const name = uniqueName('connection');
    const broken: readonly Upgrade<Schema>[] = [
      (db) => {
        db.createObjectStore('first');
        throw new Error('broken upgrade');
      },
    ];
    await expect(IdbConnection.open<Schema>(name, broken)).rejects.toMatchObject({ code: 'storage-failed' });
    const connection = await IdbConnection.open<Schema>(name, version1);
    expect(await connection.run('get', (db) => db.get('first', 'key'))).toBeUndefined();
  });
});
