import { File } from 'node:buffer';
import { expect, test, vi } from 'vitest';
import { droppedFiles } from '../../../src/adapters/files/dropped-files.ts';
import type { PickedItem } from '../../../src/ports/source-picker.ts';
import { fakeDirectory, fakeFile } from '../../support/fake-handles.ts';

vi.stubGlobal('File', File);

interface FakeEntry {
  isFile: boolean;
  isDirectory: boolean;
  fullPath: string;
  file?: (resolve: (file: File) => void, reject: (cause: unknown) => void) => void;
  createReader?: () => { readEntries: (resolve: (batch: FakeEntry[]) => void) => void };
}

function fileEntry(fullPath: string): FakeEntry {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  return { isFile: true, isDirectory: false, fullPath, file: (resolve) => resolve(new File(['x'], name)) };
}

/** Gives its children in batches of 100, as Chromium does. */
function directoryEntry(fullPath: string, children: readonly FakeEntry[]): FakeEntry {
  const createReader = () => {
    const left = [...children];
    return { readEntries: (resolve: (batch: FakeEntry[]) => void) => resolve(left.splice(0, 100)) };
  };
  return { isFile: false, isDirectory: true, fullPath, createReader };
}

/** Like a browser's, it is empty after the event. */
function transferOf(entries: readonly FakeEntry[]): DataTransfer {
  const items = entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }));
  const transfer = { items: [{ kind: 'string' }, ...items], files: [] };
  queueMicrotask(() => transfer.items.splice(0));
  return transfer as unknown as DataTransfer;
}

const paths = (items: readonly PickedItem[]): string[] => items.flatMap(({ files }) => files.map(({ path }) => path));

test('finds everything in dropped folders with its relative path, beyond the first batch, empty folders included', async () => {
  const many = Array.from({ length: 250 }, (_unused, index) => fileEntry(`/dir/many/${index}.bin`));
  const tree = directoryEntry('/dir', [
    directoryEntry('/dir/many', many.toReversed()),
    fileEntry('/dir/a.txt'),
    directoryEntry('/dir/none', [directoryEntry('/dir/none/deeper', [])]),
  ]);
  const found = await droppedFiles(transferOf([fileEntry('/plain.txt'), tree]));
  expect(found.map(({ kind, name }) => [kind, name])).toEqual([
    ['file', 'plain.txt'],
    ['folder', 'dir'],
  ]);
  expect(paths(found)).toHaveLength(253);
  expect(paths(found).slice(0, 4)).toEqual(['plain.txt', 'dir/a.txt', 'dir/many/0.bin', 'dir/many/1.bin']);
  const [last] = found[1]?.files.slice(-1) ?? [];
  expect(last).toEqual({ path: 'dir/none/deeper', file: undefined });
  expect(found[1]?.files[1]?.file?.name).toBe('0.bin');
});

test('takes handles where the browser gives them, and entries for what has none', async () => {
  const handle = fakeDirectory('dir', [fakeFile('b.txt'), fakeDirectory('empty', []), fakeFile('a.txt')]);
  const entry = fileEntry('/picture.png');
  const items = [
    { kind: 'file', getAsFileSystemHandle: async () => handle, webkitGetAsEntry: () => null, getAsFile: () => null },
    { kind: 'file', getAsFileSystemHandle: async () => null, webkitGetAsEntry: () => entry, getAsFile: () => null },
    {
      kind: 'file',
      getAsFileSystemHandle: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
      webkitGetAsEntry: () => null,
      getAsFile: () => new File(['x'], 'plain.txt'),
    },
  ];
  const found = await droppedFiles({ items, files: [] } as unknown as DataTransfer);
  expect(paths(found)).toEqual(['dir/a.txt', 'dir/b.txt', 'dir/empty', 'picture.png', 'plain.txt']);
  expect(found.map((item) => item.handle)).toEqual([handle, undefined, undefined]);
});

test('takes plain files where there are no entries', async () => {
  const file = new File(['x'], 'a.txt');
  const item = { kind: 'file', name: 'a.txt', files: [{ path: 'a.txt', file }] };
  const transfer = { items: [{ kind: 'file', getAsFile: () => file }], files: [file] } as unknown as DataTransfer;
  expect(await droppedFiles(transfer)).toEqual([item]);
  const withoutItems = { items: [], files: [file] } as unknown as DataTransfer;
  expect(await droppedFiles(withoutItems)).toEqual([item]);
});

test('rejects with file-unreadable when one cannot be read', async () => {
  const cause = new DOMException('no', 'NotReadableError');
  const entry: FakeEntry = { ...fileEntry('/a'), file: (_resolve, reject) => reject(cause) };
  await expect(droppedFiles(transferOf([entry]))).rejects.toMatchObject({
    code: 'file-unreadable',
    origin: 'host',
    cause,
  });
});
