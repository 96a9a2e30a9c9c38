import type { Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';

/** Grows as needed; big-endian. */
export class ByteSink {
  readonly #bytes: number[] = [];

  unsigned(value: number, byteCount: number): void {
    for (let i = byteCount - 1; i >= 0; i--) this.#bytes.push(Math.floor(value / 2 ** (8 * i)) % 256);
  }

  /** LEB128: 7 bits a byte, least significant first. @param value 0 to 2^53-1 */
  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes.push((rest % 128) | 0x80);
    this.#bytes.push(rest);
  }

  bytes(bytes: Bytes): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  done(): Bytes {
    return Uint8Array.from(this.#bytes);
  }
}

/** Runs out with 'ticket-truncated': whoever knows better says so instead. */
export class ByteSource {
  readonly #bytes: Bytes;
  #offset = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  unsigned(byteCount: number): number {
    let value = 0;
    for (const byte of this.bytes(byteCount)) value = value * 256 + byte;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 8; shift++) {
      const byte = this.unsigned(1);
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER || (byte === 0 && shift > 0)) break;
        return value;
      }
    }
    throw new TransferError('ticket-damaged', 'remote', 'a number is out of range');
  }

  /** A view, not a copy. */
  bytes(count: number): Bytes {
    if (count > this.left)
      throw new TransferError('ticket-truncated', 'remote', `wanted ${count} bytes, ${this.left} left`);
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }
}
