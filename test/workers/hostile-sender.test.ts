import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { HostilePeer } from '../support/hostile-peer.ts';
import {
  BLOCK,
  entry,
  join,
  resumeToken,
  sha256,
  u16,
  u8,
  utf8,
  wire,
  WireTransfer,
  zeros,
} from '../support/hostile-wire.ts';
import type { Lie } from '../support/lies.ts';
import { expectEnding, ID, ID_BYTES, SMALL } from '../support/lies.ts';
import { SeededRandom } from '../support/seeded-random.ts';

/*
 * A peer that speaks WIRE.md, written from that document alone, lies to an honest device as the sender of a transfer.
 * Each lie names the rule that it breaks. Nothing but the stated end may come of it.
 */
const MALFORMED = { error: 'malformed-frame' };
const VIOLATION = { error: 'protocol-violation' };
const LIMIT = { error: 'limit-exceeded' };

/** Credit is not worth a frame before it is this much: an eighth of what was granted at first. */
const CREDIT_STEP_BYTES = 4 * BLOCK;
/** 40 blocks of one file. */
const LONG = new WireTransfer(ID_BYTES, [{ path: 'long', bytes: new SeededRandom(3).bytes(40 * BLOCK) }]);
const MANY_ENTRIES = Array.from({ length: 100 }, (_, i) => entry(`file ${i}`, 0));

/** Says all of it once HELLO is over. */
const says =
  (...frames: readonly Bytes[]) =>
  async (peer: HostilePeer) => {
    await peer.connect();
    await peer.say(...frames);
  };
const saysData =
  (...frames: readonly Bytes[]) =>
  async (peer: HostilePeer) => {
    await peer.connect();
    await peer.sayData(...frames);
  };

/** The transfer was offered, and accepted. */
async function accepted(peer: HostilePeer, transfer = SMALL): Promise<void> {
  await peer.connect();
  await peer.say(transfer.offer(1), wire.manifest(1, 0, transfer.entries));
  expect(peer.last('accept')).toEqual(wire.accept(1));
}
const acceptedThenData =
  (...frames: readonly Bytes[]) =>
  async (peer: HostilePeer) => {
    await accepted(peer);
    await peer.sayData(...frames);
  };
const acceptedThen =
  (...frames: readonly Bytes[]) =>
  async (peer: HostilePeer) => {
    await accepted(peer);
    await peer.say(...frames);
  };

/** An offer of one entry, with what is wrong about it. */
function badEntry(bytes: Bytes, totalBytes = 0): (peer: HostilePeer) => Promise<void> {
  const blockCount = Math.ceil(totalBytes / BLOCK);
  const offer = wire.offer({ number: 1, id: ID_BYTES, fileCount: 1, totalBytes, blockCount, digest: sha256(bytes) });
  return says(offer, wire.manifest(1, 0, [bytes]));
}

