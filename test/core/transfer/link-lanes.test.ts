import { describe, expect, test } from 'vitest';
import { TransferError } from '../../../src/core/errors.ts';
import type { ControlFrame } from '../../../src/core/wire/control-frame.ts';
import { LinkLanes } from '../../../src/core/transfer/link-lanes.ts';
import { DEFAULT_OPTIONS } from '../../../src/core/transfer/options.ts';
import type { SentRecord } from '../../../src/core/transfer/sent-frames.ts';

const SENDING = { isSending: true, isStarved: true, egressBytes: 0 };

/** One end of a link, with the other end, the pages and the sender made by hand. */
class Bench {
  readonly sent: ControlFrame[] = [];
  readonly events: string[] = [];
  readonly lost: SentRecord[] = [];
  readonly arrived: SentRecord[] = [];
  readonly lanes: LinkLanes;
  nowMs = 0;

  constructor(firstLanes = 2) {
    this.lanes = new LinkLanes(
      { ...DEFAULT_OPTIONS, firstLanes },
      {
        send: (frame) => {
          if (frame.name !== 'ping') this.sent.push(frame);
        },
        event: (type, lane) => this.events.push(`${type} ${lane}`),
        lost: (records) => this.lost.push(...records),
      },
      0,
    );
  }

  tick(ms = 250, sample = SENDING): void {
    this.nowMs += ms;
    this.lanes.timeout(sample, this.nowMs);
  }

  /** Lane 1 is asked for, and open. */
  open(): this {
    this.tick();
    this.lanes.said(1);
    this.lanes.heard(1, this.nowMs);
    this.lanes.opened(1, this.nowMs);
    this.events.length = 0;
    return this;
  }

  send(lane: number, block: number): void {
    const sender = { arrived: (record: SentRecord) => this.arrived.push(record), lost: () => true };
    const record = { sender, number: 1, block, offset: 0, payloadBytes: 10, isLast: false };
    this.lanes.sent(lane, [record], this.nowMs);
  }

  ack(lane: number, frames: number): void {
    this.lanes.handle({ name: 'laneAck', lane, frames }, this.nowMs);
  }

  end(lane: number, frames: number): void {
    this.lanes.handle({ name: 'laneEnd', lane, frames }, this.nowMs);
  }

  blocks(records: readonly SentRecord[]): readonly number[] {
    return records.map(({ block }) => block);
  }
}

function expectRemote(action: () => unknown, code: string): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TransferError);
  expect(thrown).toMatchObject({ code, origin: 'remote' });
}

