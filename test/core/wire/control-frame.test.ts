import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/core/bytes.ts';
import { fromHex, toHex } from '../../../src/core/bytes.ts';
import { TransferError } from '../../../src/core/errors.ts';
import { decodeControlFrame, encodeControlFrame } from '../../../src/core/wire/control-frame.ts';
import type { ChunkRecord } from '../../../src/core/wire/frames/chunk.ts';
import { readChunkRecords, writeChunkRecord } from '../../../src/core/wire/frames/chunk.ts';
import { anyControlFrame } from './frames.ts';

/** The vectors are where the specification is: `name hex json`, one a line. */
const vectors = [...readFileSync('src/core/wire/WIRE.md', 'utf8').matchAll(/^(\w+) ([0-9a-f]+) (\{.*\})$/gm)].map(
  ([, name = '', hex = '', json = '']) => ({ name, bytes: fromHex(hex) ?? new Uint8Array(0), json }),
);

const NAMES =
  'hello error ping pong credit resume offer manifest manifestAck have accept decline cancel halt retry progress root verified pause withdraw claim confirm commit reveal key standby restart known bye lane laneAck laneEnd chunk';

/** A frame as the vectors write it: byte strings in hexadecimal, absent values left out. */
function asJson(frame: object): string {
  return JSON.stringify(frame, (key, value: unknown) => {
    if (key === 'encodedEntries' || key === 'name') return undefined;
    return value instanceof Uint8Array ? toHex(new Uint8Array(value)) : value;
  });
}

function recordsOf(bytes: Bytes): readonly ChunkRecord[] {
  const records: ChunkRecord[] = [];
  readChunkRecords(bytes, (record) => records.push(record));
  return records;
}

describe('frames', { timeout: 60_000 }, () => {
  test('every frame has a vector in WIRE.md', () => {
    expect(new Set(vectors.map(({ name }) => name))).toEqual(new Set(NAMES.split(' ')));
  });

  test.each(vectors.filter(({ name }) => name !== 'chunk'))(
    'vector $name reads and writes as written',
    ({ name, bytes, json }) => {
      const frame = decodeControlFrame(bytes);
      if (frame === undefined) throw new Error('ignored');
      expect(frame.name).toBe(name);
      expect(asJson(frame)).toBe(json);
      expect(toHex(encodeControlFrame(frame))).toBe(toHex(bytes));
    },
  );

  test.each(vectors.filter(({ name }) => name === 'chunk'))(
    'vector chunk $json reads and writes as written',
    ({ bytes, json }) => {
      const records = recordsOf(bytes);
      expect(asJson({ records })).toBe(json);
      const frame = new Uint8Array(bytes.length);
      const view = new DataView(frame.buffer);
      const end = records.reduce((at, record) => writeChunkRecord(frame, view, at, record), 0);
      expect(end).toBe(bytes.length);
      expect(toHex(frame)).toBe(toHex(bytes));
    },
  );

  test('what is encoded is decoded to the same', () => {
    fc.assert(
      fc.property(anyControlFrame, (frame) => {
        expect(decodeControlFrame(encodeControlFrame(frame))).toEqual(frame);
      }),
      { numRuns: 1000 },
    );
  });

  test('any bytes give a frame or an error of the peer, and nothing else', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.nat(0x22), fc.uint8Array({ maxLength: 200 })).map(([type, rest]) => Uint8Array.of(type, ...rest)),
      // A real frame, damaged in one place or cut off.
      fc.tuple(anyControlFrame, fc.nat(), fc.nat(255), fc.boolean()).map(([frame, at, value, isCut]) => {
        const bytes = encodeControlFrame(frame).slice();
        if (isCut) return bytes.subarray(0, at % bytes.length);
        bytes[at % bytes.length] = value;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expectOnlyRemoteErrors(() => decodeControlFrame(new Uint8Array(bytes)));
        expectOnlyRemoteErrors(() => recordsOf(new Uint8Array(bytes)));
      }),
      { numRuns: 20_000 },
    );
  });

  test('trailing bytes are refused, except after HELLO', () => {
    for (const { name, bytes } of vectors) {
      const longer = new Uint8Array([...bytes, 0]);
      if (name === 'hello') expect(decodeControlFrame(longer)?.name).toBe('hello');
      else if (name === 'chunk') expect(() => recordsOf(longer)).toThrow(/cut off/);
      else expect(() => decodeControlFrame(longer), name).toThrow(TransferError);
    }
  });

  test('types from 0x80 are ignored, other unknown ones refused', () => {
    expect(decodeControlFrame(new Uint8Array([0x80, 1, 2, 3]))).toBeUndefined();
    expect(() => decodeControlFrame(new Uint8Array([0x7f]))).toThrow(/unknown type/);
    expect(() => decodeControlFrame(new Uint8Array([0x20]))).toThrow(/unknown type/);
  });
});

function expectOnlyRemoteErrors(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof TransferError) || error.origin !== 'remote') throw error;
  }
}
