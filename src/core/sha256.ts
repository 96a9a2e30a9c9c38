import type { Bytes } from './bytes.ts';

/**
 * SHA-256 (FIPS 180-4), incremental and synchronous, for what the core hashes itself: tree nodes, the manifest and
 * resume tokens, some tens of bytes each. Blocks of files are hashed by the platform (`ports/crypto.ts`).
 */
export class Sha256 {
  readonly #state = new Int32Array(INITIAL_STATE);
  readonly #pending: Bytes = new Uint8Array(CHUNK_BYTES);
  readonly #pendingView = new DataView(this.#pending.buffer);
  #pendingBytes = 0;
  #totalBytes = 0;

  update(bytes: Bytes): this {
    this.#totalBytes += bytes.length;
    let offset = 0;
    while (offset < bytes.length) {
      const count = Math.min(CHUNK_BYTES - this.#pendingBytes, bytes.length - offset);
      this.#pending.set(bytes.subarray(offset, offset + count), this.#pendingBytes);
      this.#pendingBytes += count;
      offset += count;
      if (this.#pendingBytes === CHUNK_BYTES) this.#compress();
    }
    return this;
  }

  /** 32 bytes. The object is of no use afterwards. */
  digest(): Bytes {
    const totalBytes = this.#totalBytes;
    const paddingBytes = 1 + ((2 * CHUNK_BYTES - 9 - this.#pendingBytes) % CHUNK_BYTES);
    const padding = new Uint8Array(paddingBytes + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(paddingBytes, Math.floor(totalBytes / 0x2000_0000));
    view.setUint32(paddingBytes + 4, (totalBytes * 8) % 0x1_0000_0000);
    this.update(padding);
    const digest = new Uint8Array(32);
    const digestView = new DataView(digest.buffer);
    for (let i = 0; i < 8; i++) digestView.setInt32(4 * i, this.#state[i] ?? 0);
    return digest;
  }

  #compress(): void {
    this.#pendingBytes = 0;
    const w = SCHEDULE;
    for (let i = 0; i < 16; i++) w[i] = this.#pendingView.getInt32(4 * i);
    for (let i = 16; i < 64; i++) {
      const w15 = at(w, i - 15);
      const w2 = at(w, i - 2);
      const s0 = rotateRight(w15, 7) ^ rotateRight(w15, 18) ^ (w15 >>> 3);
      const s1 = rotateRight(w2, 17) ^ rotateRight(w2, 19) ^ (w2 >>> 10);
      w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
    }
    const state = this.#state;
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(ROUND_CONSTANTS, i) + at(w, i)) | 0;
      const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = at(state, 0) + a;
    state[1] = at(state, 1) + b;
    state[2] = at(state, 2) + c;
    state[3] = at(state, 3) + d;
    state[4] = at(state, 4) + e;
    state[5] = at(state, 5) + f;
    state[6] = at(state, 6) + g;
    state[7] = at(state, 7) + h;
  }
}

/** One-shot over the concatenation of `pieces`. */
export function sha256(...pieces: readonly Bytes[]): Bytes {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

const CHUNK_BYTES = 64;

/** The message schedule; shared, since nothing here is interrupted. */
const SCHEDULE = new Int32Array(64);

/** FIPS 180-4 §5.3.3. */
const INITIAL_STATE = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const;

/** FIPS 180-4 §4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

function rotateRight(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

/** Indexing that is known to be in range. */
function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
