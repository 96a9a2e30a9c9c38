import { fromHex, toHex } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import { isPwd, isUfrag } from '../sdp/description.ts';
import type { ByteSink, ByteSource } from './bits.ts';
import { packSixBits, unpackSixBits } from './base64.ts';

/** How ufrag and pwd are packed, TICKET.md §4: two bits of the header. */
export const credentialProfile = {
  /** 4 and 24 ice-chars (Chromium, Safari): 3 + 18 bytes. */
  libwebrtc: 0,
  /** 8 and 32 lower-case hexadecimal digits (Firefox): 4 + 16 bytes. */
  firefox: 1,
  /** Any: two length bytes, then 6 bits a character. */
  general: 2,
} as const;

export interface Credentials {
  readonly ufrag: string;
  readonly pwd: string;
}

export function profileOf({ ufrag, pwd }: Credentials): number {
  if (/^[0-9a-f]{8}$/.test(ufrag) && /^[0-9a-f]{32}$/.test(pwd)) return credentialProfile.firefox;
  return ufrag.length === 4 && pwd.length === 24 ? credentialProfile.libwebrtc : credentialProfile.general;
}

/** @throws TransferError 'internal', origin 'local', for credentials that no SDP can have */
export function writeCredentials(sink: ByteSink, profile: number, { ufrag, pwd }: Credentials): void {
  if (!isUfrag(ufrag) || !isPwd(pwd)) throw new TransferError('internal', 'local', 'credentials are no ice-chars');
  if (profile === credentialProfile.firefox) {
    sink.bytes(fromHex(ufrag + pwd) ?? new Uint8Array(20));
    return;
  }
  if (profile === credentialProfile.general) {
    sink.unsigned(ufrag.length - 4, 1);
    sink.unsigned(pwd.length - 22, 1);
  }
  sink.bytes(packSixBits(ufrag + pwd));
}

/** @throws TransferError 'ticket-truncated', 'ticket-damaged', origin 'remote' */
export function readCredentials(source: ByteSource, profile: number): Credentials {
  if (profile === credentialProfile.firefox) {
    return { ufrag: toHex(source.bytes(4)), pwd: toHex(source.bytes(16)) };
  }
  if (profile === credentialProfile.libwebrtc) return readPacked(source, 4, 24);
  const ufragLength = source.unsigned(1) + 4;
  const pwdLength = source.unsigned(1) + 22;
  if (ufragLength > 256 || pwdLength > 256) throw new TransferError('ticket-damaged', 'remote', 'credentials too long');
  return readPacked(source, ufragLength, pwdLength);
}

function readPacked(source: ByteSource, ufragLength: number, pwdLength: number): Credentials {
  const count = ufragLength + pwdLength;
  const text = unpackSixBits(source.bytes(Math.ceil((count * 6) / 8)), count);
  if (text === undefined) throw new TransferError('ticket-damaged', 'remote', 'a spare bit of the credentials is set');
  return { ufrag: text.slice(0, ufragLength), pwd: text.slice(ufragLength) };
}
