import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { HostilePeer, viewOf } from '../support/hostile-peer.ts';
import { BLOCK, join, resumeToken, sha256, utf8, wire, WireTransfer, zeros } from '../support/hostile-wire.ts';
import type { Lie } from '../support/lies.ts';
import { expectEnding, ID, ID_BYTES } from '../support/lies.ts';
import { SeededRandom } from '../support/seeded-random.ts';

/*
 * The same peer, written from WIRE.md alone, lies to an honest device as the receiver of what that has to send. Each lie
 * names the rule that it breaks. Nothing but the stated end may come of it.
 */
const MALFORMED = { error: 'malformed-frame' };
const VIOLATION = { error: 'protocol-violation' };
const LIMIT = { error: 'limit-exceeded' };

const FILES = [
  { path: 'a/b.txt', bytes: utf8('abc') },
  { path: 'c', bytes: utf8('another') },
];
/** What the device should make of them. `MemorySource` has this modification time. */
const MODIFIED = 1_700_000_000_000;
const LONG_FILES = [{ path: 'long', bytes: new SeededRandom(3).bytes(40 * BLOCK) }];
const CREDIT = wire.credit(32 * BLOCK);

/** The device has offered the files, with number 1, and all of its manifest. */
async function offered(peer: HostilePeer, files = FILES): Promise<void> {
  await peer.connect();
  await peer.offersMe(files, ID);
  expect(peer.last('offer')?.subarray(0, 21)).toEqual(join(Uint8Array.of(0x10, 0, 1, 0, 0), ID_BYTES));
  expect(peer.last('manifest')).toBeDefined();
}
const offeredThen =
  (...frames: readonly Bytes[]) =>
  async (peer: HostilePeer) => {
    await offered(peer);
    await peer.say(...frames);
  };

/** All was accepted, and sent. */
async function sent(peer: HostilePeer): Promise<void> {
  await offered(peer);
  await peer.say(CREDIT, wire.manifestAck(1, 2), wire.accept(1));
  expect(peer.heardData.length).toBeGreaterThan(0);
  expect(peer.last('root')).toBeDefined();
}
const sentThen =
  (...frames: readonly Bytes[]) =>
  async (peer: HostilePeer) => {
    await sent(peer);
    await peer.say(...frames);
  };

/** A page of the block map with these bytes first. */
const page = (...bytes: readonly number[]) => join(Uint8Array.from(bytes), zeros(128 - bytes.length));

