import { File } from 'node:buffer';
import { expect, test, vi } from 'vitest';
import { droppedFiles } from '../../../src/adapters/files/dropped-files.ts';

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
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fake of the part that is used
  return transfer as unknown as DataTransfer;
}

test('finds every file and every empty folder in dropped folders with its relative path, beyond the first batch', async () => {
  const many = Array.from({ length: 250 }, (_unused, index) => fileEntry(`/dir/many/${index}.bin`));
  const tree = directoryEntry('/dir', [
    fileEntry('/dir/a.txt'),
    directoryEntry('/dir/many', many),
    directoryEntry('/dir/none', []),
  ]);
  const found = await droppedFiles(transferOf([fileEntry('/plain.txt'), tree]));
  expect(found.length).toBe(253);
  expect(found[252]).toEqual({ file: undefined, path: 'dir/none' });
  expect(found.slice(0, 3).map(({ path }) => path)).toEqual(['plain.txt', 'dir/a.txt', 'dir/many/0.bin']);
  expect(found[251]?.path).toBe('dir/many/249.bin');
  expect(found[251]?.file?.name).toBe('249.bin');
});

test('takes plain files where there are no entries', async () => {
  const file = new File(['x'], 'a.txt');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fake of the part that is used
  const transfer = { items: [{ kind: 'file', getAsFile: () => file }], files: [file] } as unknown as DataTransfer;
  expect(await droppedFiles(transfer)).toEqual([{ file, path: 'a.txt' }]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const withoutItems = { items: [], files: [file] } as unknown as DataTransfer;
  expect(await droppedFiles(withoutItems)).toEqual([{ file, path: 'a.txt' }]);
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
