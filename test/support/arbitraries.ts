import * as fc from 'fast-check';
import { formatIpv4, formatIpv6, isLoopback } from '../../src/core/sdp/address.ts';
import type { Candidate } from '../../src/core/sdp/candidate.ts';
import type { Description } from '../../src/core/sdp/description.ts';

const ICE_CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function bytes(length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Uint8Array.from(array));
}

function text(characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength, maxLength });
}

const ipv4 = fc
  .oneof(
    bytes(4),
    bytes(2).map((tail) => Uint8Array.of(192, 168, ...tail)),
    bytes(3).map((tail) => Uint8Array.of(10, ...tail)),
  )
  .map(formatIpv4)
  .filter((address) => !isLoopback(address));
const ipv6 = fc
  .oneof(
    bytes(16),
    bytes(8).map((tail) => Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 7, ...tail)),
  )
  .map(formatIpv6)
  .filter((address) => !isLoopback(address));
const address = fc.oneof(
  ipv4,
  ipv6,
  fc.uuid().map((uuid) => `${uuid}.local`),
  text('abcdefghijklmnopqrstuvwxyz', 1, 20).map((name) => `${name}.example`),
);

// Properties are spread below because each case needs an object of its own shape.
/* oxlint-disable oxc/no-map-spread */
export const candidate: fc.Arbitrary<Candidate> = fc
  .record({
    type: fc.constantFrom('host', 'srflx', 'prflx', 'relay'),
    address,
    port: fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constant(50_000)),
    transport: fc.constantFrom('udp', 'udp', 'udp', 'passive', 'so'),
  })
  .map(({ transport, ...rest }) =>
    transport === 'udp' ? { ...rest, protocol: 'udp' } : { ...rest, protocol: 'tcp', tcpType: transport },
  );

const credentials = fc.oneof(
  fc.record({ ufrag: text(ICE_CHARS, 4, 4), pwd: text(ICE_CHARS, 24, 24) }),
  fc.record({ ufrag: text('0123456789abcdef', 8, 8), pwd: text('0123456789abcdef', 32, 32) }),
  fc.record({ ufrag: text(ICE_CHARS, 4, 256), pwd: text(ICE_CHARS, 22, 256) }),
);

/** Any description that a ticket can carry. */
export const description: fc.Arbitrary<Description> = fc
  .record({
    credentials,
    fingerprint: bytes(32),
    candidates: fc.uniqueArray(candidate, { maxLength: 12, selector: (item) => JSON.stringify(item) }),
    sctpPort: fc.oneof(fc.constant(5000), fc.integer({ min: 1, max: 65_535 })),
    maxMessageSize: fc.oneof(fc.constantFrom(0, 65_536, 262_144, 1_073_741_823), fc.maxSafeNat()),
  })
  .map(({ credentials: { ufrag, pwd }, ...rest }) => ({ ufrag, pwd, ...rest }));