describe('LinkLanes', () => {
  test('asks for a lane under a new number, and uses it when it is open', () => {
    const bench = new Bench();
    bench.tick();
    expect(bench.events).toEqual(['openLane 1']);
    expect(bench.lanes.isUsable(1)).toBe(false);
    expect(bench.lanes.said(1)).toBe(true);
    expect(bench.lanes.said(1)).toBe(false);
    expect(bench.lanes.heard(1, 300)).toBe(true);
    expect(bench.lanes.opened(1, 400)).toBe(true);
    expect(bench.lanes.isUsable(1)).toBe(true);
    expect(bench.lanes.isStriped).toBe(true);
  });

  test('tells the page of a lane that the peer begins, and opens it', () => {
    const bench = new Bench(1);
    expect(bench.lanes.heard(7, 0)).toBe(true);
    expect(bench.lanes.said(7)).toBe(true);
    expect(bench.lanes.opened(7, 10)).toBe(true);
    expect(bench.lanes.isStriped).toBe(true);
  });

  test('acknowledges each data frame while there are several lanes, and none while there is one', () => {
    const bench = new Bench();
    bench.lanes.received(0, 0);
    expect(bench.sent).toEqual([]);
    bench.open();
    bench.lanes.received(0, 0);
    bench.lanes.received(1, 0);
    expect(bench.sent).toEqual([
      { name: 'laneAck', lane: 0, frames: 2 },
      { name: 'laneAck', lane: 1, frames: 1 },
    ]);
  });

  test('sends again exactly what the peer has not counted, and only when it has said so', () => {
    const bench = new Bench().open();
    for (const block of [1, 2, 3, 4]) bench.send(1, block);
    bench.ack(1, 1);
    bench.lanes.closed(1, bench.nowMs);
    expect(bench.sent).toEqual([{ name: 'laneEnd', lane: 1, frames: 0 }]);
    expect(bench.events).toEqual(['closeLane 1']);
    expect(bench.lost).toEqual([]);
    bench.end(1, 3);
    expect(bench.blocks(bench.arrived)).toEqual([1, 2, 3]);
    expect(bench.blocks(bench.lost)).toEqual([4]);
  });

  test('answers the end of a lane with its own, and takes nothing more from it', () => {
    const bench = new Bench().open();
    bench.lanes.received(1, 0);
    bench.sent.length = 0;
    bench.end(1, 0);
    expect(bench.sent).toEqual([{ name: 'laneEnd', lane: 1, frames: 1 }]);
    expect(bench.lanes.received(1, 0)).toBe(false);
    expect(bench.lanes.isUsable(1)).toBe(false);
  });

  test('what is on the first lane counts as arrived when it is the only one again', () => {
    const bench = new Bench().open();
    bench.send(0, 5);
    bench.end(1, 0);
    expect(bench.blocks(bench.arrived)).toEqual([5]);
    // It was on its way.
    bench.ack(0, 1);
  });

  test('a lane on which nothing arrives, while it does on others, is given up after 5 s', () => {
    const bench = new Bench().open();
    bench.send(0, 1);
    bench.send(1, 2);
    bench.tick();
    bench.ack(0, 1);
    bench.tick(4500);
    expect(bench.events).toEqual([]);
    bench.tick(500);
    expect(bench.events).toContain('closeLane 1');
  });

  test('no lane is given up while nothing arrives on any', () => {
    const bench = new Bench().open();
    bench.send(0, 1);
    bench.send(1, 2);
    bench.tick(10_000);
    expect(bench.events).toEqual([]);
  });

  test('a lane that does not open within 15 s is given up, at the peer too if it knows of it', () => {
    const bench = new Bench();
    bench.tick();
    bench.tick(15_000);
    expect(bench.events).toContain('closeLane 1');
    expect(bench.sent).toEqual([]);
    const other = new Bench(1);
    other.lanes.heard(1, 0);
    other.tick(15_000);
    expect(other.sent).toEqual([{ name: 'laneEnd', lane: 1, frames: 0 }]);
  });

  test('a word of the peer about a lane that was given up before it knew is answered by its end', () => {
    const bench = new Bench();
    bench.tick();
    bench.lanes.closed(1, bench.nowMs);
    expect(bench.sent).toEqual([]);
    expect(bench.lanes.heard(1, bench.nowMs)).toBe(false);
    expect(bench.sent).toEqual([{ name: 'laneEnd', lane: 1, frames: 0 }]);
    bench.end(1, 0);
  });

  test('lanes that are not needed end when everything on them has arrived', () => {
    const bench = new Bench().open();
    bench.send(1, 1);
    bench.tick(30_000, { isSending: false, isStarved: false, egressBytes: 0 });
    expect(bench.lanes.isUsable(1)).toBe(false);
    expect(bench.events).toEqual([]);
    bench.ack(1, 1);
    expect(bench.events).toEqual(['closeLane 1']);
    expect(bench.sent).toEqual([{ name: 'laneEnd', lane: 1, frames: 0 }]);
  });

  test('no lane is given back while the first one does not move', () => {
    const bench = new Bench().open();
    bench.send(0, 1);
    bench.tick(30_000, { isSending: false, isStarved: false, egressBytes: 0 });
    expect(bench.lanes.isUsable(1)).toBe(true);
    bench.ack(0, 1);
    bench.tick(250, { isSending: false, isStarved: false, egressBytes: 0 });
    expect(bench.lanes.isUsable(1)).toBe(false);
  });

  test('what cannot be is a violation', () => {
    const bench = new Bench().open();
    bench.send(1, 1);
    expectRemote(() => bench.lanes.heard(1, 0), 'protocol-violation');
    expectRemote(() => bench.ack(1, 2), 'protocol-violation');
    expectRemote(() => bench.ack(9, 0), 'protocol-violation');
    expectRemote(() => bench.end(9, 0), 'protocol-violation');
    bench.ack(1, 1);
    expectRemote(() => bench.ack(1, 0), 'protocol-violation');
    bench.end(1, 1);
    bench.ack(1, 1);
    expectRemote(() => bench.end(1, 1), 'protocol-violation');
  });

  test('no more than 32 lanes are named at once', () => {
    const bench = new Bench(1);
    for (let lane = 1; lane <= 32; lane++) bench.lanes.heard(lane, 0);
    expectRemote(() => bench.lanes.heard(33, 0), 'limit-exceeded');
    bench.end(1, 0);
    bench.lanes.heard(33, 0);
  });
});
