import { toHex } from '../../src/core/bytes.ts';
import type { Hasher } from '../../src/ports/crypto.ts';
import { assertEqual } from './contract.ts';
import type { Contract } from './contract.ts';

/** Vectors of FIPS 180-4: NIST's example values for SHA-256. */
const VECTORS: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  ['nothing', new Uint8Array(0), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', new TextEncoder().encode('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'two blocks',
    new TextEncoder().encode('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    'a million a',
    new Uint8Array(1_000_000).fill(0x61),
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  ],
];

export const hasherContract: Contract<Hasher> = [
  {
    name: 'gives the SHA-256 of the example values',
    async run(open) {
      const hasher = await open();
      for (const [what, bytes, digest] of VECTORS) assertEqual(toHex(await hasher.sha256(bytes)), digest, what);
    },
  },
  {
    name: 'hashes only the part that it is given',
    async run(open) {
      const hasher = await open();
      const buffer = new Uint8Array(100).fill(9);
      buffer.set(new TextEncoder().encode('abc'), 50);
      assertEqual(toHex(await hasher.sha256(buffer.subarray(50, 53))), VECTORS[1]?.[2] ?? '', 'abc inside a buffer');
      assertEqual(buffer.length, 100, 'the buffer was not detached');
    },
  },
  {
    name: 'hashes many at the same time',
    async run(open) {
      const hasher = await open();
      const digests = await Promise.all(
        Array.from({ length: 50 }, (_unused, index) =>
          hasher.sha256(VECTORS[index % VECTORS.length]?.[1] ?? new Uint8Array(0)),
        ),
      );
      for (const [index, digest] of digests.entries()) {
        assertEqual(toHex(digest), VECTORS[index % VECTORS.length]?.[2] ?? '', `digest ${index}`);
      }
    },
  },
];
