import { createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex, type Bytes } from '../../../src/core/bytes.ts';
import { hkdf, hmac } from '../../../src/core/link/hkdf.ts';
import {
  callCredentials,
  callIdOf,
  isCallOf,
  knownToken,
  peerIdOf,
  sharedSecret,
  standbyCredentials,
} from '../../../src/core/link/keys.ts';
import { isPwd, isUfrag } from '../../../src/core/sdp/description.ts';

const anyBytes = fc.uint8Array({ maxLength: 200 }).map((value) => new Uint8Array(value));

function hex(text: string): Bytes {
  return fromHex(text) ?? new Uint8Array(0);
}

function part(fill: number) {
  return { fingerprint: new Uint8Array(32).fill(fill), nonce: new Uint8Array(32).fill(fill + 100) };
}

describe('hkdf', () => {
  test('RFC 5869 test case 1', () => {
    const output = hkdf(
      { secret: hex('0b'.repeat(22)), salt: hex('000102030405060708090a0b0c'), info: hex('f0f1f2f3f4f5f6f7f8f9') },
      42,
    );
    expect(toHex(output)).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
  });

  test('gives what the platform gives', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, anyBytes, fc.integer({ min: 1, max: 200 }), (secret, salt, info, length) => {
        expect(toHex(hmac(salt, secret))).toBe(createHmac('sha256', salt).update(secret).digest('hex'));
        const wanted = Buffer.from(hkdfSync('sha256', secret, salt, info, length)).toString('hex');
        expect(toHex(hkdf({ secret, salt, info }, length))).toBe(wanted);
      }),
      { numRuns: 100 },
    );
  });
});

describe('keys', () => {
  const secret = sharedSecret(part(1), part(2));

  test('both ends have the same secret, and nobody else', () => {
    expect(toHex(sharedSecret(part(2), part(1)))).toBe(toHex(secret));
    expect(toHex(sharedSecret(part(1), part(3)))).not.toBe(toHex(secret));
    const swapped = { fingerprint: part(1).fingerprint, nonce: part(2).nonce };
    expect(toHex(sharedSecret(swapped, { ...part(2), nonce: part(1).nonce }))).not.toBe(toHex(secret));
  });

  test('credentials are ICE credentials, of that standby only', () => {
    const one = standbyCredentials(secret, 'aa'.repeat(16));
    expect([isUfrag(one.ufrag), isPwd(one.pwd), one.ufrag.length, one.pwd.length]).toEqual([true, true, 8, 24]);
    expect(standbyCredentials(secret, 'ab'.repeat(16))).not.toEqual(one);
  });

  test('a call says whom it is for, to them only', () => {
    const callId = callIdOf(secret, Uint8Array.of(1, 2, 3, 4));
    expect(callId).toMatch(/^01020304[0-9a-f]{8}$/);
    expect([isCallOf(secret, callId), isCallOf(sharedSecret(part(1), part(3)), callId)]).toEqual([true, false]);
    expect(
      isCallOf(
        secret,
        callId.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
    ).toBe(false);
    const { ufrag, pwd } = callCredentials(secret, callId);
    expect([isUfrag(ufrag), isPwd(pwd)]).toEqual([true, true]);
    expect(callCredentials(secret, callIdOf(secret, Uint8Array.of(1, 2, 3, 5)))).not.toEqual({ ufrag, pwd });
  });

  test('a token is for one direction of one link', () => {
    const token = knownToken(secret, part(5), part(6));
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(knownToken(secret, part(6), part(5))).not.toBe(token);
    expect(knownToken(secret, part(5), part(7))).not.toBe(token);
  });

  test('gives the values of LINK.md §6', () => {
    const lines = readFileSync('src/core/link/LINK.md', 'utf8').matchAll(/^(\w+) ([\w+/]+)$/gm);
    const vector = Object.fromEntries(Array.from(lines, ([, name, value]) => [name, value]));
    const { ufrag, pwd } = standbyCredentials(secret, vector['standbyId'] ?? '');
    const token = knownToken(secret, part(3), part(4));
    expect({
      secret: toHex(secret),
      peerId: peerIdOf(secret),
      standbyId: vector['standbyId'],
      ufrag,
      pwd,
      token,
    }).toEqual(vector);
  });
});
