import { describe, expect, test } from 'vitest';
import { matchPaths, pickedItems } from '../../src/app/picked-files.ts';
import type { PickedItem } from '../../src/ports/source-picker.ts';

function fileIn(path: string): File {
  const file = new File(['x'], path.slice(path.lastIndexOf('/') + 1));
  return Object.assign(file, { webkitRelativePath: path.includes('/') ? path : '' });
}

function paths(items: readonly PickedItem[]): readonly string[] {
  return items.flatMap(({ files }) => files.map(({ path }) => path));
}

function matched(picked: readonly string[], wanted: readonly string[]): readonly string[] {
  return paths(matchPaths(pickedItems(picked.map(fileIn)), wanted));
}

test('what was picked within a folder is one item, in the order of a walk', () => {
  const items = pickedItems(['b.txt', 'dir/z.txt', 'dir/a/2', 'a.txt', 'dir/a/1'].map(fileIn));
  expect(items.map(({ kind, name }) => [kind, name])).toEqual([
    ['file', 'b.txt'],
    ['folder', 'dir'],
    ['file', 'a.txt'],
  ]);
  expect(paths(items)).toEqual(['b.txt', 'dir/a/1', 'dir/a/2', 'dir/z.txt', 'a.txt']);
});

describe('files that are chosen again', () => {
  const wanted = ['photos/a.jpg', 'photos/b/a.jpg', 'photos/b/c.jpg', 'd.txt'];

  test('keep paths that are wanted', () => {
    expect(matched(wanted, wanted)).toEqual(['photos/a.jpg', 'photos/b/a.jpg', 'photos/b/c.jpg', 'd.txt']);
  });

  test('are found by the folder around them', () => {
    expect(matched(['mine/photos/a.jpg', 'mine/photos/b/c.jpg', 'mine/other.jpg'], wanted)).toEqual([
      'mine/other.jpg',
      'photos/a.jpg',
      'photos/b/c.jpg',
    ]);
  });

  test('are found by the folder inside, and one by one', () => {
    expect(matched(['b/a.jpg', 'c.jpg'], wanted)).toEqual(['photos/b/a.jpg', 'photos/b/c.jpg']);
  });

  test('keep their own path where more than one would fit, or it is taken', () => {
    expect(matched(['a.jpg'], wanted)).toEqual(['a.jpg']);
    expect(matched(['d.txt', 'x/d.txt'], wanted)).toEqual(['d.txt', 'x/d.txt']);
    expect(matched(['x/d.txt', 'y/d.txt'], wanted)).toEqual(['d.txt', 'y/d.txt']);
  });

  test('a hundred thousand of them, none with its old path, take steps in proportion', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `old/${index % 100}/${index}/index.html`);
    const again = many.map((path) => path.replace('old', 'new'));
    // Every ending but the last two names is shared: nothing quadratic would come to an end here.
    expect(
      matched(
        again.map((path) => path.slice(4)),
        many,
      ),
    ).toHaveLength(many.length);
  });
});
