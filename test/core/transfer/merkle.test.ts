import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/core/bytes.ts';
import { fromHex, toHex } from '../../../src/core/bytes.ts';
import { manifestDigest } from '../../../src/core/transfer/manifest-pages.ts';
import { MerkleTree, resumeToken, TransferRoot } from '../../../src/core/transfer/merkle.ts';
import { Sha256, sha256 } from '../../../src/core/sha256.ts';
import { hashOf } from '../../support/node-hasher.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((value) => new Uint8Array(value));

/** WIRE.md §7, word for word and recursive, with Node's SHA-256. */
function tree(leaves: readonly Bytes[]): Bytes {
  const [first] = leaves;
  if (first === undefined) return hashOf();
  if (leaves.length === 1) return first;
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return hashOf(Uint8Array.of(1), tree(leaves.slice(0, k)), tree(leaves.slice(k)));
}

describe('hashes of the core', { timeout: 60_000 }, () => {
  test('SHA-256 is what Node computes, in one piece and in several', () => {
    fc.assert(
      fc.property(bytes(300), bytes(300), bytes(10), (a, b, c) => {
        expect(toHex(sha256(a, b, c))).toBe(toHex(hashOf(a, b, c)));
      }),
    );
    for (const length of [0, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const input = new Uint8Array(length).fill(0xa5);
      expect(toHex(new Sha256().update(input).digest()), `${length}`).toBe(toHex(hashOf(input)));
    }
  });

  test('a tree built leaf by leaf is the one that WIRE.md defines', () => {
    for (let count = 0; count <= 70; count++) {
      const leaves = Array.from({ length: count }, (_, i) => hashOf(Uint8Array.of(i)));
      const built = new MerkleTree();
      for (const leaf of leaves) built.push(leaf);
      expect(toHex(built.root()), `${count} leaves`).toBe(toHex(tree(leaves)));
    }
  });

  test('the root of the transfer in the vectors', () => {
    const files = [
      { path: 'a/b.txt', sizeBytes: 3, lastModifiedEpochMs: 1_700_000_000_000 },
      { path: 'ñ', sizeBytes: 0, lastModifiedEpochMs: 0 },
    ];
    const block = hashOf(new Uint8Array(Buffer.from('abc')));
    const digest = manifestDigest(files);
    const fileRoots = [
      hashOf(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 3), block),
      hashOf(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0), hashOf()),
    ];
    const root = new TransferRoot();
    root.block(block);
    root.endFile(3);
    root.endFile(0);
    const wanted = hashOf(Uint8Array.of(3, 0, 0, 0, 2), digest, tree(fileRoots));
    expect(toHex(root.finish(digest))).toBe(toHex(wanted));
    expect(toHex(wanted)).toBe('63524473a967810a5d18044da189840daec821aa2269d141244010924d705ce1');
  });

  test('the resume token in the vectors', () => {
    const id = fromHex('000102030405060708090a0b0c0d0e0f') ?? new Uint8Array(0);
    const [sender, receiver] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
    const wanted = hashOf(new Uint8Array(Buffer.from('heliograph resume 1')), sender, receiver, id).subarray(0, 16);
    expect(toHex(resumeToken(sender, receiver, id))).toBe(toHex(wanted));
    expect(toHex(wanted)).toBe('6f2173d4d66f989f885cf545adcc627d');
  });
});
