import { compareBytes, concatBytes, equalBytes, type Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import type { Description } from '../sdp/description.ts';
import { Sha256 } from '../sha256.ts';
import type { VerificationFrame } from '../wire/control-frame.ts';

/*
 * Do the two ends of this link see each other, or somebody in between? PAIRING.md §5 is normative.
 *
 * Commit, then reveal: nobody shows a nonce before holding the other's commitment, so nobody can choose one to fit.
 * Whoever sits in the middle of two links has two pairs of fingerprints, and one guess at making 24 bits agree.
 */

/** Shown as `SIGN_COUNT` of `SIGN_NAMES` (6 bits each), and as digits. */
export const STRING_BITS = 24;
const SIGN_BITS = 6;
export const SIGN_COUNT = STRING_BITS / SIGN_BITS;
const DIGIT_COUNT = 8;
export const NONCE_BYTES = 32;

export interface VerificationOptions {
  /** What this side showed, and what it read. */
  readonly mine: Description;
  readonly theirs: Description;
  /** 32 random bytes, used once. */
  readonly nonce: Bytes;
  /** This side read the other's code with its camera. */
  readonly isBySight: boolean;
}

/** What both people compare: the same on both devices, unless somebody is in between. */
export interface AuthenticationString {
  /** Indexes into a list of 64 signs, `SIGN_NAMES`. */
  readonly signs: readonly number[];
  /** 8 decimal digits, 00000000 to 16777215. The same 24 bits. */
  readonly digits: string;
}

export type VerificationState =
  /** Waiting for the other's commitment. */
  | { readonly name: 'committed' }
  /** Waiting for the other's nonce. */
  | { readonly name: 'revealed'; readonly commitment: Bytes }
  | {
      readonly name: 'done';
      readonly string: AuthenticationString;
      /** Both sides read the other's code by camera: nothing is left to compare. */
      readonly isBySight: boolean;
    };

/** One link's worth. `start` once, then `handle` for each frame; both give the frames to send, in order. */
export class Verification {
  readonly #options: VerificationOptions;
  #state: VerificationState = { name: 'committed' };

  constructor(options: VerificationOptions) {
    if (options.nonce.length !== NONCE_BYTES) {
      throw new TransferError('internal', 'local', `nonce of ${options.nonce.length} bytes, wanted ${NONCE_BYTES}`);
    }
    this.#options = options;
  }

  get state(): VerificationState {
    return this.#state;
  }

  start(): VerificationFrame {
    const { mine, nonce } = this.#options;
    return { name: 'commit', commitment: commitmentOf(mine, nonce) };
  }

  /**
   * @throws TransferError, origin 'remote': 'protocol-violation' for a frame out of turn, 'peer-differs' for a nonce
   *   that is not the one that was committed to
   */
  handle(frame: VerificationFrame): VerificationFrame | undefined {
    const state = this.#state;
    if (frame.name === 'commit') {
      if (state.name !== 'committed') throw outOfTurn('a second COMMIT');
      this.#state = { name: 'revealed', commitment: frame.commitment };
      return { name: 'reveal', nonce: this.#options.nonce, isBySight: this.#options.isBySight };
    }
    if (state.name !== 'revealed') throw outOfTurn(`REVEAL while ${state.name}`);
    const { mine, theirs, nonce, isBySight } = this.#options;
    if (!equalBytes(commitmentOf(theirs, frame.nonce), state.commitment)) {
      throw new TransferError('peer-differs', 'remote', 'the nonce is not the one that was committed to');
    }
    this.#state = {
      name: 'done',
      string: authenticationString({ description: mine, nonce }, { description: theirs, nonce: frame.nonce }),
      isBySight: isBySight && frame.isBySight,
    };
    return undefined;
  }
}

interface Party {
  readonly description: Description;
  readonly nonce: Bytes;
}

function commitmentOf(description: Description, nonce: Bytes): Bytes {
  return sha256(label('heliograph commit 1'), identity(description), nonce);
}

function authenticationString(one: Party, other: Party): AuthenticationString {
  // The same order on both sides.
  const isFirst = compareBytes(identity(one.description), identity(other.description)) <= 0;
  const parties = isFirst ? [one, other] : [other, one];
  const parts = parties.flatMap(({ description, nonce }) => [identity(description), nonce]);
  const [a = 0, b = 0, c = 0] = sha256(label('heliograph authentication string 1'), ...parts);
  const bits = (a << 16) | (b << 8) | c;
  return {
    signs: Array.from({ length: SIGN_COUNT }, (_, i) => (bits >> (STRING_BITS - SIGN_BITS * (i + 1))) & 63),
    digits: String(bits).padStart(DIGIT_COUNT, '0'),
  };
}

/** What a code says about who its maker is: fingerprint, then ufrag and pwd, each with its length before it. */
function identity({ fingerprint, ufrag, pwd }: Description): Bytes {
  return concatBytes(fingerprint, withLength(ufrag), withLength(pwd));
}

/** ICE characters are ASCII, at most 256 of them (RFC 8839 §5.4). */
function withLength(ascii: string): Bytes {
  return Uint8Array.of(ascii.length >> 8, ascii.length & 0xff, ...label(ascii));
}

function label(ascii: string): Bytes {
  return Uint8Array.from(ascii, (character) => character.charCodeAt(0));
}

function sha256(...parts: readonly Bytes[]): Bytes {
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function outOfTurn(what: string): TransferError {
  return new TransferError('protocol-violation', 'remote', what);
}
