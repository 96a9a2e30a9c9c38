import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex, type Bytes } from '../../../src/core/bytes.ts';
import { TransferError } from '../../../src/core/errors.ts';
import { STRING_BITS, Verification, type VerificationState } from '../../../src/core/pairing/verification.ts';
import type { Description } from '../../../src/core/sdp/description.ts';
import type { VerificationFrame } from '../../../src/core/wire/control-frame.ts';
import { description } from '../../support/arbitraries.ts';
import { madeUpDescription } from '../../support/descriptions.ts';

const nonceBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

interface Side {
  readonly machine: Verification;
  readonly sent: VerificationFrame[];
}

function side(mine: Description, theirs: Description, nonce: Bytes, isBySight = false): Side {
  const machine = new Verification({ mine, theirs, nonce, isBySight });
  return { machine, sent: [machine.start()] };
}

/** Carries frames between two sides until nobody has anything to say. */
function exchange(one: Side, two: Side): void {
  const delivered = new Map<Side, number>([
    [one, 0],
    [two, 0],
  ]);
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      const at = delivered.get(from) ?? 0;
      const frame = from.sent[at];
      if (frame === undefined) continue;
      isBusy = true;
      delivered.set(from, at + 1);
      give(to, frame);
    }
  }
}

function give(to: Side, frame: VerificationFrame): void {
  const answer = to.machine.handle(frame);
  if (answer !== undefined) to.sent.push(answer);
}

function done({ machine }: Side): Extract<VerificationState, { name: 'done' }> {
  if (machine.state.name !== 'done') throw new Error(`still ${machine.state.name}`);
  return machine.state;
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof TransferError && error.origin === 'remote') return error.code;
    throw error;
  }
  return 'none';
}

const alice = madeUpDescription(1, 'chromium');
const bob = madeUpDescription(2, 'firefox');
const mallory = madeUpDescription(3, 'chromium');
const mallory2 = madeUpDescription(4, 'firefox');

const nonce = (value: number): Bytes => new Uint8Array(32).fill(value);

describe('two devices', () => {
  test('get the same string, whatever their codes and nonces', () => {
    fc.assert(
      fc.property(description, description, nonceBytes, nonceBytes, (a, b, nonceA, nonceB) => {
        const one = side(a, b, nonceA);
        const two = side(b, a, nonceB);
        exchange(one, two);
        expect(done(one).string).toEqual(done(two).string);
        const { signs, digits } = done(one).string;
        const bits = signs.reduce((sum, sign) => sum * 64 + sign, 0);
        expect([bits < 2 ** STRING_BITS, Number(digits), digits.length, signs.length]).toEqual([true, bits, 8, 4]);
      }),
      { numRuns: 300 },
    );
  });

  test('are verified by sight only where both looked', () => {
    for (const a of [false, true]) {
      for (const b of [false, true]) {
        const one = side(alice, bob, nonce(1), a);
        const two = side(bob, alice, nonce(2), b);
        exchange(one, two);
        expect([done(one).isBySight, done(two).isBySight]).toEqual([a && b, a && b]);
      }
    }
  });

  test('get another string with any other nonce or code: no two of 2000 are expected to agree more than by chance', () => {
    const strings = Array.from({ length: 2_000 }, (_, i) => {
      const fresh = nonce(0);
      new DataView(fresh.buffer).setUint32(0, i);
      const one = side(alice, bob, fresh);
      const two = side(bob, alice, nonce(9));
      exchange(one, two);
      return done(one).string.digits;
    });
    // 2000 of 2^24: 0.12 pairs expected; 5 or more happen once in 10 million.
    expect(strings.length - new Set(strings).size).toBeLessThan(5);
  });
});

/** Mallory speaks to Alice as `mallory`, to Bob as `mallory2`: DTLS makes sure of that. */
const legs = (): { toAlice: Side; toBob: Side; victimA: Side; victimB: Side } => ({
  victimA: side(alice, mallory, nonce(1)),
  victimB: side(bob, mallory2, nonce(2)),
  toAlice: side(mallory, alice, nonce(3)),
  toBob: side(mallory2, bob, nonce(4)),
});

describe('a man in the middle', () => {
  test('who runs the protocol on both legs is given away: the strings differ', () => {
    fc.assert(
      fc.property(nonceBytes, nonceBytes, nonceBytes, nonceBytes, (a, b, m, n) => {
        const victimA = side(alice, mallory, a);
        const victimB = side(bob, mallory2, b);
        exchange(victimA, side(mallory, alice, m));
        exchange(victimB, side(mallory2, bob, n));
        fc.pre(done(victimA).string.digits !== done(victimB).string.digits);
        expect(done(victimA).string.signs).not.toEqual(done(victimB).string.signs);
      }),
      { numRuns: 300, maxSkipsPerRun: 1 },
    );
  });

  test('who passes the frames of the victims on is refused: a commitment binds its maker’s code', () => {
    const { victimA, victimB } = legs();
    expect(codeOf(() => exchange(victimA, victimB))).toBe('peer-differs');
    expect([victimA, victimB].map(({ machine }) => machine.state.name)).not.toContain('done');
  });

  test('who sends a victim its own commitment back is refused', () => {
    const { victimA } = legs();
    const [commit] = victimA.sent;
    if (commit === undefined) throw new Error('nothing was sent');
    give(victimA, commit);
    const reveal = victimA.sent.at(-1);
    if (reveal?.name !== 'reveal') throw new Error('no nonce');
    expect(codeOf(() => give(victimA, reveal))).toBe('peer-differs');
  });

  test('sees no nonce before having committed, and cannot change it after', () => {
    const { victimA, toAlice } = legs();
    expect(victimA.sent.map(({ name }) => name)).toEqual(['commit']);
    const [commit] = toAlice.sent;
    if (commit === undefined) throw new Error('nothing was sent');
    give(victimA, commit);
    expect(victimA.sent.map(({ name }) => name)).toEqual(['commit', 'reveal']);
    // Now that Alice's nonce is known, every other nonce than the committed one is refused.
    fc.assert(
      fc.property(nonceBytes, (other) => {
        fc.pre(toHex(other) !== toHex(nonce(3)));
        const victim = side(alice, mallory, nonce(1));
        give(victim, commit);
        expect(codeOf(() => give(victim, { name: 'reveal', nonce: other, isBySight: false }))).toBe('peer-differs');
      }),
      { numRuns: 200 },
    );
  });

  test('frames out of turn are violations', () => {
    const { victimA, toAlice } = legs();
    const reveal: VerificationFrame = { name: 'reveal', nonce: nonce(3), isBySight: false };
    expect(codeOf(() => give(victimA, reveal))).toBe('protocol-violation');
    const [commit] = toAlice.sent;
    if (commit === undefined) throw new Error('nothing was sent');
    give(victimA, commit);
    expect(codeOf(() => give(victimA, commit))).toBe('protocol-violation');
    give(victimA, reveal);
    expect(victimA.machine.state.name).toBe('done');
    expect(codeOf(() => give(victimA, reveal))).toBe('protocol-violation');
    expect(codeOf(() => give(victimA, commit))).toBe('protocol-violation');
  });
});
