import { describe, expect, test } from 'vitest';
import { FolderBlockStore } from '../../../src/adapters/storage/folder-block-store.ts';
import { patternBytes } from '../../contracts/assert-bytes.ts';
import { blockStoreContract } from '../../contracts/block-store-contract.ts';
import { folderBlockStores, folderStoreContract, openFolderStore } from '../../contracts/folder-store-contract.ts';
import { MemoryPickedFolder } from '../../support/memory-picked-folder.ts';
import { suite } from '../contract-suite.ts';

const A = 'a0000000000000000000000000000001';
const entry = (path: string, sizeBytes: number) => ({ path, sizeBytes, lastModifiedEpochMs: 0 });

suite('BlockStore: folder', blockStoreContract, async () => {
  const folder = new MemoryPickedFolder('picked');
  return folderBlockStores(folder.handle, folder.disk.maxFileBytes);
});

suite('FolderStore', folderStoreContract, async () => openFolderStore(new MemoryPickedFolder('picked').handle));

async function opened() {
  const folder = new MemoryPickedFolder('picked');
  const store = new FolderBlockStore(folder.handle);
  await store.plan(0, [entry('a', 8)]);
  return { folder, store, file: await store.open(A, 0, 8) };
}

describe('FolderBlockStore', () => {
  test('copies a file once for each flush that is followed by a write', async () => {
    const { folder, file } = await opened();
    for (let i = 0; i < 8; i++) await file.write(i, patternBytes(1, i));
    expect(folder.disk.copiedBytes).toBe(0);
    await file.flush();
    await file.flush();
    await file.write(0, patternBytes(1));
    await file.write(1, patternBytes(1));
    expect(folder.disk.copiedBytes).toBe(8);
    await file.close();
  });

  test('says at the next flush, once, that a failed write took others along, and goes on', async () => {
    const { folder, file } = await opened();
    await file.write(0, patternBytes(4, 1));
    folder.disk.fullWrites = 1;
    await expect(file.write(4, patternBytes(4, 2))).rejects.toMatchObject({ code: 'disk-full', origin: 'host' });
    await expect(file.flush()).rejects.toMatchObject({ code: 'disk-full' });
    await file.write(4, patternBytes(4, 2));
    await file.close();
    expect(folder.files().get('a')).toEqual(Uint8Array.of(0, 0, 0, 0, ...patternBytes(4, 2)));
  });

  test('begins again with a copy of what was there when that was lost', async () => {
    const folder = new MemoryPickedFolder('picked');
    folder.put('a', patternBytes(8, 1));
    const store = new FolderBlockStore(folder.handle);
    await store.plan(0, [entry('a', 8)]);
    const file = await store.open(A, 0, 8);
    folder.disk.fullWrites = 1;
    await expect(file.write(0, patternBytes(4, 2))).rejects.toMatchObject({ code: 'disk-full' });
    await expect(file.close()).rejects.toMatchObject({ code: 'disk-full' });
    const reopened = await store.open(A, 0, 8);
    await reopened.write(0, patternBytes(4, 2));
    await reopened.close();
    expect(folder.files().get('a (2)')).toEqual(Uint8Array.of(...patternBytes(4, 2), ...patternBytes(8, 1).slice(4)));
  });

  test('says folder-refused when the permission is taken back', async () => {
    const { folder, store, file } = await opened();
    await file.write(0, patternBytes(4, 1));
    folder.disk.isAllowed = false;
    const refused = { code: 'folder-refused', origin: 'host' };
    await expect(file.flush()).rejects.toMatchObject(refused);
    await expect(store.plan(1, [entry('b', 1)])).rejects.toMatchObject(refused);
    await expect(store.blob(A, 0)).rejects.toMatchObject(refused);
  });

  test('saves under another name what the browser refuses', async () => {
    const store = new FolderBlockStore(new MemoryPickedFolder('picked').handle);
    const [planned] = await store.plan(0, [entry('a.lnk', 1)]);
    expect(planned?.savePath).toBe('a.lnk_');
  });

  test('a snapshot fails once the file has changed', async () => {
    const folder = new MemoryPickedFolder('picked');
    folder.put('a', patternBytes(8, 1));
    const store = new FolderBlockStore(folder.handle);
    await store.plan(0, [entry('a', 8)]);
    const existing = await store.existing(0);
    const writable = await (await folder.getFileHandle('a')).createWritable();
    await writable.write({ position: 0, data: patternBytes(8, 2) });
    await writable.close();
    await expect(existing?.arrayBuffer()).rejects.toMatchObject({ name: 'NotReadableError' });
    await expect(store.open(A, 0, 8)).rejects.toMatchObject({ code: 'storage-failed' });
    expect([...folder.files().keys()]).toEqual(['a']);
  });
});
