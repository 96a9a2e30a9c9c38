import { createHash } from 'node:crypto';
import type { Bytes } from '../../src/core/bytes.ts';

/*
 * A second encoder of the protocol, written from `src/core/wire/WIRE.md` alone, and from nothing else in `src/`: it shows
 * that the document is enough, and it can write what no codec of ours would. Nothing is checked here. Numbers may be
 * bigint, since the point of some is to be too large.
 */

type Field = Bytes;

export const u8 = (value: number): Field => Uint8Array.of(value);
export const u16 = (value: number): Field => Uint8Array.of(value >> 8, value);
export const u32 = (value: number): Field => Uint8Array.of(value >>> 24, value >> 16, value >> 8, value);
/** 8 bytes, any of them. */
export const u64 = (value: number | bigint): Field => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};
export const utf8 = (text: string): Field => new Uint8Array(Buffer.from(text, 'utf8'));
export const zeros = (count: number): Field => new Uint8Array(count);

export function join(...fields: readonly Field[]): Bytes {
  return new Uint8Array(Buffer.concat(fields));
}

export function sha256(...fields: readonly Field[]): Bytes {
  const hash = createHash('sha256');
  for (const field of fields) hash.update(field);
  return new Uint8Array(hash.digest());
}

/** §3, in the order of their numbers. */
export const CODES = [
  'internal',
  'protocol-version',
  'malformed-frame',
  'protocol-violation',
  'limit-exceeded',
  'block-corrupt',
  'root-mismatch',
  'source-changed',
  'file-unreadable',
  'disk-full',
  'storage-failed',
  'storage-unavailable',
  'unknown-transfer',
  'connect-timeout',
  'peer-differs',
] as const;

/** Type bytes. */
export const TYPE = {
  hello: 0x01,
  error: 0x02,
  ping: 0x03,
  pong: 0x04,
  credit: 0x05,
  resume: 0x06,
  offer: 0x10,
  manifest: 0x11,
  manifestAck: 0x12,
  have: 0x13,
  accept: 0x14,
  decline: 0x15,
  cancel: 0x16,
  halt: 0x17,
  retry: 0x18,
  progress: 0x19,
  root: 0x1a,
  verified: 0x1b,
  pause: 0x1c,
  withdraw: 0x1d,
  claim: 0x1e,
  confirm: 0x1f,
  chunk: 0x20,
} as const;

const MAGIC = 0x484c494f;

/** §4 and §5: every frame, from numbers. */
export const wire = {
  hello: (fields: { magic?: number; min?: number; max?: number; maxFrameBytes?: number; nonce?: Bytes } = {}) =>
    join(
      u8(TYPE.hello),
      u32(fields.magic ?? MAGIC),
      u16(fields.min ?? 1),
      u16(fields.max ?? 1),
      u32(0),
      u32(fields.maxFrameBytes ?? 65_536),
      fields.nonce ?? zeros(16),
    ),
  error: (code: number, message: Bytes = zeros(0), length = message.length) =>
    join(u8(TYPE.error), u8(code), u16(length), message),
  ping: (token: number) => join(u8(TYPE.ping), u32(token)),
  pong: (token: number) => join(u8(TYPE.pong), u32(token)),
  credit: (limitBytes: number | bigint) => join(u8(TYPE.credit), u64(limitBytes)),
  resume: (...tokens: readonly Bytes[]) => join(u8(TYPE.resume), u16(tokens.length), ...tokens),
  offer: (fields: {
    number: number;
    flags?: number;
    kind?: number;
    id: Bytes;
    fileCount: number;
    totalBytes: number | bigint;
    blockCount: number;
    digest: Bytes;
  }) =>
    join(
      u8(TYPE.offer),
      u16(fields.number),
      u8(fields.flags ?? 0),
      u8(fields.kind ?? 0),
      fields.id,
      u32(fields.fileCount),
      u64(fields.totalBytes),
      u32(fields.blockCount),
      fields.digest,
    ),
  manifest: (number: number, firstFile: number, entries: readonly Bytes[], count = entries.length) =>
    join(u8(TYPE.manifest), u16(number), u32(firstFile), u16(count), ...entries),
  manifestAck: (number: number, filesKnown: number) => join(u8(TYPE.manifestAck), u16(number), u32(filesKnown)),
  have: (number: number, firstPage: number, pages: Bytes) => join(u8(TYPE.have), u16(number), u32(firstPage), pages),
  accept: (number: number) => join(u8(TYPE.accept), u16(number)),
  decline: (number: number, reason: number) => join(u8(TYPE.decline), u16(number), u8(reason)),
  cancel: (number: number, role: number) => join(u8(TYPE.cancel), u16(number), u8(role)),
  halt: (number: number, role: number, code: number) => join(u8(TYPE.halt), u16(number), u8(role), u8(code)),
  retry: (number: number, block: number) => join(u8(TYPE.retry), u16(number), u32(block)),
  progress: (number: number, bytes: number | bigint) => join(u8(TYPE.progress), u16(number), u64(bytes)),
  root: (number: number, root: Bytes) => join(u8(TYPE.root), u16(number), root),
  verified: (number: number, root: Bytes) => join(u8(TYPE.verified), u16(number), root),
  pause: (number: number, role: number, isPaused: number) => join(u8(TYPE.pause), u16(number), u8(role), u8(isPaused)),
  withdraw: (number: number, fileIndex: number) => join(u8(TYPE.withdraw), u16(number), u32(fileIndex)),
  claim: (number: number, claims: readonly { readonly block: number; readonly hash: Bytes }[], count = claims.length) =>
    join(u8(TYPE.claim), u16(number), u16(count), ...claims.map(({ block, hash }) => join(u32(block), hash))),
  confirm: (number: number, blocks: readonly number[], count = blocks.length) =>
    join(u8(TYPE.confirm), u16(number), u16(count), ...blocks.map(u32)),
  /** One record; a data frame is some of them, joined. */
  chunk: (fields: {
    number: number;
    block: number;
    offset?: number;
    payload?: Bytes;
    length?: number;
    hash?: Bytes;
    flags?: number;
  }) => {
    const payload = fields.payload ?? zeros(0);
    return join(
      u8(TYPE.chunk),
      u8(fields.flags ?? (fields.hash === undefined ? 0 : 1)),
      u16(fields.number),
      u32(fields.block),
      u32(fields.offset ?? 0),
      u32(fields.length ?? payload.length),
      payload,
      fields.hash ?? zeros(0),
    );
  },
};

