import { afterEach, describe, expect, test, vi } from 'vitest';
import { canPickFolder, pickFolder, saveToFolder } from '../../../src/adapters/files/folder-saver.ts';
import { ownPlace } from '../../../src/core/transfer/store-layout.ts';
import type { SaveEntry } from '../../../src/ports/saver.ts';
import { MemoryDirectory } from '../../support/memory-directory.ts';

afterEach(() => vi.unstubAllGlobals());

const file = (fileIndex: number, path: string): SaveEntry => {
  return { fileIndex, stored: ownPlace(fileIndex, 3), path, sizeBytes: 3, lastModifiedEpochMs: 0 };
};
const TRIP = [
  file(0, 'trip/a.txt'),
  file(1, 'trip/beach/b.txt'),
  { ...file(2, 'trip/none/deep'), sizeBytes: 0, isFolder: true } as const,
];

async function save(
  folder: MemoryDirectory,
  entries: readonly SaveEntry[],
  options: {
    readonly abort?: AbortController;
    readonly progress?: number[];
    readonly blob?: Blob;
    readonly stopsAtOnce?: true;
  } = {},
): Promise<string> {
  return saveToFolder(
    { transferId: 't1', name: 'trip', entries },
    folder as unknown as FileSystemDirectoryHandle,
    async (_transferId, { storedIndex }) => options.blob ?? new Blob([`new${storedIndex}`.slice(-3)]),
    {
      onProgress: (bytes) => {
        options.progress?.push(bytes);
        if (options.stopsAtOnce === true) options.abort?.abort();
      },
      signal: (options.abort ?? new AbortController()).signal,
    },
  );
}

test('makes the tree, with empty folders, and says how far it is', async () => {
  const folder = new MemoryDirectory();
  const progress: number[] = [];
  expect(await save(folder, TRIP, { progress })).toBe('saved');
  expect(folder.list()).toEqual([
    ['trip/', undefined],
    ['trip/a.txt', 'ew0'],
    ['trip/beach/', undefined],
    ['trip/beach/b.txt', 'ew1'],
    ['trip/none/', undefined],
    ['trip/none/deep/', undefined],
  ]);
  expect(progress).toEqual([3, 6]);
});

test('touches nothing that is there: the second trip is trip (2), the third one trip (3)', async () => {
  const folder = new MemoryDirectory();
  await save(folder, TRIP);
  const before = folder.list();
  await save(folder, TRIP, { blob: new Blob(['xyz']) });
  await save(folder, TRIP.slice(0, 1));
  expect(folder.list().slice(0, before.length)).toEqual(before);
  expect(folder.list().slice(before.length)).toEqual([
    ['trip (2)/', undefined],
    ['trip (2)/a.txt', 'xyz'],
    ['trip (2)/beach/', undefined],
    ['trip (2)/beach/b.txt', 'xyz'],
    ['trip (2)/none/', undefined],
    ['trip (2)/none/deep/', undefined],
    ['trip (3)/', undefined],
    ['trip (3)/a.txt', 'ew0'],
  ]);
});

test('numbers a file before its extension, also where a folder has its name', async () => {
  const folder = new MemoryDirectory();
  await folder.getDirectoryHandle('a.tar.gz', { create: true });
  await folder.getFileHandle('.hidden', { create: true });
  await save(folder, [file(0, 'a.tar.gz'), file(1, '.hidden')]);
  expect(folder.list().map(([path]) => path)).toEqual(['a.tar.gz/', '.hidden', 'a.tar (2).gz', '.hidden (2)']);
});

test('gives a name that the browser refuses another ending', async () => {
  const folder = new MemoryDirectory(/\.lnk$/);
  await save(folder, [file(0, 'trip/go.lnk')]);
  expect(folder.list().map(([path]) => path)).toEqual(['trip/', 'trip/go.lnk.download']);
});

test('stops between two writes, and keeps nothing of the file under way', async () => {
  const folder = new MemoryDirectory();
  const abort = new AbortController();
  const twoSlices = new Blob([new Uint8Array(8 * 1024 * 1024 + 1)]);
  const progress: number[] = [];
  expect(
    await save(folder, [file(0, 'large'), file(1, 'never')], { abort, progress, blob: twoSlices, stopsAtOnce: true }),
  ).toBe('stopped');
  expect(progress).toEqual([8 * 1024 * 1024]);
  expect(folder.list()).toEqual([['large', '']]);
});

describe('failures are translated', () => {
  test.each([
    ['QuotaExceededError', 'disk-full'],
    ['NotAllowedError', 'save-failed'],
    ['NoModificationAllowedError', 'save-failed'],
  ])('%s becomes %s', async (name, code) => {
    const folder = new MemoryDirectory();
    const getFileHandle = folder.getFileHandle.bind(folder);
    folder.getFileHandle = async (...args) => {
      const handle = await getFileHandle(...args);
      handle.failure = new DOMException('no', name);
      return handle;
    };
    await expect(save(folder, [file(0, 'a')])).rejects.toMatchObject({ code, origin: 'host' });
  });
});

describe('the picker', () => {
  test('is there where the browser has one', async () => {
    expect(canPickFolder()).toBe(false);
    await expect(pickFolder()).rejects.toMatchObject({ code: 'save-failed' });
    vi.stubGlobal('showDirectoryPicker', async () => 'a folder');
    expect(canPickFolder()).toBe(true);
    expect(await pickFolder()).toBe('a folder');
  });

  test('closed by the person gives nothing; refused by the browser rejects', async () => {
    vi.stubGlobal('showDirectoryPicker', () => Promise.reject(new DOMException('closed', 'AbortError')));
    expect(await pickFolder()).toBeUndefined();
    vi.stubGlobal('showDirectoryPicker', () => Promise.reject(new DOMException('no click', 'SecurityError')));
    await expect(pickFolder()).rejects.toMatchObject({ code: 'save-failed', origin: 'host' });
  });
});
