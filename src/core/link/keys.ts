import { compareBytes, concatBytes, fromHex, toHex, type Bytes } from '../bytes.ts';
import { hkdf } from './hkdf.ts';

/*
 * Everything that two paired devices derive from what only they know. LINK.md §2 is normative.
 */

/** Of a KEY. */
export const KEY_NONCE_BYTES = 32;

/** ICE credentials (RFC 8839 §5.4). */
export interface Credentials {
  /** 8 ice-chars. */
  readonly ufrag: string;
  /** 24 ice-chars: 144 bits. */
  readonly pwd: string;
}

/** One end's part: its certificate's SHA-256 fingerprint (32 bytes) and the nonce of its KEY. */
export interface KeyPart {
  readonly fingerprint: Bytes;
  readonly nonce: Bytes;
}

/** 32 bytes; the same at both ends, whichever is given first. */
export function sharedSecret(one: KeyPart, other: KeyPart): Bytes {
  const [low, high] = compareBytes(one.fingerprint, other.fingerprint) < 0 ? [one, other] : [other, one];
  const secret = concatBytes(low.nonce, high.nonce);
  const salt = concatBytes(low.fingerprint, high.fingerprint);
  return hkdf({ salt, secret, info: ascii('heliograph secret 1') }, 32);
}

/** What both call this pairing; 32 hex digits. Says nothing about the secret. */
export function peerIdOf(secret: Bytes): string {
  return toHex(derive(secret, 'heliograph peer 1', EMPTY, 16));
}

/** What a dialer of the standby with this id calls itself. */
export function standbyCredentials(secret: Bytes, standbyId: string): Credentials {
  return credentials(derive(secret, 'heliograph standby 1', idBytes(standbyId), UFRAG_CHARACTERS + 24));
}

function credentials(bytes: Bytes): Credentials {
  const characters = Array.from(bytes, (byte) => ICE_CHARACTERS.charAt(byte & 63)).join('');
  return { ufrag: characters.slice(0, UFRAG_CHARACTERS), pwd: characters.slice(UFRAG_CHARACTERS) };
}

/** Of a call: 8 bytes as 16 hex digits, of which the last half says whom it is for. @param nonce 4 bytes */
export function callIdOf(secret: Bytes, nonce: Bytes): string {
  return toHex(concatBytes(nonce, derive(secret, 'heliograph call 1', nonce, CALL_ID_BYTES - nonce.length)));
}

/** Was this call made by the peer with this secret (or by this device, for that peer)? */
export function isCallOf(secret: Bytes, callId: string): boolean {
  const nonce = fromHex(callId)?.slice(0, CALL_ID_BYTES / 2);
  return nonce !== undefined && callIdOf(secret, nonce) === callId;
}

/** What a device that answers this call calls itself. */
export function callCredentials(secret: Bytes, callId: string): Credentials {
  return credentials(derive(secret, 'heliograph call credentials 1', fromHex(callId) ?? EMPTY, UFRAG_CHARACTERS + 24));
}

/**
 * Says "I know you" to who has the same secret, on this link only, and nothing to anybody else. 32 hex digits.
 *
 * @param fingerprint of the certificate that its sender has on this link
 */
export function knownToken(secret: Bytes, sender: KeyPart, receiver: KeyPart): string {
  const context = concatBytes(sender.fingerprint, sender.nonce, receiver.fingerprint, receiver.nonce);
  return toHex(derive(secret, 'heliograph known 1', context, 16));
}

function derive(secret: Bytes, label: string, context: Bytes, lengthBytes: number): Bytes {
  return hkdf({ salt: EMPTY, secret, info: concatBytes(ascii(label), context) }, lengthBytes);
}

function idBytes(id: string): Bytes {
  const bytes = fromHex(id);
  if (bytes?.length !== 16) throw new RangeError(`id ${id}`);
  return bytes;
}

function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const UFRAG_CHARACTERS = 8;
const CALL_ID_BYTES = 8;
const EMPTY: Bytes = new Uint8Array(0);
/** RFC 8839 §5.4; 64 of them, so 6 bits of a byte pick one evenly. */
const ICE_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
