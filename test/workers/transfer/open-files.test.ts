import { describe, expect, test } from 'vitest';
import { OpenFiles } from '../../../src/workers/transfer/open-files.ts';
import { MemoryBlockStore } from '../../support/memory-block-store.ts';

const ID = '0123456789abcdef'.repeat(2);
const BYTES = Uint8Array.of(1, 2, 3, 4);

async function written(): Promise<{ readonly store: MemoryBlockStore; readonly files: OpenFiles }> {
  const store = new MemoryBlockStore();
  const files = new OpenFiles(store);
  await files.write(ID, 0, BYTES.length, (file) => file.write(0, BYTES));
  return { store, files };
}

describe('OpenFiles', () => {
  test('what could not be flushed when its file was closed is flushed by the next attempt, or refused again', async () => {
    const { store, files } = await written();
    store.failNext('flush');
    store.failNext('flush');
    await expect(files.close(ID)).rejects.toMatchObject({ code: 'storage-failed' });
    store.failNext('flush');
    await expect(files.flush(ID)).rejects.toMatchObject({ code: 'storage-failed' });
    await files.flush(ID);
    store.crash();
    expect(store.contents(ID, 0)).toEqual(BYTES);
  });

  test('a flush that fails once does not keep a file from being closed', async () => {
    const { store, files } = await written();
    store.failNext('flush');
    await files.close(ID);
    await (await store.open(ID, 0, BYTES.length)).close();
    store.crash();
    expect(store.contents(ID, 0)).toEqual(BYTES);
  });

  test('a file that is opened again while all are being closed is not closed under its user', async () => {
    const { store, files } = await written();
    const closing = files.close(ID);
    const reading = files.write(ID, 0, BYTES.length, async (file) => {
      await closing;
      return file.read(0, BYTES.length);
    });
    expect(await reading).toEqual(BYTES);
    store.crash();
    expect(store.contents(ID, 0)).toEqual(BYTES);
  });

  test('a file that is being closed, because too many are open, is flushed before a checkpoint all the same', async () => {
    const store = new MemoryBlockStore();
    const files = new OpenFiles(store);
    const indexes = Array.from({ length: 65 }, (_, index) => index);
    for (const index of indexes.slice(0, 64))
      await files.write(ID, index, BYTES.length, (file) => file.write(0, BYTES));
    store.failNext('flush');
    // Nothing awaits the close of the oldest that this begins.
    await files.write(ID, 64, BYTES.length, (file) => file.write(0, BYTES));
    await files.flush(ID);
    store.crash();
    expect(indexes.map((index) => store.contents(ID, index))).toEqual(indexes.map(() => BYTES));
  });

  test('what is going to be deleted is closed without a flush', async () => {
    const { store, files } = await written();
    store.failNext('flush');
    await files.abandon(ID);
    await store.remove(ID);
    expect(await store.list()).toEqual([]);
  });
});
