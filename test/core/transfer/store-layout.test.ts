import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../../src/core/transfer/blocks.ts';
import { FileTable } from '../../../src/core/transfer/file-table.ts';
import { storedPlaces } from '../../../src/core/transfer/store-layout.ts';

const sizes = fc.array(fc.oneof(fc.nat(9000), fc.nat(2 * BLOCK_BYTES), fc.constantFrom(0, BLOCK_BYTES)), {
  maxLength: 200,
});
const asFiles = (list: readonly number[]) => list.map((sizeBytes) => ({ sizeBytes }));

describe('the layout of the store', () => {
  test('gives each file of a few a stored file of its own', () => {
    expect(storedPlaces(asFiles([5, 0, BLOCK_BYTES]), 3)).toEqual([
      { storedIndex: 0, storedBytes: 5, offset: 0 },
      { storedIndex: 1, storedBytes: 0, offset: 0 },
      { storedIndex: 2, storedBytes: BLOCK_BYTES, offset: 0 },
    ]);
  });

  test('puts ten thousand small files into few', () => {
    const places = storedPlaces(asFiles(Array.from({ length: 10_000 }, () => 4096)), 10_000);
    expect(new Set(places.map(({ storedIndex }) => storedIndex)).size).toBe(10);
  });

  test('no two files overlap, and each fits where it is', () => {
    fc.assert(
      fc.property(sizes, (list) => {
        const ends = new Map<number, number>();
        for (const [index, place] of storedPlaces(asFiles(list), list.length).entries()) {
          const sizeBytes = list[index] ?? 0;
          if (sizeBytes === 0) continue;
          expect(place.offset).toBeGreaterThanOrEqual(ends.get(place.storedIndex) ?? 0);
          ends.set(place.storedIndex, place.offset + sizeBytes);
          expect(place.offset + sizeBytes).toBeLessThanOrEqual(place.storedBytes);
        }
      }),
    );
  });

  test('is the same from a list that is complete and from one that is still arriving', () => {
    fc.assert(
      fc.property(sizes, (list) => {
        const table = new FileTable(list.length);
        for (const [index, sizeBytes] of list.entries()) {
          table.add({ path: `f${index}`, sizeBytes, lastModifiedEpochMs: 0 });
          expect(table.storedPlace(index)).toEqual(storedPlaces(asFiles(list), list.length)[index]);
        }
      }),
      { numRuns: 30 },
    );
  });
});
