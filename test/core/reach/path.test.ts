import { describe, expect, test } from 'vitest';
import { addressScope, isSameSubnet, redactAddress } from '../../../src/core/reach/address-scope.ts';
import type { ConnectionFacts, SeenCandidate } from '../../../src/core/reach/facts.ts';
import { kindOfPath } from '../../../src/core/reach/path.ts';
import { writeReport } from '../../../src/core/reach/report.ts';

const NAME = '753ef488-0ed0-45c0-a2c7-b4dd4538a108.local';

function end(type: SeenCandidate['type'], address: string | undefined): SeenCandidate {
  return { type, protocol: 'udp', address, port: 40_000 };
}

test.each([
  ['192.168.1.1', 'private'],
  ['10.255.0.1', 'private'],
  ['172.31.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['169.254.3.4', 'private'],
  ['100.64.0.1', 'tunnel'],
  ['100.128.0.1', 'public'],
  ['198.18.0.1', 'tunnel'],
  ['203.0.113.9', 'public'],
  ['fe80::1', 'private'],
  ['fd00::1', 'private'],
  ['fd7a:115c:a1e0::1', 'tunnel'],
  ['2001:db8::1', 'public'],
  [NAME, 'hidden'],
])('%s is %s', (address, scope) => {
  expect(addressScope(address)).toBe(scope);
});

test.each([
  ['192.168.1.1', '192.168.1.200', true],
  ['192.168.1.1', '192.168.2.1', false],
  ['10.1.2.3', '10.1.9.9', true],
  ['10.1.2.3', '10.2.2.3', false],
  ['fd00::1', 'fd00::2', true],
  ['fd00::1', 'fd00:0:0:1::1', false],
  ['192.168.1.1', 'fd00::1', false],
  [NAME, NAME, false],
])('%s and %s are neighbours: %s', (one, two, isSame) => {
  expect(isSameSubnet(one, two)).toBe(isSame);
});

test.each([
  ['two own addresses', end('host', '192.168.1.7'), end('host', '192.168.1.8'), 'direct'],
  ['hidden ones', end('host', undefined), end('prflx', undefined), 'direct'],
  ['a neighbour seen before its name was found', end('host', NAME), end('prflx', '192.168.1.8'), 'direct'],
  ['an address that STUN told', end('srflx', '203.0.113.2'), end('host', '198.51.100.2'), 'nat'],
  ['a public address that was seen', end('host', undefined), end('prflx', '203.0.113.2'), 'nat'],
  ['my relay', end('relay', '192.0.2.9'), end('host', '198.51.100.2'), 'relayed'],
  ['their relay', end('prflx', '198.51.100.2'), end('relay', '192.0.2.9'), 'relayed'],
] as const)('%s: %s and %s are a way that is %s', (_, local, remote, kind) => {
  expect(kindOfPath({ local, remote })).toBe(kind);
});

describe('the report', () => {
  const facts: ConnectionFacts = {
    iceState: 'connected',
    dtlsState: 'connected',
    locals: [
      { ...end('host', '192.168.178.23'), networkType: 'wifi' },
      { ...end('relay', '198.51.100.99'), relayProtocol: 'tls' },
      end('host', NAME),
      end('host', NAME),
      end('host', 'my-laptop.example.org'),
    ],
    remotes: [end('srflx', '203.0.113.77'), end('host', '2001:db8:85a3:8d3:1319:8a2e:370:7348')],
    checksReceived: 7,
    answersReceived: 6,
    path: {
      local: { ...end('host', '192.168.178.23'), networkType: 'wifi' },
      remote: end('srflx', '203.0.113.77'),
      roundTripMs: 12.4,
      bytesSent: 1000,
      bytesReceived: 2000,
    },
    isLocalNetworkDenied: false,
  };
  const report = writeReport({ facts, kind: 'nat', laneCount: 1, sendBytesPerSec: 5.4, receiveBytesPerSec: undefined });

  test('says how it goes', () => {
    expect(report.split('\n').slice(1)).toEqual([
      'path: nat',
      'ice: connected, dtls: connected',
      'local: host udp 192.168.x.x wifi',
      'remote: srflx udp 203.0.x.x',
      'round trip: 12 ms',
      'sent: 1000 bytes, now 5 bytes/s',
      'received: 2000 bytes, now unknown',
      'lanes: 1',
      'local candidates: host udp (name); 2 x host udp (name).local; host udp 192.168.x.x wifi; relay udp 198.51.x.x relay over tls',
      'remote candidates: host udp 2001:0db8:x; srflx udp 203.0.x.x',
    ]);
  });

  test('has no whole address, no name and no port in it', () => {
    for (const { address, port } of [...facts.locals, ...facts.remotes]) {
      expect(report).not.toContain(address);
      expect(report).not.toContain(String(port));
    }
    expect(report).not.toMatch(/my-laptop|753ef488|7348/);
  });

  test('can be made where there is no path', () => {
    const none = { ...facts, path: undefined, locals: [], remotes: [] };
    const text = writeReport({
      facts: none,
      kind: undefined,
      laneCount: 0,
      sendBytesPerSec: undefined,
      receiveBytesPerSec: undefined,
    });
    expect(text).toContain('path: none');
    expect(text).toContain('local candidates: none');
  });
});

test('of an address the half that names its network is left', () => {
  expect(['203.0.113.9', 'fe80::1', NAME, 'host.example.org'].map(redactAddress)).toEqual([
    '203.0.x.x',
    'fe80:0000:x',
    '(name).local',
    '(name)',
  ]);
});
