import type { Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import { decodeUtf8 } from './utf8.ts';

/**
 * Reads big-endian fields from a frame, and trusts nothing: every read checks the length first.
 * Each method throws TransferError 'malformed-frame', origin 'remote'; the only catch is where frames enter the core.
 */
export class ByteReader {
  readonly #bytes: Bytes;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** 64 bits on the wire, 0 to 2^53-1. */
  u53(): number {
    const at = this.#take(8);
    const high = this.#view.getUint32(at);
    if (high > 0x1f_ffff) throw malformed(`u53 at byte ${at} is above 2^53-1`);
    return high * 0x1_0000_0000 + this.#view.getUint32(at + 4);
  }

  /** A view, not a copy. */
  bytes(length: number): Bytes {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  utf8(length: number): string {
    const at = this.#offset;
    const text = decodeUtf8(this.bytes(length));
    if (text === undefined) throw malformed(`text at byte ${at} is not UTF-8`);
    return text;
  }

  /** Refuses trailing bytes. */
  end(): void {
    if (this.remaining !== 0) throw malformed(`${this.remaining} trailing bytes after byte ${this.#offset}`);
  }

  #take(length: number): number {
    const at = this.#offset;
    if (length > this.remaining) throw malformed(`${length} bytes wanted at byte ${at}, got ${this.remaining}`);
    this.#offset += length;
    return at;
  }
}

/** The peer sent bytes that no frame layout allows. */
export function malformed(message: string): TransferError {
  return new TransferError('malformed-frame', 'remote', message);
}