const LINK_LIES: readonly Lie[] = [
  { rule: '§4.1 no LANE without its capability', ends: VIOLATION, tell: says(join(u8(0x48), u16(1), u16(1), u8(0))) },
  { rule: '§4.1 no LANE_ACK without it', ends: VIOLATION, tell: says(join(u8(0x49), u16(0), zeros(8))) },
  { rule: '§4.1 no LANE_END without it', ends: VIOLATION, tell: says(join(u8(0x4a), u16(1), zeros(8))) },
  { rule: '§4.12 there is no LANE 0', ends: MALFORMED, tell: says(join(u8(0x48), u16(0), u16(1), u8(0))) },
  { rule: '§4.12 a LANE has a ticket', ends: MALFORMED, tell: says(join(u8(0x48), u16(1), u16(0))) },
  { rule: '§4.14 the first lane has no LANE_END', ends: MALFORMED, tell: says(join(u8(0x4a), u16(0), zeros(8))) },
  { rule: '§1 a message without bytes is malformed', ends: MALFORMED, tell: says(zeros(0)) },
  { rule: '§1 so it is on the data channel', ends: MALFORMED, tell: saysData(zeros(0)) },
  { rule: '§1 CHUNK does not come on the control channel', ends: MALFORMED, tell: says(SMALL.chunk(1, 0)) },
  { rule: '§1 nothing else comes on the data channel', ends: MALFORMED, tell: saysData(wire.ping(1)) },
  { rule: '§2 no trailing bytes', ends: MALFORMED, tell: says(join(wire.ping(1), u8(0))) },
  { rule: '§2 no missing bytes', ends: MALFORMED, tell: says(wire.ping(1).subarray(0, 3)) },
  { rule: '§2 unknown types below 0x80 are malformed', ends: MALFORMED, tell: says(Uint8Array.of(0x30, 1, 2)) },
  { rule: '§2 so are reserved ones that no capability allows', ends: MALFORMED, tell: says(Uint8Array.of(0x7f)) },
  { rule: '§2 types from 0x80 on are ignored', ends: 'goes on', tell: says(Uint8Array.of(0x80, 1), u8(0xff)) },
  { rule: '§3 a control frame has at most 65 536 bytes', ends: MALFORMED, tell: says(join(u8(0x80), zeros(65_536))) },
  {
    rule: '§3 a data frame has at most maxFrameBytes',
    ends: LIMIT,
    tell: async (peer) => {
      await accepted(peer, LONG);
      const payload = LONG.blocks[0]?.subarray(0, 262_144 - 15) ?? zeros(0);
      await peer.sayData(wire.chunk({ number: 1, block: 0, payload }));
    },
  },
  { rule: '§4.1 HELLO comes first', ends: VIOLATION, tell: async (peer) => void (await peer.connect(wire.ping(1))) },
  {
    rule: '§4.1 no CHUNK before HELLO',
    ends: VIOLATION,
    tell: async (peer) => {
      await peer.connect(undefined);
      await peer.sayData(SMALL.chunk(1, 0));
    },
  },
  { rule: '§4.1 HELLO comes once', ends: VIOLATION, tell: says(wire.hello()) },
  {
    rule: '§4.1 magic',
    ends: MALFORMED,
    tell: async (peer) => void (await peer.connect(wire.hello({ magic: 0x484c494e }))),
  },
  {
    rule: '§4.1 minVersion is not above maxVersion',
    ends: MALFORMED,
    tell: async (peer) => void (await peer.connect(wire.hello({ min: 2, max: 1 }))),
  },
  {
    rule: '§4.1 maxFrameBytes is at least 16 384',
    ends: VIOLATION,
    tell: async (peer) => void (await peer.connect(wire.hello({ maxFrameBytes: 16_383 }))),
  },
  {
    rule: '§4.1 no common version',
    ends: { error: 'protocol-version' },
    tell: async (peer) => void (await peer.connect(wire.hello({ min: 2, max: 9 }))),
  },
  {
    rule: '§4.1 a HELLO that is longer is a newer one',
    ends: 'goes on',
    tell: async (peer) => void (await peer.connect(join(wire.hello({ max: 7 }), zeros(9)))),
  },
  { rule: '§4.3 a PONG that was not asked for is ignored', ends: 'goes on', tell: says(wire.pong(9)) },
  { rule: '§4.4 CREDIT is never lower', ends: VIOLATION, tell: says(wire.credit(9), wire.credit(8)) },
  { rule: '§2 u53 is at most 2^53−1', ends: MALFORMED, tell: says(wire.credit(2n ** 53n)) },
  { rule: '§3 RESUME has at least one token', ends: MALFORMED, tell: says(wire.resume()) },
  {
    rule: '§3 RESUME has at most 256 tokens',
    ends: MALFORMED,
    tell: says(wire.resume(...Array.from({ length: 257 }, () => zeros(16)))),
  },
  {
    rule: '§3 4096 tokens on a link',
    ends: LIMIT,
    tell: says(...Array.from({ length: 17 }, () => wire.resume(...Array.from({ length: 256 }, () => zeros(16))))),
  },
];

