import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePaths } from '../../src/core/path-order.ts';

test('keeps what is in a folder together, before what only begins with its name', () => {
  const sorted = ['a', 'a/b', 'a/b/c', 'a/b!', 'a!', 'a.txt', 'a0', 'b'];
  expect(sorted.toReversed().toSorted(comparePaths)).toEqual(sorted);
});

test('is the order of the lists of names', () => {
  const path = fc.array(
    fc.string({ minLength: 1 }).map((name) => name.replaceAll('/', '_')),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(path, path, (a, b) => {
      const at = a.findIndex((name, index) => name !== b[index]);
      const [x, y] = at < 0 ? [a.length, b.length] : [a[at] ?? '', b[at] ?? ''];
      expect(Math.sign(comparePaths(a.join('/'), b.join('/')))).toBe(x === y ? 0 : x < y ? -1 : 1);
    }),
  );
});
