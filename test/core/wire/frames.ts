import * as fc from 'fast-check';
import type { Bytes } from '../../../src/core/bytes.ts';
import { concatBytes } from '../../../src/core/bytes.ts';
import type { ControlFrame } from '../../../src/core/wire/control-frame.ts';
import { encodeManifestEntry } from '../../../src/core/wire/frames/manifest.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u53 = fc.maxSafeNat();
const number = fc.integer({ min: 1, max: 0xffff });
const id = bytes(16).map((value) => Buffer.from(value).toString('hex'));
const code = fc.constantFrom('internal', 'disk-full', 'block-corrupt', 'protocol-version', 'source-changed');
const role = fc.constantFrom('sender', 'receiver');

function bytes(length: number): fc.Arbitrary<Bytes> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value));
}

const someTicket = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((value) => new Uint8Array(value));

const entry = fc.record({
  path: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
  sizeBytes: u53,
  lastModifiedEpochMs: u53,
});

const folder = fc
  .tuple(entry, fc.boolean())
  .map(([any, isFolder]) => (isFolder ? Object.assign(any, { sizeBytes: 0, isFolder: true as const }) : any));

const manifest = fc
  .tuple(number, u32, fc.array(folder, { minLength: 1, maxLength: 5 }))
  .map(([transfer, firstFile, files]) => ({
    name: 'manifest' as const,
    number: transfer,
    firstFile,
    files,
    encodedEntries: concatBytes(...files.map(encodeManifestEntry)),
  }));

const anyOffer = fc.record({
  name: fc.constant('offer' as const),
  isAgain: fc.boolean(),
  number,
  kind: fc.nat(255),
  transferId: id,
  fileCount: fc.integer({ min: 1, max: 1_000_000 }),
  totalBytes: u53,
  blockCount: u32,
  manifestDigest: bytes(32),
});

const offer = anyOffer.map((any) =>
  any.kind === 1 ? Object.assign(any, { fileCount: 1, totalBytes: any.totalBytes % 262_145 }) : any,
);

const hello = fc
  .tuple(u16, u16, u32, fc.integer({ min: 16_384, max: 0xffff_ffff }), id)
  .map(([one, other, capabilities, maxFrameBytes, nonce]) => ({
    name: 'hello' as const,
    minVersion: Math.min(one, other),
    maxVersion: Math.max(one, other),
    capabilities,
    maxFrameBytes,
    nonce,
  }));

const have = fc
  .tuple(number, u32, fc.integer({ min: 1, max: 64 }), fc.nat(255))
  .map(([transfer, firstPage, pages, fill]) => ({
    name: 'have' as const,
    number: transfer,
    firstPage,
    blockMap: new Uint8Array(128 * pages).fill(fill),
  }));

/** Any control frame that a well-behaved peer may send. */
export const anyControlFrame: fc.Arbitrary<ControlFrame> = fc.oneof(
  hello,
  offer,
  manifest,
  have,
  fc.record({ name: fc.constant('error'), code, message: fc.string({ maxLength: 100, unit: 'grapheme' }) }),
  fc.record({ name: fc.constantFrom('ping', 'pong'), token: u32 }),
  fc.record({ name: fc.constant('credit'), limitBytes: u53 }),
  fc.record({ name: fc.constant('resume'), tokens: fc.array(id, { minLength: 1, maxLength: 256 }) }),
  fc.record({ name: fc.constant('manifestAck'), number, filesKnown: u32 }),
  fc.record({ name: fc.constant('accept'), number }),
  fc.record({ name: fc.constant('commit'), commitment: bytes(32) }),
  fc.record({ name: fc.constant('reveal'), nonce: bytes(32), isBySight: fc.boolean() }),
  fc.record({ name: fc.constant('key'), nonce: bytes(32), flags: fc.nat(255) }),
  fc.record({
    name: fc.constant('standby'),
    standbys: fc.uniqueArray(fc.record({ id, ticket: someTicket }), { maxLength: 4, selector: (one) => one.id }),
  }),
  fc.record({ name: fc.constant('restart'), round: number, ticket: someTicket }),
  fc.record({ name: fc.constant('known'), tokens: fc.array(id, { maxLength: 64 }) }),
  fc.record({ name: fc.constant('bye'), reason: fc.constantFrom('ended', 'leaving') }),
  fc.record({ name: fc.constant('decline'), number, code: fc.option(code, { nil: undefined }) }),
  fc.record({ name: fc.constant('cancel'), number, role }),
  fc.record({ name: fc.constant('halt'), number, role, code }),
  fc.record({ name: fc.constant('retry'), number, block: u32 }),
  fc.record({ name: fc.constant('pause'), number, role, isPaused: fc.boolean() }),
  fc.record({ name: fc.constant('withdraw'), number, fileIndex: u32 }),
  fc.record({
    name: fc.constant('claim'),
    number,
    claims: fc.array(fc.record({ block: u32, hash: bytes(32) }), { minLength: 1, maxLength: 256 }),
  }),
  fc.record({ name: fc.constant('confirm'), number, blocks: fc.array(u32, { minLength: 1, maxLength: 256 }) }),
  fc.record({ name: fc.constant('progress'), number, receivedBytes: u53 }),
  fc.record({ name: fc.constantFrom('root', 'verified'), number, root: bytes(32) }),
  fc.record({ name: fc.constant('lane'), lane: number, ticket: bytes(70) }),
  fc.record({ name: fc.constant('laneAck'), lane: u16, frames: u53 }),
  fc.record({ name: fc.constant('laneEnd'), lane: number, frames: u53 }),
);
