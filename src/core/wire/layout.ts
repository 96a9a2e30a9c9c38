import type { Bytes } from '../bytes.ts';
import { fromHex, toHex } from '../bytes.ts';
import type { ByteReader } from './byte-reader.ts';
import { malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Field types and their bytes on the wire. Numbers are unsigned and big-endian. */
const FIELD_BYTES = {
  u8: 1,
  u16: 2,
  u32: 4,
  /** 64 bits, of which 0 to 2^53-1 may be used. */
  u53: 8,
  /** 16 bytes, in memory 32 lower-case hex digits. */
  id: 16,
  /** 32 bytes. Decoded into an array of its own. */
  hash: 32,
} as const;

export type FieldType = keyof typeof FIELD_BYTES;

type FieldValue<T extends FieldType> = T extends 'id' ? string : T extends 'hash' ? Bytes : number;

type Scalar = number | string | Bytes;

export type Fields = Readonly<Record<string, FieldType>>;

export type FieldValues<F extends Fields> = { readonly [K in keyof F]: FieldValue<F[K]> };

/** What each frame's codec gives and takes; `name` tells frames apart in memory, `type` on the wire. */
export interface FrameCodec<T> {
  readonly name: string;
  readonly type: number;
  /** Writes everything after the type byte. */
  write(writer: ByteWriter, frame: T): void;
  /** Reads everything after the type byte. Throws TransferError 'malformed-frame' or 'limit-exceeded', 'remote'. */
  read(reader: ByteReader): T;
}

export function fieldsByteLength(fields: Fields): number {
  return Object.values(fields).reduce((sum, type) => sum + FIELD_BYTES[type], 0);
}

export function writeFields<const F extends Fields>(writer: ByteWriter, fields: F, values: FieldValues<F>): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what FieldValues means, for any F
  const scalars = values as Readonly<Record<string, Scalar>>;
  for (const [key, type] of Object.entries(fields)) writeField(writer, type, scalars[key]);
}

export function readFields<const F extends Fields>(reader: ByteReader, fields: F): FieldValues<F> {
  const values: Record<string, Scalar> = {};
  for (const [key, type] of Object.entries(fields)) values[key] = readField(reader, type);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built key by key from what FieldValues is made of
  return values as FieldValues<F>;
}

/** The codec of a frame that is nothing but a type byte and these fields, in this order, one after the other. */
export function fixedFrame<const N extends string, const F extends Fields>(
  name: N,
  type: number,
  fields: F,
): FrameCodec<{ readonly name: N } & FieldValues<F>> & { readonly byteLength: number } {
  return {
    name,
    type,
    byteLength: 1 + fieldsByteLength(fields),
    write: (writer, frame) => writeFields(writer, fields, frame),
    read: (reader) => ({ name, ...readFields(reader, fields) }),
  };
}

function writeField(writer: ByteWriter, type: FieldType, value: Scalar | undefined): void {
  if (typeof value === 'number') {
    if (type === 'u8' || type === 'u16' || type === 'u32' || type === 'u53') return writer[type](value);
  } else {
    const bytes = typeof value === 'string' ? fromHex(value) : value;
    if (bytes?.length === FIELD_BYTES[type]) return writer.bytes(bytes);
  }
  throw new RangeError(`field of type ${type} cannot hold this ${typeof value}`);
}

function readField(reader: ByteReader, type: FieldType): Scalar {
  if (type === 'id') return toHex(reader.bytes(FIELD_BYTES.id));
  if (type === 'hash') return reader.bytes(FIELD_BYTES.hash).slice();
  return reader[type]();
}

/** Refuses a field outside its range. */
export function checkRange(field: string, value: number, min: number, max: number): void {
  if (value < min || value > max) throw malformed(`${field} ${value} not in ${min}..${max}`);
}
