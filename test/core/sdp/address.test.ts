import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalAddress, formatIpv6, isLoopback, parseIpv4, parseIpv6 } from '../../../src/core/sdp/address.ts';

describe('IPv6', () => {
  test.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s is written %s (RFC 5952)', (text, wanted) => {
    expect(canonicalAddress(text)).toBe(wanted);
  });

  test.each([
    '1::2::3',
    ':::',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    'g::',
    '1.2.3.4::',
    ':1:2:3:4:5:6:7',
  ])('%s is no address', (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });

  test('any 16 bytes survive being written and read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (array) => {
        const bytes = Uint8Array.from(array);
        expect(parseIpv6(formatIpv6(bytes))).toEqual(bytes);
      }),
    );
  });
});

test('IPv4 takes four numbers up to 255 and nothing else', () => {
  expect(parseIpv4('192.168.0.255')).toEqual(Uint8Array.of(192, 168, 0, 255));
  for (const text of ['256.1.1.1', '1.2.3', '1.2.3.4.5', 'a.b.c.d', '']) expect(parseIpv4(text)).toBeUndefined();
});

test('loopback is known in both families', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
  expect(['128.0.0.1', '::2', 'localhost.local'].some(isLoopback)).toBe(false);
});

test('names are kept as they are; what is neither name nor address is refused', () => {
  expect(canonicalAddress('4F3A.Local')).toBe('4F3A.Local');
  for (const text of ['1.2.3', '1.2.3.999', '', 'a b', 'é.local', 'a..b', 'a'.repeat(254)]) {
    expect(canonicalAddress(text)).toBeUndefined();
  }
});
