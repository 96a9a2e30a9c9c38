import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIceUri, isTurn, parseIceUri } from '../../../src/core/reach/ice-uri.ts';

function spelled(text: string): string {
  const uri = parseIceUri(text);
  return typeof uri === 'string' ? `problem: ${uri}` : formatIceUri(uri);
}

describe('the address of a server', () => {
  // The examples of RFC 7064 §3.1 appendix A and RFC 7065 appendix A, and what people type.
  test.each([
    ['stun:example.org', 'stun:example.org'],
    ['stuns:example.org', 'stuns:example.org'],
    ['stun:example.org:8000', 'stun:example.org:8000'],
    ['turn:example.org?transport=udp', 'turn:example.org?transport=udp'],
    ['turns:example.org:8000?transport=tcp', 'turns:example.org:8000?transport=tcp'],
    ['stun:192.0.2.7:3478', 'stun:192.0.2.7:3478'],
    ['stun:[2001:DB8::0:1]:3478', 'stun:[2001:db8::1]:3478'],
    ['  STUN:Stun.Example.ORG  ', 'stun:stun.example.org'],
    ['stun.example.org', 'stun:stun.example.org'],
    ['stun.example.org:19302', 'stun:stun.example.org:19302'],
    ['turn.example.org', 'turn:turn.example.org'],
    ['turn2.example.org:443?transport=TCP', 'turn:turn2.example.org:443?transport=tcp'],
    ['turn://relay.example.org/', 'turn:relay.example.org'],
    ['2001:db8::1', 'stun:[2001:db8::1]'],
    ['192.0.2.7', 'stun:192.0.2.7'],
    ['localhost', 'stun:localhost'],
  ])('%s is %s', (typed, kept) => {
    expect(spelled(typed)).toBe(kept);
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['https://example.org', 'other-scheme'],
    ['mailto:somebody', 'other-scheme'],
    ['stun:', 'bad-host'],
    ['stun:two words', 'bad-host'],
    ['stun:192.0.2.999', 'bad-host'],
    ['stun:[192.0.2.1]', 'bad-host'],
    ['stun:[2001:db8::1', 'bad-host'],
    [`stun:${'a'.repeat(400)}`, 'bad-host'],
    ['stun:example.org:0', 'bad-port'],
    ['stun:example.org:65536', 'bad-port'],
    ['stun:example.org:', 'bad-port'],
    ['stun.example.org:port', 'bad-port'],
    ['stun:example.org?transport=udp', 'stun-query'],
    ['turn:example.org?transport=sctp', 'bad-query'],
    ['turn:example.org?', 'bad-query'],
    ['turn:anna:secret@example.org', 'has-user'],
  ])('%s: %s', (typed, problem) => {
    expect(spelled(typed)).toBe(`problem: ${problem}`);
  });

  test('what was read once is read again as the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .tuple(
              fc.constantFrom('stun:', 'turn:', 'turns:', ''),
              fc.oneof(
                fc.domain(),
                fc.ipV4(),
                fc.ipV6().map((address) => `[${address}]`),
              ),
              fc.constantFrom('', ':3478', ':0'),
              fc.constantFrom('', '?transport=udp', '?x'),
            )
            .map((parts) => parts.join('')),
        ),
        (text) => {
          const uri = parseIceUri(text);
          if (typeof uri === 'string') return;
          expect(parseIceUri(formatIceUri(uri))).toEqual(uri);
          expect(isTurn(uri) || uri.transport === undefined).toBe(true);
        },
      ),
    );
  });
});
