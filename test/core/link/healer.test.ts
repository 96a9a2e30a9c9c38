import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Healer, type HealerInput } from '../../../src/core/link/healer.ts';

class Bench {
  readonly healer: Healer;
  readonly log: string[] = [];
  nowMs = 0;

  constructor(dialsFirst = true) {
    this.healer = new Healer({ dialsFirst });
  }

  /** Does all that is due until then. */
  at(untilMs: number): this {
    for (
      let dueMs = this.healer.deadlineMs();
      dueMs !== undefined && dueMs <= untilMs;
      dueMs = this.healer.deadlineMs()
    ) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.#handle({ type: 'timeout' });
    }
    this.nowMs = untilMs;
    return this;
  }

  on(type: Exclude<HealerInput['type'], 'timeout'>): this {
    this.#handle({ type });
    return this;
  }

  #handle(input: HealerInput): void {
    this.healer.handle(input, this.nowMs);
    for (let output = this.healer.poll(); output !== undefined; output = this.healer.poll()) {
      this.log.push(`${this.nowMs} ${output.type === 'changed' ? output.state : output.type}`);
    }
  }
}

describe('healer', () => {
  test('dials at once when the link is lost, or leaves the other two seconds to do so', () => {
    expect(new Bench(true).on('linked').on('lost').at(100).log).toEqual(['0 linked', '0 reconnecting', '0 dial']);
    expect(new Bench(false).on('linked').on('lost').at(2000).log).toEqual(['0 linked', '0 reconnecting', '2000 dial']);
  });

  test('hangs up a dial that does not open, and tries again ever more seldom', () => {
    const { log } = new Bench().on('linked').on('lost').at(15_000);
    expect(log.slice(2)).toEqual([
      '0 dial',
      '4000 hangUp',
      '4250 dial',
      '8250 hangUp',
      '8750 dial',
      '12750 hangUp',
      '13750 dial',
    ]);
  });

  test('a dial that failed by itself is not hung up', () => {
    const { log } = new Bench().on('linked').on('lost').at(10).on('dialFailed').at(260);
    expect(log.slice(2)).toEqual(['0 dial', '260 dial']);
  });

  test('tells after a minute, dials now and then, and takes a link all the same', () => {
    const bench = new Bench().on('linked').on('lost').at(61_000);
    expect(bench.log.at(-1)).toBe('60000 lost');
    expect(bench.at(125_000).log.slice(-3)).toEqual(['90000 dial', '94000 hangUp', '124000 dial']);
    expect(bench.on('linked').log.slice(-2)).toEqual(['125000 hangUp', '125000 linked']);
    expect(bench.healer.deadlineMs()).toBeUndefined();
  });

  test('a link that is silent for a minute is as good as lost, until it is heard', () => {
    const bench = new Bench().on('linked').on('silent').at(61_000);
    expect(bench.log.at(-1)).toBe('60000 lost');
    expect(bench.on('heard').log.at(-1)).toBe('61000 linked');
  });

  test('dials for a silent link, and lets that be when the link is heard again', () => {
    const bench = new Bench().on('linked').at(100).on('silent').at(200);
    expect(bench.log.slice(1)).toEqual(['100 silent', '100 dial']);
    expect(bench.on('heard').log.slice(-2)).toEqual(['200 hangUp', '200 linked']);
    expect(bench.healer.deadlineMs()).toBeUndefined();
  });

  test('a silent link that ends is lost, and the dial goes on', () => {
    const { log } = new Bench().on('linked').on('silent').at(100).on('lost').at(200);
    expect(log.slice(-2)).toEqual(['0 dial', '100 reconnecting']);
  });

  test('waits for a peer whose page went away, without dialing', () => {
    const { log } = new Bench().on('linked').on('peerLeft').on('lost').at(70_000);
    expect(log).toEqual(['0 linked', '0 reconnecting', '60000 lost']);
  });

  test('a page that was loaded looks for its peer for a while', () => {
    const { log } = new Bench(false).on('look').at(30_500);
    expect(log.slice(0, 2)).toEqual(['0 reconnecting', '0 dial']);
    expect(log.at(-1)).toBe('30000 lost');
  });

  test('what somebody ended stays so', () => {
    const { log, healer } = new Bench().on('linked').on('ended').on('lost').on('wake').at(10_000);
    expect(log).toEqual(['0 linked', '0 idle']);
    expect(healer.deadlineMs()).toBeUndefined();
  });

  test('does not wait when the network comes back', () => {
    const bench = new Bench().on('linked').on('lost').at(9000);
    bench.on('dialFailed').at(9100).on('wake').at(9100);
    expect(bench.log.at(-1)).toBe('9100 dial');
    const lost = new Bench().on('linked').on('lost').at(70_000).on('wake').at(70_000);
    expect(lost.log.slice(-2)).toEqual(['70000 reconnecting', '70000 dial']);
  });

  test('whatever happens, at most one dial at a time, none while linked, and never without an end', () => {
    const types = ['linked', 'lost', 'silent', 'heard', 'peerLeft', 'look', 'dialFailed', 'wake', 'ended'] as const;
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.record({ type: fc.constantFrom(...types), afterMs: fc.nat(9000) }), { maxLength: 40 }),
        (dialsFirst, steps) => {
          const bench = new Bench(dialsFirst);
          for (const { type, afterMs } of steps) bench.at(bench.nowMs + afterMs).on(type);
          bench.at(bench.nowMs + 200_000);
          expect(['idle', 'linked', 'lost']).toContain(bench.healer.state);
          expect(bench.healer.deadlineMs() === undefined).toBe(bench.healer.state !== 'lost');
          let state = 'idle';
          let isDialing = false;
          for (const [, what = ''] of bench.log.map((line) => line.split(' '))) {
            if (what === 'dial') {
              expect([isDialing, state === 'linked' || state === 'idle']).toEqual([false, false]);
              isDialing = true;
            } else if (what === 'hangUp') isDialing = false;
            else state = what;
            // Dials that failed by themselves leave no line.
            if (what === 'dial' && steps.some(({ type }) => type === 'dialFailed')) isDialing = false;
          }
        },
      ),
    );
  });
});
