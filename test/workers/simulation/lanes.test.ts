import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../../src/core/transfer/blocks.ts';
import { runSchedule } from '../../support/run-schedule.ts';
import type { PlannedTransfer, Schedule } from '../../support/schedule.ts';
import { drawLanesSchedule } from '../../support/schedule.ts';
import { runAll } from '../../support/simulate-seeds.ts';
import type { Side } from '../../support/simulated-link.ts';

const LONG: PlannedTransfer = {
  id: '0a'.repeat(16),
  from: 'a',
  kind: 'files',
  files: [
    { path: 'long', sizeBytes: 3 * BLOCK_BYTES },
    { path: 'odd', sizeBytes: 2 * BLOCK_BYTES + 1 },
    { path: 'longer', sizeBytes: 3 * BLOCK_BYTES },
    { path: 'short', sizeBytes: 5000 },
  ],
  isDeclined: false,
  link: 0,
};

function scheduleOf(cuts: readonly { readonly frame: number; readonly seenBy: readonly Side[] }[]): Schedule {
  const options = { windowBytes: 3 * BLOCK_BYTES, stripeBytes: 64 * 1024, firstLanes: 4 };
  const acts = cuts.map(({ frame, seenBy }) => {
    return { frame, side: 'a', act: { type: 'cutLane', lane: frame, seenBy } } as const;
  });
  return { seed: 11, options, transfers: [LONG], links: [{ acts, cutAfter: undefined, reloads: [] }] };
}

describe('several lanes', { timeout: 10 * 60_000 }, () => {
  test('seeds 1 to 60 end as planned, with lanes that are lost, and no rule broken', async () => {
    const covered = await runAll(Array.from({ length: 60 }, (_, i) => drawLanesSchedule(1 + i)));
    for (const wanted of ['lane', 'laneAck', 'laneEnd', 'cutLane', 'verified/verified'])
      expect(covered).toContain(wanted);
  });

  test.each([{ seenBy: [] }, { seenBy: ['a'] }, { seenBy: ['b'] }, { seenBy: ['a', 'b'] }] as const)(
    'whatever frame a lane is lost after, seen by $seenBy, the link goes on over the others',
    async ({ seenBy }) => {
      let lostBytes = 0;
      for (let frame = 20; frame < 220; frame += 4) {
        const tally = await runSchedule(scheduleOf([{ frame, seenBy }]));
        expect(tally.links, `frame ${frame}`).toBe(1);
        expect(tally.outcomes).toEqual(['verified/verified']);
        lostBytes += tally.lostBytes;
      }
      // Or it would say nothing.
      expect(lostBytes).toBeGreaterThan(BLOCK_BYTES);
    },
  );
});