const OFFER_LIES: readonly Lie[] = [
  { rule: '§2 transfer numbers begin at 1', ends: MALFORMED, tell: says(SMALL.offer(0)) },
  {
    rule: '§5.1 number is above all earlier ones',
    ends: VIOLATION,
    tell: says(SMALL.offer(2), wire.cancel(2, 0), SMALL.offer(2, { id: zeros(16) })),
  },
  { rule: '§3 at least one file', ends: MALFORMED, tell: says(SMALL.offer(1, { fileCount: 0 })) },
  { rule: '§3 10 million files', ends: LIMIT, tell: says(SMALL.offer(1, { fileCount: 10_000_000 })) },
  { rule: '§3 2^60 bytes', ends: MALFORMED, tell: says(SMALL.offer(1, { totalBytes: 2n ** 60n })) },
  {
    rule: '§3 a text is one file',
    ends: LIMIT,
    tell: says(SMALL.offer(1, { kind: 1, fileCount: 2 })),
  },
  {
    rule: '§3 a text has at most 262 144 bytes',
    ends: LIMIT,
    tell: says(SMALL.offer(1, { kind: 1, fileCount: 1, totalBytes: 262_145 })),
  },
  {
    rule: '§3 64 transfers at once',
    ends: LIMIT,
    tell: says(...Array.from({ length: 65 }, (_, i) => SMALL.offer(i + 1, { id: zeros(16).fill(i) }))),
  },
  {
    rule: '§5.1 a known id is offered `again`',
    ends: VIOLATION,
    tell: async (peer) => {
      await accepted(peer);
      await peer.hangUp();
      await says(SMALL.offer(1))(peer);
    },
  },
  {
    rule: '§5.1 not while it has a number on this link',
    ends: VIOLATION,
    tell: acceptedThen(SMALL.offer(2, { flags: 1 })),
  },
  {
    rule: '§5.1 an `again` with other counts is declined',
    ends: { decline: 'source-changed' },
    tell: async (peer) => {
      await accepted(peer);
      await peer.hangUp();
      await says(SMALL.offer(1, { flags: 1, totalBytes: 11 }))(peer);
    },
  },
  {
    rule: '§5.1 an `again` with another digest is declined',
    ends: { decline: 'source-changed' },
    tell: async (peer) => {
      await accepted(peer);
      await peer.hangUp();
      await says(SMALL.offer(1, { flags: 1, digest: zeros(32) }))(peer);
    },
  },
  { rule: '§5.2 MANIFEST after OFFER', ends: VIOLATION, tell: says(wire.manifest(1, 0, SMALL.entries)) },
  {
    rule: '§5.2 firstFile is the number of entries sent',
    ends: VIOLATION,
    tell: says(SMALL.offer(1), wire.manifest(1, 1, SMALL.entries)),
  },
  {
    rule: '§5.2 a page has an entry',
    ends: MALFORMED,
    tell: says(SMALL.offer(1), wire.manifest(1, 0, [])),
  },
  {
    rule: '§5.2 count is that of the entries',
    ends: MALFORMED,
    tell: says(SMALL.offer(1), wire.manifest(1, 0, SMALL.entries, 65_535)),
  },
  {
    rule: '§5.2 a page has at most 16 384 bytes',
    ends: LIMIT,
    tell: says(
      SMALL.offer(1, { fileCount: 9 }),
      wire.manifest(
        1,
        0,
        Array.from({ length: 9 }, (_, i) => entry(utf8(`${i}`.repeat(2000)), 0)),
      ),
    ),
  },
  { rule: '§3 a path has a byte', ends: MALFORMED, tell: badEntry(join(entry('', 0), u8(1))) },
  { rule: '§3 a path has at most 4096 bytes', ends: MALFORMED, tell: badEntry(entry('p'.repeat(4097), 0)) },
  { rule: '§5.2 pathLength is that of the path', ends: MALFORMED, tell: badEntry(entry('abc', 0, { pathLength: 4 })) },
  { rule: '§2 text is well-formed UTF-8', ends: MALFORMED, tell: badEntry(entry(Uint8Array.of(0xc0, 0x80), 0)) },
  { rule: '§5.2 a folder has no bytes', ends: MALFORMED, tell: badEntry(entry('folder', 1, { flags: 1 }), 1) },
  { rule: '§3 a file of 2^60 bytes', ends: MALFORMED, tell: badEntry(entry('a', 2n ** 60n)) },
  {
    rule: '§5.2 sizes add up to what OFFER said, not more',
    ends: VIOLATION,
    tell: badEntry(entry('a', 2n ** 53n - 1n), 5),
  },
  { rule: '§5.2 nor less', ends: VIOLATION, tell: badEntry(entry('a', 4), 5) },
  {
    rule: '§5.2 blocks add up to what OFFER said',
    ends: VIOLATION,
    tell: says(SMALL.offer(1, { blockCount: 3 }), wire.manifest(1, 0, SMALL.entries)),
  },
  {
    rule: '§5.2 the digest matches',
    ends: VIOLATION,
    tell: says(SMALL.offer(1, { digest: zeros(32) }), wire.manifest(1, 0, SMALL.entries)),
  },
  {
    rule: '§5.2 no more entries than OFFER said',
    ends: VIOLATION,
    tell: says(SMALL.offer(1, { fileCount: 2 }), wire.manifest(1, 0, SMALL.entries)),
  },
  {
    rule: '§5.2 nor after the last',
    ends: VIOLATION,
    tell: acceptedThen(wire.manifest(1, 3, [entry('d', 0)])),
  },
  {
    rule: '§3 64 pages wait for MANIFEST_ACK',
    ends: LIMIT,
    tell: async (peer) => {
      peer.device.acceptsAll = false;
      const offer = wire.offer({
        number: 1,
        id: ID_BYTES,
        fileCount: 1_000_000,
        totalBytes: 0,
        blockCount: 0,
        digest: zeros(32),
      });
      const pages = Array.from({ length: 65 }, (_, page) => wire.manifest(1, page * 100, MANY_ENTRIES));
      await says(offer, ...pages)(peer);
    },
  },
];

