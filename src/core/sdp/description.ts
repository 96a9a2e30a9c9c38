import { type Bytes, fromHex, toHex } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import { type Candidate, parseCandidate, writeCandidate } from './candidate.ts';

/** What of a session description (RFC 8866) a peer needs for one data channel association. */
export interface Description {
  /** 4 to 256 ice-chars (RFC 8839 §5.4). */
  readonly ufrag: string;
  /** 22 to 256 ice-chars. */
  readonly pwd: string;
  /** SHA-256 of the DTLS certificate, 32 bytes (RFC 8122 §5). */
  readonly fingerprint: Bytes;
  readonly candidates: readonly Candidate[];
  /** 1 to 65535 (RFC 8841 §5). */
  readonly sctpPort: number;
  /** Bytes; 0 is "any size", and 65536 is meant where SDP does not say (RFC 8841 §6). At most 2^53-1. */
  readonly maxMessageSize: number;
}

export interface WrittenAs {
  readonly type: 'offer' | 'answer';
  readonly setup: 'actpass' | 'active' | 'passive';
  /** An answer has to name the offer's. */
  readonly mid: string;
}

const DEFAULT_MAX_MESSAGE_SIZE = 65_536;
/** The largest SDP in the wild is a few kB; this bounds the work. */
const MAX_SDP_CHARACTERS = 256 * 1024;

/** RFC 8839 §5.4: `ufrag = 4*256ice-char`. */
export function isUfrag(text: string): boolean {
  return /^[A-Za-z0-9+/]{4,256}$/.test(text);
}

/** RFC 8839 §5.4: `password = 22*256ice-char`. */
export function isPwd(text: string): boolean {
  return /^[A-Za-z0-9+/]{22,256}$/.test(text);
}

/**
 * Reads the first data channel section of an SDP (RFC 8841, or its drafts with `a=sctpmap`). Attributes of the
 * session count where the section has none of its own (RFC 8839 §5.4, RFC 8122 §5).
 *
 * @throws TransferError 'malformed-sdp', 'missing-credentials' or 'missing-fingerprint', origin 'remote'
 */
export function parseDescription(sdp: string): Description {
  if (sdp.length > MAX_SDP_CHARACTERS) throw refuse('malformed-sdp', `${sdp.length} characters are too many`);
  const { media, mediaLine, session } = dataSection(sdp.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/));
  const attribute = (name: string): string | undefined => find(media, name) ?? find(session, name);
  const ufrag = attribute('ice-ufrag');
  const pwd = attribute('ice-pwd');
  if (!ufrag || !pwd) throw refuse('missing-credentials', `no a=${ufrag ? 'ice-pwd' : 'ice-ufrag'}`);
  if (!isUfrag(ufrag)) throw refuse('malformed-sdp', 'a=ice-ufrag: wanted 4 to 256 ice-chars');
  if (!isPwd(pwd)) throw refuse('malformed-sdp', 'a=ice-pwd: wanted 22 to 256 ice-chars');
  const candidates = media
    .filter((line) => line.startsWith('a=candidate:'))
    .flatMap((line) => parseCandidate(line.slice('a=candidate:'.length)) ?? []);
  return {
    ufrag,
    pwd,
    fingerprint: parseFingerprint(media) ?? parseFingerprint(session) ?? noFingerprint(),
    candidates: distinct(candidates),
    sctpPort: parseSctpPort(attribute('sctp-port') ?? legacySctpPort(mediaLine)),
    maxMessageSize: parseMaxMessageSize(attribute('max-message-size')),
  };
}

/**
 * Writes an SDP that Chromium, Firefox and Safari take. Firefox needs `c=` in the section, `a=setup`, `a=sctp-port`,
 * upper-case fingerprints, CRLF and, in an answer, the offer's mid.
 */
export function writeDescription(description: Description, as: WrittenAs): string {
  const { ufrag, pwd, fingerprint, candidates, sctpPort, maxMessageSize } = description;
  const digits = toHex(fingerprint).toUpperCase();
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${as.mid}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    ...candidates.map((candidate, index) => `a=candidate:${writeCandidate(candidate, index)}`),
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${(digits.match(/../g) ?? []).join(':')}`,
    `a=setup:${as.setup}`,
    `a=mid:${as.mid}`,
    `a=sctp-port:${sctpPort}`,
    `a=max-message-size:${maxMessageSize}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function dataSection(lines: readonly string[]): { session: string[]; media: string[]; mediaLine: string } {
  const session: string[] = [];
  let media: string[] | undefined;
  let mediaLine = '';
  let isOther = false;
  for (const line of lines) {
    if (line.startsWith('m=')) {
      if (media !== undefined) break;
      if (/^m=application \S+ (\S+\/)?(DTLS\/)?SCTP\b/i.test(line)) {
        media = [];
        mediaLine = line;
      } else {
        isOther = true;
      }
    } else if (media !== undefined) {
      media.push(line.trimEnd());
    } else if (!isOther) {
      session.push(line.trimEnd());
    }
  }
  if (media === undefined) throw refuse('malformed-sdp', 'no m=application section for data channels');
  return { session, media, mediaLine };
}

function find(lines: readonly string[], name: string): string | undefined {
  const prefix = `a=${name}:`;
  return lines
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function parseFingerprint(lines: readonly string[]): Bytes | undefined {
  const prefix = 'a=fingerprint:sha-256 ';
  const line = lines.find((candidate) => candidate.toLowerCase().startsWith(prefix));
  if (line === undefined) return undefined;
  const text = line.slice(prefix.length).trim();
  const bytes = /^[0-9a-f]{2}(:[0-9a-f]{2}){31}$/i.test(text) ? fromHex(text.replaceAll(':', '')) : undefined;
  if (bytes === undefined) throw refuse('malformed-sdp', 'a=fingerprint:sha-256 wanted 32 hexadecimal pairs');
  return bytes;
}

function noFingerprint(): never {
  throw refuse('missing-fingerprint', 'no a=fingerprint with sha-256');
}

/** `m=application 9 DTLS/SCTP 5000`: before RFC 8841 the format was the port. */
function legacySctpPort(mediaLine: string): string {
  const format = mediaLine.split(/\s+/)[3] ?? '';
  return /^\d+$/.test(format) ? format : '5000';
}

function parseSctpPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw refuse('malformed-sdp', `a=sctp-port:${text} out of range`);
  return port;
}

function parseMaxMessageSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_MESSAGE_SIZE;
  if (!/^\d{1,40}$/.test(text)) throw refuse('malformed-sdp', `a=max-message-size:${text.slice(0, 50)} is no number`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const key = JSON.stringify(candidate);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function refuse(code: 'malformed-sdp' | 'missing-credentials' | 'missing-fingerprint', message: string): TransferError {
  return new TransferError(code, 'remote', message);
}
