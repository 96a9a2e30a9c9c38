import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/core/bytes.ts';
import { toHex } from '../../../src/core/bytes.ts';
import { TransferError } from '../../../src/core/errors.ts';
import { BLOCK_BYTES } from '../../../src/core/transfer/blocks.ts';
import { Endpoint } from '../../../src/core/transfer/endpoint.ts';
import type { IoOutput, MachineEvent, Output } from '../../../src/core/transfer/machine.ts';
import { manifestDigest, manifestPage } from '../../../src/core/transfer/manifest-pages.ts';
import { DEFAULT_OPTIONS } from '../../../src/core/transfer/options.ts';
import type { ControlFrame } from '../../../src/core/wire/control-frame.ts';
import { decodeControlFrame, encodeControlFrame } from '../../../src/core/wire/control-frame.ts';
import type { ChunkRecord } from '../../../src/core/wire/frames/chunk.ts';
import { CHUNK_HEADER_BYTES, writeChunkRecord } from '../../../src/core/wire/frames/chunk.ts';
import type { ManifestEntry } from '../../../src/core/wire/frames/manifest.ts';
import { hashOf } from '../../support/node-hasher.ts';
import { anyControlFrame } from '../wire/frames.ts';

const ID = '0123456789abcdef'.repeat(2);
const NONCE = 'aa'.repeat(16);
const PEER_NONCE = 'bb'.repeat(16);
const HELLO: ControlFrame = {
  name: 'hello',
  minVersion: 1,
  maxVersion: 1,
  capabilities: 0,
  maxFrameBytes: 65_536,
  nonce: PEER_NONCE,
};

const PIECE_BYTES = 128 * 1024;

/** The same bytes in records that fit a data frame. */
function pieces(record: ChunkRecord): readonly ChunkRecord[] {
  const count = Math.max(1, Math.ceil(record.payload.length / PIECE_BYTES));
  return Array.from({ length: count }, (_, i) => ({
    ...record,
    offset: record.offset + i * PIECE_BYTES,
    payload: record.payload.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES),
    hash: i === count - 1 ? record.hash : undefined,
  }));
}

/** An endpoint whose peer is the test: frames by hand, disks that always work. */
class Bench {
  readonly endpoint: Endpoint;
  readonly sent: ControlFrame[] = [];
  readonly events: MachineEvent[] = [];
  readonly io: IoOutput[] = [];
  closed: TransferError | 'closed' | undefined;
  nowMs = 0;

  constructor(windowBytes = DEFAULT_OPTIONS.windowBytes) {
    this.endpoint = new Endpoint({ ...DEFAULT_OPTIONS, windowBytes });
    this.open();
  }

  open(): void {
    this.closed = undefined;
    this.sent.length = 0;
    this.endpoint.handle({ type: 'linkOpened', nonce: NONCE, peerFingerprint: 'ff'.repeat(32) }, this.nowMs);
    this.drain();
  }

  /** Past the HELLO. */
  ready(): this {
    this.control(HELLO);
    return this;
  }

  control(...frames: readonly ControlFrame[]): void {
    for (const frame of frames) this.controlBytes(encodeControlFrame(frame).slice());
  }

  controlBytes(bytes: Bytes): void {
    this.endpoint.handle({ type: 'controlFrame', bytes }, this.nowMs);
    this.drain();
  }

  /** In one data frame; what is too long for one, in as many as it takes. */
  chunks(...records: readonly ChunkRecord[]): void {
    if (records.some(({ payload }) => payload.length > PIECE_BYTES)) {
      for (const piece of records.flatMap(pieces)) this.chunks(piece);
      return;
    }
    const length = records.reduce(
      (sum, { payload, hash }) => sum + CHUNK_HEADER_BYTES + payload.length + (hash?.length ?? 0),
      0,
    );
    const frame = new Uint8Array(length);
    const view = new DataView(frame.buffer);
    records.reduce((at, record) => writeChunkRecord(frame, view, at, record), 0);
    this.dataBytes(frame);
  }

  dataBytes(bytes: Bytes): void {
    this.endpoint.handle({ type: 'dataFrame', lane: 0, bytes }, this.nowMs);
    this.drain();
  }