/** §5.2. */
export function entry(
  path: Bytes | string,
  sizeBytes: number | bigint,
  { flags = 0, modified = 0, pathLength }: { flags?: number; modified?: number; pathLength?: number } = {},
): Bytes {
  const bytes = typeof path === 'string' ? utf8(path) : path;
  return join(u8(flags), u64(sizeBytes), u64(modified), u16(pathLength ?? bytes.length), bytes);
}

/** §2. */
export const BLOCK = 1_048_576;

/** §7. */
function tree(leaves: readonly Bytes[]): Bytes {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const left = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return sha256(u8(1), tree(leaves.slice(0, left)), tree(leaves.slice(left)));
}

/** What a sender knows of its files. */
export class WireTransfer {
  readonly entries: readonly Bytes[];
  readonly digest: Bytes;
  /** Numbered through all files. */
  readonly blocks: readonly Bytes[];
  readonly root: Bytes;
  readonly totalBytes: number;
  readonly id: Bytes;
  readonly fileCount: number;

  constructor(id: Bytes, files: readonly { readonly path: string; readonly bytes: Bytes }[], modified = 0) {
    this.id = id;
    this.fileCount = files.length;
    this.entries = files.map(({ path, bytes }) => entry(path, bytes.length, { modified }));
    this.digest = sha256(...this.entries);
    const cut = files.map(({ bytes }) =>
      Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, i) => bytes.subarray(i * BLOCK, (i + 1) * BLOCK)),
    );
    this.blocks = cut.flat();
    this.totalBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const fileRoots = cut.map((blocks, i) =>
      sha256(u8(2), u64(files[i]?.bytes.length ?? 0), tree(blocks.map((block) => sha256(block)))),
    );
    this.root = sha256(u8(3), u32(files.length), this.digest, tree(fileRoots));
  }

  offer(number: number, changes: Partial<Parameters<typeof wire.offer>[0]> = {}): Bytes {
    const { id, fileCount, totalBytes, digest } = this;
    return wire.offer({ number, id, fileCount, totalBytes, blockCount: this.blocks.length, digest, ...changes });
  }

  /** A whole block in one record. */
  chunk(number: number, block: number): Bytes {
    const payload = this.blocks[block] ?? zeros(0);
    return wire.chunk({ number, block, payload, hash: sha256(payload) });
  }
}

/** §4.5. */
export function resumeToken(senderNonce: Bytes, receiverNonce: Bytes, id: Bytes): Bytes {
  return sha256(utf8('heliograph resume 1'), senderNonce, receiverNonce, id).subarray(0, 16);
}
