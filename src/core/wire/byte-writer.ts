import type { Bytes } from '../bytes.ts';

/**
 * Writes big-endian fields into a growing buffer. Values out of range are our own bug: RangeError.
 */
export class ByteWriter {
  #bytes: Bytes;
  #view: DataView;
  #length = 0;

  constructor(capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#claim(1, value, 0xff);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#claim(2, value, 0xffff);
    this.#view.setUint16(at, value);
  }

  u32(value: number): void {
    const at = this.#claim(4, value, 0xffff_ffff);
    this.#view.setUint32(at, value);
  }

  /** 64 bits on the wire, 0 to 2^53-1. */
  u53(value: number): void {
    const at = this.#claim(8, value, Number.MAX_SAFE_INTEGER);
    this.#view.setUint32(at, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(at + 4, value % 0x1_0000_0000);
  }

  bytes(value: Bytes): void {
    const at = this.#claim(value.length, 0, 0);
    this.#bytes.set(value, at);
  }

  /** Everything so far: a view that is good until the next write. */
  view(): Bytes {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Everything so far, in an array of its own. */
  toBytes(): Bytes {
    return this.#bytes.slice(0, this.#length);
  }

  /** Starts again at the beginning; what `view` gave is overwritten. */
  reset(): void {
    this.#length = 0;
  }

  #claim(count: number, value: number, max: number): number {
    if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`field ${value} not in 0..${max}`);
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) this.#grow();
    return at;
  }

  #grow(): void {
    const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
