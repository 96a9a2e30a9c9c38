import { describe, expect, test } from 'vitest';
import { Pulse } from '../../../src/core/transfer/pulse.ts';

/** Lets the pulse do everything that is due until `untilMs`. */
class Watch {
  readonly log: string[] = [];
  readonly pulse = new Pulse(
    { pingAfterMs: 1500, silentAfterMs: 4500 },
    {
      ping: (token) => this.log.push(`${this.nowMs} ping ${token}`),
      event: (type) => this.log.push(`${this.nowMs} ${type}`),
    },
  );
  nowMs = 0;

  run(untilMs: number): void {
    for (let atMs = this.pulse.deadlineMs(); atMs <= untilMs; atMs = this.pulse.deadlineMs()) {
      this.nowMs = atMs;
      this.pulse.timeout(atMs);
    }
    this.nowMs = untilMs;
  }
}

describe('pulse', () => {
  test('asks nothing while frames come', () => {
    const watch = new Watch();
    watch.pulse.start(0);
    for (let ms = 0; ms < 10_000; ms += 1000) {
      watch.run(ms);
      watch.pulse.heard(ms);
    }
    expect(watch.log).toEqual([]);
  });

  test('asks, and calls a peer silent that does not answer, once, within 5 s', () => {
    const watch = new Watch();
    watch.pulse.start(0);
    watch.run(6000);
    expect(watch.log).toEqual(['1500 ping 1', '3000 ping 2', '4500 ping 3', '4500 linkSilent', '6000 ping 4']);
  });

  test('hears a silent peer again', () => {
    const watch = new Watch();
    watch.pulse.start(0);
    watch.run(5000);
    watch.pulse.heard(5000);
    watch.pulse.heard(5100);
    watch.run(6000);
    expect(watch.log.filter((line) => line.includes('link'))).toEqual(['4500 linkSilent', '5000 linkHeard']);
  });

  test('a page that was frozen asks first', () => {
    const watch = new Watch();
    watch.pulse.start(0);
    watch.nowMs = 60_000;
    watch.pulse.timeout(60_000);
    expect(watch.log).toEqual(['60000 ping 1']);
    watch.run(63_000);
    expect(watch.log.at(-1)).toBe('63000 linkSilent');
  });

  test('measures the round trip of the last question, and of no other', () => {
    const watch = new Watch();
    watch.pulse.start(0);
    watch.run(1500);
    watch.pulse.ponged(7, 1520);
    expect(watch.pulse.roundTripMs).toBeUndefined();
    watch.pulse.ponged(1, 1530);
    expect(watch.pulse.roundTripMs).toBe(30);
  });

  test('without a link there is nothing to wait for', () => {
    const watch = new Watch();
    expect(watch.pulse.deadlineMs()).toBe(Number.POSITIVE_INFINITY);
    watch.pulse.heard(5);
    watch.pulse.start(10);
    watch.pulse.stop();
    expect(watch.pulse.deadlineMs()).toBe(Number.POSITIVE_INFINITY);
    expect(watch.log).toEqual([]);
  });
});
