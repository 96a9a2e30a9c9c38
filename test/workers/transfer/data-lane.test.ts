import { describe, expect, test } from 'vitest';
import { DataLane } from '../../../src/workers/transfer/data-lane.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { SimulatedChannel } from '../../support/simulated-channel.ts';
import { channelPair } from '../../support/simulated-channel.ts';

const KIB = 1024;
const FRAME = new Uint8Array(64 * KIB);

interface Rig {
  readonly clock: FakeClock;
  readonly channel: SimulatedChannel;
  readonly lane: DataLane;
}

function rig(): Rig {
  const clock = new FakeClock();
  const [channel, peer] = channelPair(true);
  const events = { opened: () => {}, closed: () => {}, message: () => {}, drained: () => {} };
  const lane = new DataLane(channel, clock, events);
  channel.open();
  peer.open();
  return { clock, channel, lane };
}

/** Fills it as far as it lets, and drains it in so long. @returns what it took, KiB */
function fillAndDrain({ clock, channel, lane }: Rig, drainMs: number): number {
  while (lane.hasRoom) lane.send(FRAME);
  const takenKib = channel.bufferedAmount / KIB;
  clock.pass(drainMs);
  while (channel.isWaiting) channel.deliver();
  return takenKib;
}

describe('DataLane', () => {
  test('a fast channel is filled higher and higher, up to 4 MiB', () => {
    const fast = rig();
    const taken = Array.from({ length: 5 }, () => fillAndDrain(fast, 40));
    expect(taken).toEqual([1024, 2048, 4096, 4096, 4096]);
  });

  test('a slow one less and less, down to 128 KiB', () => {
    const slow = rig();
    const taken = Array.from({ length: 6 }, () => fillAndDrain(slow, 2000));
    expect(taken).toEqual([1024, 512, 256, 128, 128, 128]);
  });

  test('one in between is left as it is', () => {
    const lane = rig();
    expect(Array.from({ length: 3 }, () => fillAndDrain(lane, 500))).toEqual([1024, 1024, 1024]);
  });

  test('a closed channel has no room', () => {
    const { channel, lane } = rig();
    channel.close();
    expect(lane.hasRoom).toBe(false);
  });
});