  /** The peer offers these files and gets them accepted. */
  accepted(files: readonly ManifestEntry[]): this {
    this.ready().control(offerOf(files), pageOf(files));
    this.endpoint.handle({ type: 'accept', transferId: ID, epochMs: 1 }, this.nowMs);
    this.drain();
    expect(this.sent.at(-1)).toEqual({ name: 'accept', number: 1 });
    return this;
  }

  drain(): void {
    for (let output = this.endpoint.poll(); output !== undefined; output = this.endpoint.poll()) this.#take(output);
  }

  #take(output: Output): void {
    const { nowMs } = this;
    switch (output.type) {
      case 'release':
        return;
      case 'sendControl': {
        const frame = decodeControlFrame(output.bytes);
        if (frame !== undefined) this.sent.push(frame);
        return;
      }
      case 'closeLink':
        this.closed = output.error ?? 'closed';
        return;
      case 'event':
        this.events.push(output.event);
        return;
      case 'begin':
        return this.endpoint.handle({ type: 'begun', transferId: output.transferId }, nowMs);
      case 'storeManifest':
        return this.endpoint.handle({ type: 'manifestStored', transferId: output.transferId }, nowMs);
      case 'checkpoint':
        return this.endpoint.handle({ type: 'checkpointed', transferId: output.transferId }, nowMs);
      case 'remove':
        return this.endpoint.handle({ type: 'removed', transferId: output.transferId }, nowMs);
      case 'read':
      case 'hash':
      case 'store':
      case 'probe':
      case 'create':
      case 'loadPage':
        this.io.push(output);
        return;
    }
  }
}

function file(sizeBytes: number, path = 'a'): ManifestEntry {
  return { path, sizeBytes, lastModifiedEpochMs: 0 };
}

function offerOf(files: readonly ManifestEntry[], number = 1): ControlFrame {
  return {
    name: 'offer',
    number,
    isAgain: false,
    kind: 0,
    transferId: ID,
    fileCount: files.length,
    totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    blockCount: files.reduce((sum, { sizeBytes }) => sum + Math.ceil(sizeBytes / BLOCK_BYTES), 0),
    manifestDigest: manifestDigest(files),
  };
}

function pageOf(files: readonly ManifestEntry[]): ControlFrame {
  return { name: 'manifest', number: 1, firstFile: 0, ...manifestPage(files, 0) };
}

function chunk(block: number, offset: number, payload: Bytes, isLast = false): ChunkRecord {
  return { number: 1, block, offset, payload, hash: isLast ? hashOf(payload) : undefined };
}

function expectClosed(bench: Bench, code: string): void {
  expect(bench.closed).toBeInstanceOf(TransferError);
  expect(bench.closed).toMatchObject({ code, origin: 'remote' });
  expect(bench.sent.at(-1)).toMatchObject({ name: 'error', code });
}

const bytes = (length: number) => new Uint8Array(length);

describe('greeting', () => {
  test('both sides of a version gap get protocol-version, and are told who must update', () => {
    const older = new Bench();
    older.control({ ...HELLO, minVersion: 0, maxVersion: 0 });
    expectClosed(older, 'protocol-version');
    expect(String(older.closed)).toContain('the peer must update');
    const newer = new Bench();
    newer.control({ ...HELLO, minVersion: 2, maxVersion: 9 });
    expectClosed(newer, 'protocol-version');
    expect(String(newer.closed)).toContain('this side must update');
  });

  test('a newer peer that still speaks version 1 is welcome, with a longer HELLO and frames that can be ignored', () => {
    const bench = new Bench();
    bench.controlBytes(
      new Uint8Array([...encodeControlFrame({ ...HELLO, maxVersion: 7, capabilities: 0xffff }), 1, 2, 3]),
    );
    bench.controlBytes(new Uint8Array([0xee, 1, 2, 3]));
    expect(bench.closed).toBeUndefined();
    expect(bench.events).toEqual([{ type: 'linkReady', capabilities: 3 }]);
  });

  test('gives up when no HELLO comes', () => {
    const bench = new Bench();
    bench.nowMs = bench.endpoint.deadlineMs() ?? 0;
    bench.endpoint.handle({ type: 'timeout' }, bench.nowMs);
    bench.drain();
    expect(bench.closed).toMatchObject({ code: 'connect-timeout', origin: 'host' });
    expect(bench.endpoint.deadlineMs()).toBeUndefined();
  });

  test('a PING is answered', () => {
    const bench = new Bench().ready();
    bench.control({ name: 'ping', token: 99 });
    expect(bench.sent.at(-1)).toEqual({ name: 'pong', token: 99 });
  });
});