const LIES: readonly Lie[] = [
  { rule: '§8 no ACCEPT of what was never offered', ends: VIOLATION, tell: offeredThen(wire.accept(2)) },
  { rule: '§8 no HAVE of what was never offered', ends: VIOLATION, tell: offeredThen(wire.have(2, 0, page(0))) },
  { rule: '§8 no MANIFEST_ACK of what was never offered', ends: VIOLATION, tell: offeredThen(wire.manifestAck(2, 0)) },
  { rule: '§8 no VERIFIED of what was never offered', ends: VIOLATION, tell: offeredThen(wire.verified(2, zeros(32))) },
  { rule: '§8 no CANCEL of what was never offered', ends: VIOLATION, tell: offeredThen(wire.cancel(2, 1)) },
  { rule: '§5.5 trailing bytes', ends: MALFORMED, tell: offeredThen(join(wire.accept(1), zeros(1))) },
  { rule: '§5.3 not more entries than were sent', ends: VIOLATION, tell: offeredThen(wire.manifestAck(1, 3)) },
  {
    rule: '§5.3 never lower than before',
    ends: VIOLATION,
    tell: offeredThen(wire.manifestAck(1, 2), wire.manifestAck(1, 1)),
  },
  {
    rule: '§5.3 the first one after `again` is at most fileCount',
    ends: VIOLATION,
    tell: async (peer) => {
      await sent(peer);
      await peer.hangUp();
      const nonce = zeros(16).fill(3);
      await peer.connect(wire.hello({ nonce }));
      await peer.say(wire.resume(resumeToken(peer.nonce, nonce, ID_BYTES)));
      expect(peer.last('offer')?.[3]).toBe(1);
      expect(peer.last('manifest')).toBeUndefined();
      await peer.say(wire.manifestAck(1, 3));
    },
  },
  { rule: '§5.4 no bits at or above blockCount', ends: VIOLATION, tell: offeredThen(wire.have(1, 0, page(0b100))) },
  { rule: '§5.4 nor in pages far beyond', ends: VIOLATION, tell: offeredThen(wire.have(1, 2 ** 32 - 1, page(1))) },
  { rule: '§5.4 whole pages only', ends: MALFORMED, tell: offeredThen(wire.have(1, 0, zeros(127))) },
  { rule: '§5.4 at most 64 pages', ends: MALFORMED, tell: offeredThen(wire.have(1, 0, zeros(65 * 128))) },
  { rule: '§5.4 HAVE comes before ACCEPT', ends: VIOLATION, tell: sentThen(wire.have(1, 0, page(1))) },
  { rule: '§8 a second ACCEPT', ends: VIOLATION, tell: sentThen(wire.accept(1)) },
  { rule: '§5.6 DECLINE comes before ACCEPT', ends: VIOLATION, tell: sentThen(wire.decline(1, 0)) },
  {
    rule: '§5.9 no RETRY before ACCEPT',
    ends: VIOLATION,
    tell: offeredThen(wire.manifestAck(1, 2), wire.retry(1, 0)),
  },
  {
    rule: '§5.9 no RETRY of a block that was not sent',
    ends: VIOLATION,
    tell: offeredThen(wire.have(1, 0, page(1)), CREDIT, wire.manifestAck(1, 2), wire.accept(1), wire.retry(1, 0)),
  },
  { rule: '§5.9 no RETRY of a block that there is not', ends: VIOLATION, tell: sentThen(wire.retry(1, 2)) },
  {
    rule: '§5.9 a block is sent again twice, not more',
    ends: VIOLATION,
    tell: sentThen(wire.retry(1, 0), wire.retry(1, 0), wire.retry(1, 0)),
  },
  { rule: '§5.10 PROGRESS is at most totalBytes', ends: VIOLATION, tell: sentThen(wire.progress(1, 11)) },
  { rule: '§5.10 PROGRESS of 2^60', ends: MALFORMED, tell: sentThen(wire.progress(1, 2n ** 60n)) },
  {
    rule: '§5.12 no VERIFIED before ROOT',
    ends: VIOLATION,
    tell: offeredThen(wire.manifestAck(1, 2), wire.accept(1), wire.verified(1, zeros(32))),
  },
  {
    rule: '§5.12 a receipt for another root fails the transfer',
    ends: 'goes on',
    tell: async (peer) => {
      await sentThen(wire.verified(1, zeros(32)))(peer);
      expect(peer.device.states.get(ID)).toBe('failed');
      expect(peer.device.failures.get(ID)).toBe('root-mismatch');
    },
  },
  {
    rule: '§5.12 a receipt for another root in answer to an OFFER, too',
    ends: 'goes on',
    tell: async (peer) => {
      await offeredThen(wire.verified(1, zeros(32)))(peer);
      expect(peer.device.failures.get(ID)).toBe('root-mismatch');
    },
  },
  { rule: '§5.15 a CLAIM has a claim', ends: MALFORMED, tell: offeredThen(wire.claim(1, [])) },
  {
    rule: '§5.15 no CLAIM of a block that there is not',
    ends: VIOLATION,
    tell: offeredThen(wire.manifestAck(1, 2), wire.claim(1, [{ block: 2, hash: zeros(32) }])),
  },
  {
    rule: '§5.15 no CLAIM of a file that is not known',
    ends: VIOLATION,
    tell: offeredThen(wire.claim(1, [{ block: 0, hash: zeros(32) }])),
  },
  {
    rule: '§5.15 no CLAIM of what a HAVE named',
    ends: VIOLATION,
    tell: offeredThen(wire.manifestAck(1, 2), wire.have(1, 0, page(1)), wire.claim(1, [{ block: 0, hash: zeros(32) }])),
  },
  {
    rule: '§5.15 each block once',
    ends: VIOLATION,
    tell: offeredThen(
      wire.manifestAck(1, 2),
      wire.claim(1, [
        { block: 0, hash: zeros(32) },
        { block: 0, hash: zeros(32) },
      ]),
    ),
  },
  {
    rule: '§3 4096 claims wait for an answer',
    ends: LIMIT,
    tell: async (peer) => {
      await offered(
        peer,
        Array.from({ length: 4097 }, (_, i) => ({ path: `${i}`, bytes: zeros(1) })),
      );
      const claims = Array.from({ length: 4097 }, (_, block) => ({ block, hash: zeros(32) }));
      const frames = Array.from({ length: 17 }, (_, i) => wire.claim(1, claims.slice(256 * i, 256 * (i + 1))));
      await peer.say(wire.manifestAck(1, 4097), ...frames);
    },
  },
  {
    rule: '§5.15 a wrong claim is answered by the block',
    ends: 'goes on',
    tell: async (peer) => {
      const claims = [
        { block: 0, hash: zeros(32) },
        { block: 1, hash: sha256(utf8('another')) },
      ];
      await offeredThen(wire.manifestAck(1, 2), wire.claim(1, claims), CREDIT, wire.accept(1))(peer);
      expect(peer.last('confirm')).toEqual(wire.confirm(1, [1]));
      expect(join(...peer.heardData)).toEqual(
        wire.chunk({ number: 1, block: 0, payload: utf8('abc'), hash: sha256(utf8('abc')) }),
      );
    },
  },
  {
    rule: '§4.4 nothing is sent without credit',
    ends: 'goes on',
    tell: async (peer) => {
      await offeredThen(wire.manifestAck(1, 2), wire.accept(1))(peer);
      expect(peer.heardData).toEqual([]);
    },
  },
  {
    rule: '§4.4 nor more than that',
    ends: 'goes on',
    tell: async (peer) => {
      await offered(peer, LONG_FILES);
      await peer.say(wire.credit(100_000), wire.manifestAck(1, 1), wire.accept(1));
      expect(payloadBytes(peer)).toBe(100_000);
    },
  },
  {
    rule: '§4.4 credit for 2^53−1 bytes makes nobody read it all at once',
    ends: 'goes on',
    tell: async (peer) => {
      await offered(peer, LONG_FILES);
      await peer.say(wire.credit(2n ** 53n - 1n), wire.manifestAck(1, 1), wire.accept(1));
      expect(payloadBytes(peer)).toBe(40 * BLOCK);
      expect(peer.maxBufferedBytes).toBeLessThan(5 * BLOCK);
    },
  },
  {
    rule: '§4.1 no frame is longer than the peer accepts',
    ends: 'goes on',
    tell: async (peer) => {
      await peer.connect(wire.hello({ maxFrameBytes: 16_384 }));
      await peer.offersMe(LONG_FILES, ID);
      await peer.say(CREDIT, wire.manifestAck(1, 1), wire.accept(1));
      expect(Math.max(...peer.heardData.map(({ length }) => length))).toBeLessThanOrEqual(16_384);
    },
  },
  {
    rule: '§5.8 a HALT leaves the link alone',
    ends: 'goes on',
    tell: async (peer) => {
      await sentThen(wire.halt(1, 1, 9))(peer);
      expect(peer.device.failures.get(ID)).toBe('disk-full');
    },
  },
  {
    rule: '§8 what ended is ignored',
    ends: 'goes on',
    tell: sentThen(wire.cancel(1, 1), wire.accept(1), wire.retry(1, 9), wire.progress(1, 99), wire.cancel(1, 1)),
  },
  { rule: '§4.4 CREDIT is never lower', ends: VIOLATION, tell: offeredThen(wire.credit(9), wire.credit(8)) },
  {
    rule: '§3 RESUME tokens have a limit',
    ends: LIMIT,
    tell: offeredThen(
      ...Array.from({ length: 17 }, () => wire.resume(...Array.from({ length: 256 }, () => zeros(16)))),
    ),
  },
];