const CHUNK_LIES: readonly Lie[] = [
  { rule: '§8 no CHUNK of what was never offered', ends: VIOLATION, tell: acceptedThenData(SMALL.chunk(2, 0)) },
  {
    rule: '§8 no CHUNK before ACCEPT',
    ends: VIOLATION,
    tell: async (peer) => {
      peer.device.acceptsAll = false;
      await says(SMALL.offer(1), wire.manifest(1, 0, SMALL.entries))(peer);
      await peer.sayData(SMALL.chunk(1, 0));
    },
  },
  {
    rule: '§5.3 no block of a file that is not known yet',
    ends: VIOLATION,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 2, payload: utf8('x'), hash: zeros(32) })),
  },
  {
    rule: '§6 offset is what was sent so far: no gap',
    ends: VIOLATION,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0, offset: 1, payload: utf8('b') })),
  },
  {
    rule: '§6 nor twice',
    ends: VIOLATION,
    tell: acceptedThenData(
      join(
        wire.chunk({ number: 1, block: 0, payload: utf8('a') }),
        wire.chunk({ number: 1, block: 0, payload: utf8('a') }),
      ),
    ),
  },
  {
    rule: '§6 no block is longer than its file says',
    ends: VIOLATION,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0, payload: utf8('abcd'), hash: sha256(utf8('abcd')) })),
  },
  {
    rule: '§6 LAST is at the end of the block, not before',
    ends: VIOLATION,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0, payload: utf8('ab'), hash: sha256(utf8('ab')) })),
  },
  {
    rule: '§6 LAST may come on an empty record after it',
    ends: 'goes on',
    tell: async (peer) => {
      await acceptedThenData(
        wire.chunk({ number: 1, block: 0, payload: utf8('abc') }),
        wire.chunk({ number: 1, block: 0, offset: 3, hash: sha256(utf8('abc')) }),
        SMALL.chunk(1, 1),
      )(peer);
      await peer.say(wire.root(1, SMALL.root));
      expect(peer.last('verified')).toEqual(wire.verified(1, SMALL.root));
    },
  },
  {
    rule: '§6 a record without LAST has payload',
    ends: MALFORMED,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0 })),
  },
  {
    rule: '§6 other flags are 0',
    ends: MALFORMED,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0, payload: utf8('abc'), flags: 2 })),
  },
  {
    rule: '§6 length is that of the payload',
    ends: MALFORMED,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0, payload: utf8('abc'), length: 2 ** 32 - 1 })),
  },
  {
    rule: '§6 the hash follows LAST',
    ends: MALFORMED,
    tell: acceptedThenData(wire.chunk({ number: 1, block: 0, payload: utf8('abc'), flags: 1 })),
  },
  {
    rule: '§3 32 blocks are begun at once',
    ends: LIMIT,
    tell: async (peer) => {
      await accepted(peer, LONG);
      await peer.sayData(
        ...Array.from({ length: 33 }, (_, block) => wire.chunk({ number: 1, block, payload: utf8('x') })),
      );
    },
  },
  {
    rule: '§4.4 no payload above the limit',
    ends: LIMIT,
    tell: async (peer) => {
      await accepted(peer, LONG);
      // Nothing is on disk, so nothing is given back.
      peer.device.faults.isStalled = true;
      for (let block = 0; block < 32; block++) await sendBlock(peer, block);
      expect(peer.error).toBeUndefined();
      await peer.sayData(wire.chunk({ number: 1, block: 32, payload: utf8('x') }));
    },
  },
  {
    rule: '§6 a block that is there already is dropped, and its credit given back',
    ends: 'goes on',
    tell: async (peer) => {
      await accepted(peer, LONG);
      const before = peer.creditBytes;
      for (let again = 0; again < 9; again++) await sendBlock(peer, 0);
      expect(peer.creditBytes).toBeGreaterThan(before + 9 * BLOCK - CREDIT_STEP_BYTES);
      expect(peer.device.writes.get(`${ID}/0/0`)).toBe(1);
    },
  },
  {
    rule: '§5.9 what does not match its hash is asked for again, twice; then it is hopeless',
    ends: { halt: 'block-corrupt' },
    tell: async (peer) => {
      await accepted(peer);
      const lie = wire.chunk({ number: 1, block: 0, payload: utf8('abc'), hash: zeros(32) });
      await peer.sayData(lie);
      expect(peer.all('retry')).toEqual([wire.retry(1, 0)]);
      await peer.sayData(lie);
      expect(peer.all('retry')).toHaveLength(2);
      await peer.sayData(lie);
      expect(peer.all('retry')).toHaveLength(2);
      expect(peer.device.failures.get(ID)).toBe('block-corrupt');
    },
  },
];