describe('blocks that a crash left on the disk', () => {
  test('are claimed on every offer, also on the second one of a link', () => {
    const bench = new Bench().ready();
    const files = [file(5)];
    const offer = offerOf(files);
    if (offer.name !== 'offer') throw new Error('no offer');
    const { fileCount, totalBytes, blockCount } = offer;
    const header = {
      transferId: ID,
      direction: 'receiving',
      kind: 'files',
      state: 'active',
      createdEpochMs: 1,
      fileCount,
      totalBytes,
      blockCount,
      storedBlocks: 0,
      peerFingerprint: '',
      manifestDigest: toHex(offer.manifestDigest),
    } as const;
    const hash = new Uint8Array(32).fill(7);
    bench.endpoint.handle({ type: 'restored', header, files, pages: [] }, 0);
    bench.drain();
    bench.control({ ...offer, isAgain: true });
    expect(bench.io.map(({ type }) => type)).toEqual(['probe']);
    bench.endpoint.handle({ type: 'probed', transferId: ID, block: 0, hash }, 0);
    bench.drain();
    const claim = { name: 'claim', claims: [{ block: 0, hash }] };
    expect(bench.sent).toContainEqual({ ...claim, number: 1 });
    bench.control({ name: 'halt', number: 1, role: 'sender', code: 'storage-failed' });
    bench.control({ ...offer, number: 2, isAgain: true });
    expect(bench.sent).toContainEqual({ ...claim, number: 2 });
  });
});

