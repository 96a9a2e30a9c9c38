import { readFileSync } from 'node:fs';
import { checkedBlockPage, checkedHeader, checkedManifestFiles } from '../../src/adapters/storage/journal-records.ts';
import type { Bytes } from '../../src/core/bytes.ts';
import { fromHex } from '../../src/core/bytes.ts';
import { readChunkRecords } from '../../src/core/wire/frames/chunk.ts';
import { entry, join, u16, u8, wire, zeros } from './hostile-wire.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Every frame of WIRE.md §10. */
const VECTORS = [
  ...readFileSync(new URL('../../src/core/wire/WIRE.md', import.meta.url), 'utf8').matchAll(/^(\w+) ([0-9a-f]+) \{/gm),
].map(([, name = '', hex = '']) => ({ name, bytes: fromHex(hex) ?? zeros(0) }));

/** The same, as long as each may be. */
const LONG_FRAMES: readonly Bytes[] = [
  wire.have(1, 0, zeros(64 * 128)),
  wire.resume(...Array.from({ length: 256 }, () => zeros(16))),
  wire.manifest(
    1,
    0,
    Array.from({ length: 700 }, (_, i) => entry(`${i}`, i)),
  ),
  wire.manifest(
    1,
    0,
    Array.from({ length: 4 }, (_, i) => entry('ñ'.repeat(2000) + i, i)),
  ),
  wire.claim(
    1,
    Array.from({ length: 256 }, (_, block) => ({ block, hash: zeros(32) })),
  ),
  wire.confirm(
    1,
    Array.from({ length: 256 }, (_, block) => block),
  ),
  wire.error(3, zeros(512).fill(0x41)),
];
const CONTROL_FRAMES = VECTORS.filter(({ name }) => name !== 'chunk').map(({ bytes }) => bytes);
const DATA_FRAMES = [
  ...VECTORS.filter(({ name }) => name === 'chunk').map(({ bytes }) => bytes),
  join(
    ...Array.from({ length: 200 }, (_, block) => wire.chunk({ number: 1, block, payload: zeros(5), hash: zeros(32) })),
  ),
  wire.chunk({ number: 1, block: 0, payload: zeros(60_000) }),
];
/** What a count or a length may say that is not so. */
const ODD_NUMBERS: readonly Bytes[] = [
  u8(0),
  u8(0xff),
  u16(0),
  u16(0x7fff),
  u16(0xffff),
  zeros(4).fill(0xff),
  zeros(8).fill(0xff),
];

/** A frame of the control channel, most of them near to one that is legal. */
export function anyControlFrame(random: SeededRandom): Bytes {
  if (random.chance(0.05)) return random.bytes(random.between(0, 200));
  if (random.chance(0.1)) return join(u8(random.between(0, 255)), random.bytes(random.between(0, 80)));
  return damaged(random.pick(random.chance(0.1) ? LONG_FRAMES : CONTROL_FRAMES), random);
}

/** A frame of the data channel. */
export function anyDataFrame(random: SeededRandom): Bytes {
  if (random.chance(0.05)) return random.bytes(random.between(0, 200));
  return damaged(random.pick(random.chance(0.1) ? DATA_FRAMES : DATA_FRAMES.slice(0, 1)), random);
}

/** Reads all records. @returns their payloads and hashes */
export function chunkRecords(frame: Bytes): unknown {
  const records: unknown[] = [];
  readChunkRecords(frame, (record) => records.push(record));
  return records;
}

function damaged(original: Bytes, random: SeededRandom): Bytes {
  let bytes = original.slice();
  for (let edits = random.between(0, 3); edits > 0; edits--) {
    // Counts and lengths are at the front.
    const at = random.between(0, random.chance(0.5) ? Math.min(24, bytes.length) : bytes.length);
    const end = Math.min(bytes.length, at + random.between(1, 40));
    switch (random.between(0, 5)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes = join(bytes.subarray(0, at), bytes.subarray(end));
        break;
      case 2:
        bytes = join(bytes.subarray(0, end), bytes.subarray(at));
        break;
      case 3: {
        const odd = random.pick(ODD_NUMBERS);
        bytes = join(bytes.subarray(0, at), odd, bytes.subarray(Math.min(bytes.length, at + odd.length)));
        break;
      }
      case 4:
        bytes = join(bytes, random.bytes(random.between(1, 40)));
        break;
      default:
        if (at < bytes.length) bytes[at] = random.between(0, 255);
    }
  }
  return bytes;
}

const HEADER = {
  transferId: 'ab'.repeat(16),
  direction: 'sending',
  kind: 'files',
  state: 'active',
  createdEpochMs: 1,
  fileCount: 2,
  totalBytes: 3,
  blockCount: 1,
  storedBlocks: 1,
  peerFingerprint: '',
  manifestDigest: 'cd'.repeat(32),
  root: 'ef'.repeat(32),
  isForAnyPeer: true,
  withdrawn: [1],
};
const FILE = { path: 'a/b', sizeBytes: 3, lastModifiedEpochMs: 0, isFolder: true };
const PAGE = { pageIndex: 0, blockMap: zeros(128), hashes: zeros(32_768) };
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  10n,
  '',
  'x',
  [],
  [1, 'x'],
  [-1],
  {},
  zeros(0),
  zeros(128),
  Symbol('odd'),
  () => 0,
  new Date(0),
];

/** What a damaged disk, or another version of the app, may have left in the journal. */
export const JOURNAL_DECODERS = [
  { name: 'checkedHeader', make: anyRecord(HEADER), run: (value: unknown) => checkedHeader(value, 'read') },
  {
    name: 'checkedManifestFiles',
    make: (random: SeededRandom) =>
      random.chance(0.05)
        ? random.pick(ODD_VALUES)
        : Array.from({ length: random.between(0, 4) }, () => anyRecord(FILE)(random)),
    run: (value: unknown) => checkedManifestFiles(value, 'fuzz', 'read'),
  },
  { name: 'checkedBlockPage', make: anyRecord(PAGE), run: (value: unknown) => checkedBlockPage(value, 'fuzz', 'read') },
] as const;

function anyRecord(sample: object): (random: SeededRandom) => unknown {
  return (random) => {
    if (random.chance(0.05)) return random.pick(ODD_VALUES);
    const record = new Map<string, unknown>(Object.entries(sample));
    for (let edits = random.between(0, 2); edits > 0; edits--) {
      const key = random.pick([...record.keys(), 'other']);
      if (random.chance(0.3)) record.delete(key);
      else record.set(key, random.pick(ODD_VALUES));
    }
    return Object.fromEntries(record);
  };
}
