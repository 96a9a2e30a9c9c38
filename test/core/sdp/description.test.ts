import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TransferError } from '../../../src/core/errors.ts';
import { parseDescription, writeDescription } from '../../../src/core/sdp/description.ts';
import { description } from '../../support/arbitraries.ts';

const folder = new URL('../../vectors/sdp/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.sdp'));
const chromium = readFileSync(new URL('05-chromium156-camperm-v4v6-tcp-offer.sdp', folder), 'utf8');

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof TransferError && error.origin === 'remote') return error.code;
    throw error;
  }
  return 'none';
}

/** The candidates that have to be kept, read in the plainest way. */
function expectedCandidates(sdp: string): string[] {
  return sdp
    .split('\r\n')
    .filter((line) => line.startsWith('a=candidate:'))
    .map((line) => line.split(' '))
    .filter(
      (parts) => parts[1] === '1' && !parts.includes('active') && parts[4] !== '::1' && !parts[4]?.startsWith('127.'),
    )
    .map((parts) => `${parts[7]} ${parts[2]?.toLowerCase()} ${parts[4]} ${parts[5]}`);
}

describe('SDP of real browsers', () => {
  test('there are some', () => {
    expect(files.length).toBeGreaterThanOrEqual(35);
  });

  test.each(files)('%s keeps everything that counts', (file) => {
    const sdp = readFileSync(new URL(file, folder), 'utf8');
    const parsed = parseDescription(sdp);
    const value = (name: string): string | undefined => new RegExp(`^a=${name}:(.*)\r$`, 'm').exec(sdp)?.[1];
    expect(parsed.ufrag).toBe(value('ice-ufrag'));
    expect(parsed.pwd).toBe(value('ice-pwd'));
    const fingerprint = /a=fingerprint:sha-256 (\S+)/i.exec(sdp)?.[1]?.toUpperCase();
    expect(writeDescription(parsed, { type: 'offer', setup: 'actpass', mid: '0' })).toContain(fingerprint);
    expect(parsed.candidates.map((c) => `${c.type} ${c.protocol} ${c.address} ${c.port}`)).toEqual(
      expectedCandidates(sdp),
    );
    expect(parsed.sctpPort).toBe(Number(value('sctp-port') ?? /^a=sctpmap:(\d+)/m.exec(sdp)?.[1] ?? 5000));
    expect(parsed.maxMessageSize).toBe(Number(value('max-message-size') ?? 65_536));
  });
});

describe('reading', () => {
  test('takes LF, CR and a missing last line end', () => {
    const wanted = parseDescription(chromium);
    expect(parseDescription(chromium.replaceAll('\r\n', '\n'))).toEqual(wanted);
    expect(parseDescription(chromium.replaceAll('\r\n', '\r'))).toEqual(wanted);
    expect(parseDescription(chromium.trimEnd())).toEqual(wanted);
  });

  test('says which thing is missing', () => {
    expect(codeOf(() => parseDescription(''))).toBe('malformed-sdp');
    expect(codeOf(() => parseDescription('hello'))).toBe('malformed-sdp');
    expect(
      codeOf(() => parseDescription(chromium.replace(/m=application.*\r\n/, 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'))),
    ).toBe('malformed-sdp');
    expect(codeOf(() => parseDescription(chromium.replace(/a=ice-ufrag.*\r\n/, '')))).toBe('missing-credentials');
    expect(codeOf(() => parseDescription(chromium.replace(/a=ice-pwd.*\r\n/, '')))).toBe('missing-credentials');
    expect(codeOf(() => parseDescription(chromium.replace(/a=fingerprint.*\r\n/, '')))).toBe('missing-fingerprint');
    expect(codeOf(() => parseDescription(chromium.replace('sha-256', 'sha-1')))).toBe('missing-fingerprint');
    expect(codeOf(() => parseDescription(chromium.replace(/(sha-256 ..:)../, '$1XX')))).toBe('malformed-sdp');
    expect(codeOf(() => parseDescription(chromium.replace(/a=ice-ufrag:.*/, 'a=ice-ufrag:ab')))).toBe('malformed-sdp');
    expect(codeOf(() => parseDescription(chromium.replace(/a=sctp-port:.*/, 'a=sctp-port:0')))).toBe('malformed-sdp');
    expect(codeOf(() => parseDescription(`${chromium}a=candidate:broken\r\n`))).toBe('malformed-sdp');
  });

  test('takes the data section of an SDP with audio and video, and no attribute of those', () => {
    const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:AUDI\r\na=mid:a\r\n';
    const mixed = chromium.replace('m=application', `${audio}m=application`);
    expect(parseDescription(mixed)).toEqual(parseDescription(chromium));
  });

  test('takes SHA-256 of several fingerprints, in either case', () => {
    const sha1 = `a=fingerprint:sha-1 ${Array.from({ length: 20 }, () => '00').join(':')}\r\n`;
    const several = chromium.replace(
      /a=fingerprint:sha-256 (.*)\r\n/,
      (_, hex: string) => `${sha1}a=fingerprint:SHA-256 ${hex.toLowerCase()}\r\n`,
    );
    expect(parseDescription(several)).toEqual(parseDescription(chromium));
  });

  test('keeps passive TCP and drops what a peer cannot use', () => {
    const lines = [
      'a=candidate:1 1 TCP 1 192.168.1.2 50001 typ host tcptype passive',
      'a=candidate:2 1 TCP 1 192.168.1.2 9 typ host tcptype active',
      'a=candidate:3 1 udp 1 127.0.0.1 50002 typ host',
      'a=candidate:4 2 udp 1 192.168.1.2 50003 typ host',
      'a=candidate:5 1 sctp 1 192.168.1.2 50004 typ host',
      'a=candidate:6 1 udp 1 192.168.1.2 0 typ host',
      'a=candidate:7 1 udp 1 ::1 50005 typ host',
    ];
    const only = chromium.replaceAll(/a=candidate.*\r\n/g, '') + lines.map((line) => `${line}\r\n`).join('');
    expect(parseDescription(only).candidates).toEqual([
      { type: 'host', protocol: 'tcp', tcpType: 'passive', address: '192.168.1.2', port: 50_001 },
    ]);
  });

  test('any text gives a description or a remote error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .tuple(fc.nat(chromium.length), fc.string())
            .map(([at, s]) => chromium.slice(0, at) + s + chromium.slice(at)),
        ),
        (text) => {
          codeOf(() => parseDescription(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('whatever is written is read again, as an offer and as an answer', () => {
  fc.assert(
    fc.property(description, fc.constantFrom('active', 'passive', 'actpass'), (wanted, setup) => {
      const sdp = writeDescription(wanted, { type: setup === 'actpass' ? 'offer' : 'answer', setup, mid: '0' });
      expect(parseDescription(sdp)).toEqual(wanted);
      expect(sdp.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }),
  );
});
