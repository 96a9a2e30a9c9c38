import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchFiles } from '../../../src/core/transfer/match-files.ts';

const file = (path: string, sizeBytes: number, lastModifiedEpochMs = 1) => ({ path, sizeBytes, lastModifiedEpochMs });

describe('files that were chosen again', () => {
  test('are found by path, in any order', () => {
    const wanted = [file('a/x', 1), file('b/x', 2), file('y', 3)];
    const given = [file('y', 3), file('other', 9), file('b/x', 2), file('a/x', 1)];
    expect(matchFiles(wanted, given)).toEqual({ sources: [3, 2, 0], missing: [], changed: [], touched: [] });
  });

  test('are found by name and size where only one comes into question', () => {
    const wanted = [file('trip/a.jpg', 1), file('trip/b.jpg', 2)];
    expect(matchFiles(wanted, [file('a.jpg', 1), file('b.jpg', 2), file('x/b.jpg', 2)])).toEqual({
      sources: [0, undefined],
      missing: [1],
      changed: [],
      touched: [],
    });
  });

  test('are each taken once, where several have one path, the one that looks most alike', () => {
    const wanted = [file('a', 1), file('a', 2), file('a', 1, 5), file('a', 1)];
    const given = [file('a', 2), file('a', 1), file('a', 1), file('a', 1, 5)];
    expect(matchFiles(wanted, given)).toEqual({ sources: [1, 0, 3, 2], missing: [], changed: [], touched: [] });
  });

  test('are changed with another size, and touched with another time', () => {
    const wanted = [file('a', 1), file('b', 2), file('c', 3)];
    const given = [file('a', 7), file('b', 2, 99), file('c', 3)];
    expect(matchFiles(wanted, given)).toMatchObject({ missing: [], changed: [0], touched: [1] });
  });

  test('are not looked for where they are not wanted', () => {
    expect(matchFiles([file('a', 1), file('b', 2)], [], (index) => index === 1)).toMatchObject({ missing: [1] });
  });

  test('any list of files with different paths matches itself, shuffled', () => {
    const lists = fc.uniqueArray(fc.record({ path: fc.string({ minLength: 1 }), sizeBytes: fc.nat(3) }), {
      selector: ({ path }) => path,
    });
    fc.assert(
      fc.property(lists, fc.func(fc.nat()), (list, rank) => {
        const wanted = list.map(({ path, sizeBytes }) => file(path, sizeBytes));
        const given = wanted.toSorted((a, b) => rank(a.path) - rank(b.path));
        const { sources, missing, changed, touched } = matchFiles(wanted, given);
        expect([missing, changed, touched]).toEqual([[], [], []]);
        expect(sources.map((source) => given[source ?? -1])).toEqual(wanted);
      }),
    );
  });
});