describe('a lying peer', { timeout: 60_000 }, () => {
  const one = [file(3 * BLOCK_BYTES)];

  test.each<[string, string, (bench: Bench) => void]>([
    ['a frame before HELLO', 'protocol-violation', (b) => b.control({ name: 'ping', token: 1 })],
    ['data before HELLO', 'protocol-violation', (b) => b.chunks(chunk(0, 0, bytes(1)))],
    ['HELLO twice', 'protocol-violation', (b) => b.ready().control(HELLO)],
    ['garbage on the control channel', 'malformed-frame', (b) => b.ready().controlBytes(bytes(7))],
    ['an empty frame', 'malformed-frame', (b) => b.ready().controlBytes(bytes(0))],
    ['garbage on the data channel', 'malformed-frame', (b) => b.ready().dataBytes(bytes(40))],
    ['a control frame that is too long', 'malformed-frame', (b) => b.ready().controlBytes(bytes(65_537))],
    [
      'a number that was not offered',
      'protocol-violation',
      (b) => b.ready().control({ name: 'root', number: 9, root: bytes(32) }),
    ],
    ['an answer to nothing', 'protocol-violation', (b) => b.ready().control({ name: 'accept', number: 1 })],
    [
      'ten million files',
      'limit-exceeded',
      (b) => b.ready().control({ ...offerOf(one), fileCount: 10_000_000 } as ControlFrame),
    ],
    [
      '2^60 bytes',
      'malformed-frame',
      (b) => {
        const offer = encodeControlFrame(offerOf(one)).slice();
        offer[25] = 0x10;
        b.ready().controlBytes(offer);
      },
    ],
    [
      'more files than offered',
      'protocol-violation',
      (b) => b.ready().control(offerOf(one), pageOf([...one, file(0, 'b')])),
    ],
    [
      'other files than offered',
      'protocol-violation',
      (b) => b.ready().control(offerOf(one), pageOf([file(3 * BLOCK_BYTES, 'b')])),
    ],
    [
      'larger files than offered',
      'protocol-violation',
      (b) => b.ready().control(offerOf(one), pageOf([file(2 ** 50)])),
    ],
    ['the manifest twice', 'protocol-violation', (b) => b.ready().control(offerOf(one), pageOf(one), pageOf(one))],
    ['one number twice', 'protocol-violation', (b) => b.ready().control(offerOf(one), offerOf(one))],
    ['one transfer twice', 'protocol-violation', (b) => b.ready().control(offerOf(one), offerOf(one, 2))],
    [
      'blocks before ACCEPT',
      'protocol-violation',
      (b) => {
        b.ready().control(offerOf(one), pageOf(one));
        b.chunks(chunk(0, 0, bytes(1)));
      },
    ],
    ['a block past the end', 'protocol-violation', (b) => b.accepted(one).chunks(chunk(3, 0, bytes(1)))],
    ['a gap in a block', 'protocol-violation', (b) => b.accepted(one).chunks(chunk(0, 1, bytes(1)))],
    [
      'a block that is too long',
      'protocol-violation',
      (b) => b.accepted(one).chunks(chunk(0, 0, bytes(BLOCK_BYTES + 1))),
    ],
    ['a block that ends too early', 'protocol-violation', (b) => b.accepted(one).chunks(chunk(0, 0, bytes(9), true))],
    [
      'ROOT twice',
      'protocol-violation',
      (b) =>
        b
          .accepted(one)
          .control({ name: 'root', number: 1, root: bytes(32) }, { name: 'root', number: 1, root: bytes(32) }),
    ],
    [
      'more blocks begun than allowed',
      'limit-exceeded',
      (b) => {
        b.accepted([file(40 * BLOCK_BYTES)]);
        for (let block = 0; block < 33; block++) b.chunks(chunk(block, 0, bytes(1)));
      },
    ],
    [
      'more offers than allowed',
      'limit-exceeded',
      (b) => {
        b.ready();
        for (let n = 1; n <= 65; n++)
          b.control({ ...offerOf(one, n), transferId: n.toString(16).padStart(32, '0') } as ControlFrame);
      },
    ],
    [
      'CREDIT that shrinks',
      'protocol-violation',
      (b) => b.ready().control({ name: 'credit', limitBytes: 5 }, { name: 'credit', limitBytes: 4 }),
    ],
    [
      'too many RESUME tokens',
      'limit-exceeded',
      (b) => {
        b.ready();
        for (let i = 0; i < 17; i++) b.control({ name: 'resume', tokens: Array.from({ length: 256 }, () => ID) });
      },
    ],
  ])('%s ends the link with %s', (_, code, act) => {
    const bench = new Bench();
    act(bench);
    expectClosed(bench, code);
  });

  test('more payload than credit ends the link with limit-exceeded', () => {
    const bench = new Bench(BLOCK_BYTES).accepted(one);
    bench.chunks(chunk(0, 0, bytes(BLOCK_BYTES), true));
    expect(bench.closed).toBeUndefined();
    bench.chunks(chunk(1, 0, bytes(1)));
    expectClosed(bench, 'limit-exceeded');
  });

  test('no credit is granted while a write is pending', () => {
    const bench = new Bench(BLOCK_BYTES).accepted(one);
    const credits = () => bench.sent.filter(({ name }) => name === 'credit').length;
    bench.chunks(chunk(0, 0, bytes(BLOCK_BYTES), true));
    expect(credits()).toBe(1);
    bench.endpoint.handle({ type: 'stored', transferId: ID, block: 0, hash: hashOf(bytes(BLOCK_BYTES)) }, 0);
    bench.drain();
    expect(bench.sent.findLast(({ name }) => name === 'credit')).toEqual({
      name: 'credit',
      limitBytes: 2 * BLOCK_BYTES,
    });
  });

  test('a root that is not that of the disk fails the transfer on both sides', () => {
    const bench = new Bench().accepted([file(3)]);
    bench.chunks(chunk(0, 0, bytes(3), true));
    bench.endpoint.handle({ type: 'stored', transferId: ID, block: 0, hash: hashOf(bytes(3)) }, 0);
    bench.drain();
    bench.control({ name: 'root', number: 1, root: bytes(32) });
    expect(bench.sent.at(-1)).toEqual({ name: 'halt', number: 1, role: 'receiver', code: 'root-mismatch' });
    expect(bench.events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'root-mismatch', origin: 'remote' } });
    expect(bench.closed).toBeUndefined();
  });

  test('a receipt for another root fails the transfer', () => {
    const bench = new Bench().ready();
    bench.endpoint.handle({ type: 'send', kind: 'files', transferId: ID, files: [file(0)], epochMs: 1 }, 0);
    bench.drain();
    bench.control({ name: 'manifestAck', number: 1, filesKnown: 1 }, { name: 'accept', number: 1 });
    expect(bench.sent.at(-1)).toMatchObject({ name: 'root' });
    bench.control({ name: 'verified', number: 1, root: bytes(32) });
    expect(bench.events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'root-mismatch' } });
  });

  test.each<[string, ControlFrame]>([
    ['VERIFIED before ROOT', { name: 'verified', number: 1, root: bytes(32) }],
    ['HAVE after ACCEPT', { name: 'have', number: 1, firstPage: 0, blockMap: bytes(128) }],
    ['a second ACCEPT', { name: 'accept', number: 1 }],
    ['DECLINE after ACCEPT', { name: 'decline', number: 1, code: undefined }],
    ['RETRY of what was not sent', { name: 'retry', number: 1, block: 0 }],
    ['PROGRESS beyond the end', { name: 'progress', number: 1, receivedBytes: 3 * BLOCK_BYTES + 1 }],
    ['MANIFEST_ACK of what was not sent', { name: 'manifestAck', number: 1, filesKnown: 2 }],
  ])('%s ends the link', (_, frame) => {
    const bench = new Bench().ready();
    bench.endpoint.handle({ type: 'send', kind: 'files', transferId: ID, files: one, epochMs: 1 }, 0);
    bench.drain();
    bench.control({ name: 'manifestAck', number: 1, filesKnown: 1 }, { name: 'accept', number: 1 }, frame);
    expectClosed(bench, 'protocol-violation');
  });

  test('HAVE of a block that does not exist ends the link', () => {
    const bench = new Bench().ready();
    bench.endpoint.handle({ type: 'send', kind: 'files', transferId: ID, files: one, epochMs: 1 }, 0);
    bench.drain();
    bench.control({ name: 'have', number: 1, firstPage: 0, blockMap: new Uint8Array(128).fill(8) });
    expectClosed(bench, 'protocol-violation');
  });

  test('a link that ended leaves transfers interrupted, not failed', () => {
    const bench = new Bench().accepted(one);
    bench.controlBytes(bytes(3));
    expectClosed(bench, 'malformed-frame');
    expect(bench.events.at(-1)).toMatchObject({ type: 'state', transferId: ID, state: 'interrupted' });
  });

  test('what was taken back before a person was asked was never there', () => {
    const bench = new Bench().ready();
    bench.control(offerOf(one), { name: 'cancel', number: 1, role: 'sender' });
    bench.control(offerOf(one, 2));
    expect(bench.closed).toBeUndefined();
    expect(bench.events).toEqual([{ type: 'linkReady', capabilities: 0 }]);
  });

  test('no sequence of frames and bytes makes the machine throw', () => {
    const anyStep = fc.oneof(
      {
        weight: 3,
        arbitrary: anyControlFrame.map((frame) => encodeControlFrame({ ...frame, number: 1 } as ControlFrame)),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
      { weight: 2, arbitrary: fc.constantFrom(offerOf(one), pageOf(one)).map(encodeControlFrame) },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anyStep, fc.boolean()), { maxLength: 12 }), (steps) => {
        const bench = new Bench().ready();
        bench.endpoint.handle(
          { type: 'send', kind: 'files', transferId: 'ee'.repeat(16), files: [file(5)], epochMs: 1 },
          0,
        );
        for (const [step, isData] of steps) {
          if (bench.closed !== undefined) {
            bench.open();
            bench.ready();
          }
          if (isData) bench.dataBytes(new Uint8Array(step));
          else bench.controlBytes(new Uint8Array(step));
          bench.endpoint.handle({ type: 'accept', transferId: ID, epochMs: 1 }, 0);
          bench.drain();
        }
      }),
      { numRuns: 1500 },
    );
  });
});