const END_LIES: readonly Lie[] = [
  {
    rule: '§8 no ROOT before ACCEPT',
    ends: VIOLATION,
    tell: async (peer) => {
      peer.device.acceptsAll = false;
      await says(SMALL.offer(1), wire.manifest(1, 0, SMALL.entries), wire.root(1, SMALL.root))(peer);
    },
  },
  {
    rule: '§5.11 ROOT comes once',
    ends: VIOLATION,
    tell: acceptedThen(wire.root(1, SMALL.root), wire.root(1, SMALL.root)),
  },
  {
    rule: '§7 the root is that of the files',
    ends: { halt: 'root-mismatch' },
    tell: async (peer) => {
      await acceptedThenData(SMALL.chunk(1, 0), SMALL.chunk(1, 1))(peer);
      await peer.say(wire.root(1, zeros(32)));
      expect(peer.device.failures.get(ID)).toBe('root-mismatch');
    },
  },
  {
    rule: '§5.14 no WITHDRAW before ACCEPT',
    ends: VIOLATION,
    tell: async (peer) => {
      peer.device.acceptsAll = false;
      await says(SMALL.offer(1), wire.manifest(1, 0, SMALL.entries), wire.withdraw(1, 0))(peer);
    },
  },
  { rule: '§5.14 no WITHDRAW of a file that is not known', ends: VIOLATION, tell: acceptedThen(wire.withdraw(1, 3)) },
  {
    rule: '§5.14 a file is withdrawn once, and said again',
    ends: 'goes on',
    tell: async (peer) => {
      await acceptedThen(wire.withdraw(1, 0), wire.withdraw(1, 0))(peer);
      await peer.sayData(SMALL.chunk(1, 0));
      expect(peer.device.events.filter(({ type }) => type === 'file')).toHaveLength(1);
      expect(peer.device.writes.size).toBe(0);
    },
  },
  { rule: '§5.16 no CONFIRM of what was not claimed', ends: VIOLATION, tell: acceptedThen(wire.confirm(1, [0])) },
  { rule: '§3 a CONFIRM names a block', ends: MALFORMED, tell: acceptedThen(wire.confirm(1, [])) },
  {
    rule: '§3 a CONFIRM names at most 256 blocks',
    ends: MALFORMED,
    tell: acceptedThen(
      wire.confirm(
        1,
        Array.from({ length: 257 }, () => 0),
      ),
    ),
  },
  { rule: '§5.13 role is 0 or 1', ends: MALFORMED, tell: acceptedThen(wire.pause(1, 2, 1)) },
  { rule: '§5.13 isPaused is 0 or 1', ends: MALFORMED, tell: acceptedThen(wire.pause(1, 0, 2)) },
  {
    rule: '§5.13 the same PAUSE twice changes nothing',
    ends: 'goes on',
    tell: async (peer) => {
      await acceptedThen(wire.pause(1, 0, 1), wire.pause(1, 0, 1))(peer);
      expect(peer.device.states.get(ID)).toBe('paused');
      await peer.say(wire.pause(1, 0, 0));
      expect(peer.device.states.get(ID)).toBe('running');
    },
  },
  { rule: '§5.7 role is 0 or 1', ends: MALFORMED, tell: acceptedThen(wire.cancel(1, 2)) },
  { rule: '§5.8 role is 0 or 1', ends: MALFORMED, tell: acceptedThen(wire.halt(1, 2, 0)) },
  { rule: '§8 no CANCEL of what was never offered', ends: VIOLATION, tell: acceptedThen(wire.cancel(2, 0)) },
  { rule: '§8 no HALT of what was never offered', ends: VIOLATION, tell: acceptedThen(wire.halt(2, 0, 9)) },
  {
    rule: '§8 what ended is ignored, and its credit given back',
    ends: 'goes on',
    tell: async (peer) => {
      await accepted(peer, LONG);
      await peer.say(wire.cancel(1, 0));
      const before = peer.creditBytes;
      for (let block = 0; block < 9; block++) await sendBlock(peer, block);
      await peer.say(wire.root(1, zeros(32)), wire.cancel(1, 0), wire.halt(1, 0, 9));
      expect(peer.creditBytes).toBeGreaterThan(before + 9 * BLOCK - CREDIT_STEP_BYTES);
      expect(peer.device.states.get(ID)).toBe('cancelled');
    },
  },
  {
    rule: '§5.8 a HALT of an unknown code is a violation of the transfer only',
    ends: 'goes on',
    tell: async (peer) => {
      await acceptedThen(wire.halt(1, 0, 200))(peer);
      expect(peer.device.failures.get(ID)).toBe('protocol-violation');
    },
  },
];

