import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockAssembly } from '../../../src/core/transfer/block-assembly.ts';
import { BLOCK_BYTES } from '../../../src/core/transfer/blocks.ts';
import type { ChunkRecord } from '../../../src/core/wire/frames/chunk.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const BYTES = new SeededRandom(4).bytes(1000);
const HASH = new Uint8Array(32).fill(7);

function record(start: number, end: number, hash = end === BYTES.length ? HASH : undefined): ChunkRecord {
  return { number: 1, block: 3, offset: start, payload: BYTES.subarray(start, end), hash };
}

function byte(offset: number): ChunkRecord {
  return { ...record(0, 1), offset };
}

describe('BlockAssembly', () => {
  test('a block in any pieces, in any order, is whole when the last of them is there', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, fc.integer(), (at, seed) => {
        const bounds = [0, ...at.toSorted((a, b) => a - b), BYTES.length];
        const records = bounds.slice(1).map((end, i) => record(bounds[i] ?? 0, end));
        const random = new SeededRandom(seed);
        const assembly = new BlockAssembly();
        while (records.length > 1) {
          const [one] = records.splice(random.between(0, records.length - 1), 1);
          if (one !== undefined) expect(assembly.add(one, BYTES.length, false)).toBeUndefined();
        }
        const [last] = records;
        if (last === undefined) throw new Error('no record');
        const whole = assembly.add(last, BYTES.length, false);
        expect(whole?.bytes).toEqual(BYTES);
        expect(whole?.hash).toEqual(HASH);
      }),
    );
  });

  test('the hash may come first, and alone', () => {
    const assembly = new BlockAssembly();
    expect(assembly.add(record(1000, 1000), 1000, false)).toBeUndefined();
    expect(assembly.add({ ...record(500, 1000), hash: undefined }, 1000, false)).toBeUndefined();
    expect(assembly.add(record(0, 500), 1000, false)?.bytes).toEqual(BYTES);
  });

  test.each([
    ['the same again', [record(0, 10), record(0, 10)]],
    ['an overlap from before', [record(5, 10), record(0, 6)]],
    ['an overlap from behind', [record(5, 10), record(9, 20)]],
    ['one around another', [record(5, 10), record(0, 20)]],
    ['one within another', [record(0, 20), record(5, 10)]],
    ['a second hash', [record(1000, 1000), record(990, 1000)]],
    ['a hash before the end', [record(0, 10, HASH)]],
  ])('bytes that come twice are refused: %s', (_, records) => {
    const assembly = new BlockAssembly();
    const last = records.length - 1;
    for (const one of records.slice(0, last)) assembly.add(one, 1000, false);
    expect(() => assembly.add(records[last] ?? record(0, 1), 1000, false)).toThrow(/twice|ends at/);
  });

  test('in order, a gap is refused', () => {
    expect(() => new BlockAssembly().add(record(1, 10), 1000, true)).toThrow(/expected 0/);
  });

  test('no more than 2048 pieces with gaps between them are kept', () => {
    const assembly = new BlockAssembly();
    for (let piece = 0; piece < 2048; piece++) assembly.add(byte(piece * 2), BLOCK_BYTES, false);
    expect(() => assembly.add(byte(5000), BLOCK_BYTES, false)).toThrow(/pieces/);
    // What fills a gap is fine.
    assembly.add(byte(1), BLOCK_BYTES, false);
    assembly.add(byte(5000), BLOCK_BYTES, false);
  });
});