/** Payload of all records that were heard. */
function payloadBytes(peer: HostilePeer): number {
  let sum = 0;
  for (const frame of peer.heardData) {
    for (let at = 0; at < frame.length;) {
      const length = viewOf(frame).getUint32(at + 12);
      sum += length;
      at += 16 + length + ((frame[at + 1] ?? 0) === 1 ? 32 : 0);
    }
  }
  return sum;
}

describe('a receiver by the book', () => {
  test('gets the files, and gives the receipt', async () => {
    const peer = new HostilePeer();
    await sent(peer);
    const transfer = new WireTransfer(ID_BYTES, FILES, MODIFIED);
    expect(peer.last('offer')).toEqual(transfer.offer(1));
    expect(peer.last('manifest')).toEqual(wire.manifest(1, 0, transfer.entries));
    expect(join(...peer.heardData)).toEqual(join(transfer.chunk(1, 0), transfer.chunk(1, 1)));
    expect(peer.last('root')).toEqual(wire.root(1, transfer.root));
    await peer.say(wire.progress(1, 5), wire.verified(1, transfer.root));
    expect(peer.device.states.get(ID)).toBe('verified');
  });

  test('hears nothing of what another peer has accepted', async () => {
    const peer = new HostilePeer();
    await sent(peer);
    await peer.hangUp();
    await peer.connect();
    await peer.say(wire.resume(zeros(16)));
    expect(peer.all('offer')).toEqual([]);
  });
});

describe('a receiver that lies', () => {
  test.each(LIES.map((lie) => [lie.rule, lie] as const))('%s', async (_, lie) => expectEnding(new HostilePeer(), lie));
});