/** The block in frames that the device accepts. */
async function sendBlock(peer: HostilePeer, block: number, transfer = LONG): Promise<void> {
  const bytes = transfer.blocks[block] ?? zeros(0);
  const part = 200_000;
  for (let offset = 0; offset < bytes.length; offset += part) {
    const payload = bytes.subarray(offset, offset + part);
    const hash = offset + part >= bytes.length ? { hash: sha256(bytes) } : {};
    await peer.sayData(wire.chunk({ number: 1, block, offset, payload, ...hash }));
  }
}

describe('a sender by the book', () => {
  test('gets its receipt, resumes, and gets it again', async () => {
    const peer = await new HostilePeer().connect();
    expect(peer.creditBytes).toBe(32 * BLOCK);
    await peer.say(wire.ping(0xdeadbeef));
    expect(peer.last('pong')).toEqual(wire.pong(0xdeadbeef));
    await peer.say(SMALL.offer(1), wire.manifest(1, 0, SMALL.entries));
    expect(peer.last('manifestAck')).toEqual(wire.manifestAck(1, 3));
    await peer.sayData(SMALL.chunk(1, 1));
    await peer.hangUp();

    const nonce = zeros(16).fill(9);
    await peer.connect(wire.hello({ nonce }));
    expect(peer.last('resume')).toEqual(wire.resume(resumeToken(nonce, peer.nonce, ID_BYTES)));
    await peer.say(SMALL.offer(1, { flags: 1 }));
    expect(peer.last('have')).toEqual(wire.have(1, 0, join(u8(0b10), zeros(127))));
    await peer.sayData(SMALL.chunk(1, 0));
    await peer.say(wire.root(1, SMALL.root));
    expect(peer.last('verified')).toEqual(wire.verified(1, SMALL.root));
    expect(peer.device.roots.get(ID)).toBe(Buffer.from(SMALL.root).toString('hex'));

    await peer.connect();
    await peer.say(SMALL.offer(1, { flags: 1 }));
    expect(peer.all('accept')).toEqual([]);
    expect(peer.last('verified')).toEqual(wire.verified(1, SMALL.root));
  });
});

describe.each([
  { about: 'the link', lies: LINK_LIES },
  { about: 'an offer', lies: OFFER_LIES },
  { about: 'blocks', lies: CHUNK_LIES },
  { about: 'the end', lies: END_LIES },
])('a sender that lies about $about', ({ lies }) => {
  test.each(lies.map((lie) => [lie.rule, lie] as const))('%s', async (_, lie) => expectEnding(new HostilePeer(), lie));
});
