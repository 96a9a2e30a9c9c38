import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../../src/core/transfer/blocks.ts';
import { runSchedule } from '../../support/run-schedule.ts';
import type { Act, PlannedLink, PlannedTransfer, Schedule } from '../../support/schedule.ts';
import type { Side } from '../../support/simulated-link.ts';
import { runAll } from '../../support/simulate-seeds.ts';

/*
 * One small run whose every frame is known, and each thing that can go wrong after each of its frames: what random
 * schedules may miss by chance.
 */
const THERE: PlannedTransfer = {
  id: '0a'.repeat(16),
  from: 'a',
  kind: 'files',
  files: [
    { path: 'long', sizeBytes: BLOCK_BYTES + 1 },
    { path: 'empty', sizeBytes: 0 },
    { path: 'folder', sizeBytes: 0, isFolder: true },
    { path: 'folder', sizeBytes: 5000 },
  ],
  isDeclined: false,
  link: 0,
};
const SMALL: PlannedTransfer = { ...THERE, files: THERE.files.slice(1) };
const BACK: PlannedTransfer = { ...SMALL, id: '0b'.repeat(16), from: 'b' };

function scheduleOf(transfers: readonly PlannedTransfer[], links: readonly PlannedLink[], vainResumes = 0): Schedule {
  const options = { windowBytes: 4 * BLOCK_BYTES, frameBytes: 256 * 1024, checkpointBytes: 1 };
  return { seed: 7, options, transfers, links, vainResumes };
}

/** Frames of the run in which nothing goes wrong. */
async function framesOf(transfers: readonly PlannedTransfer[]): Promise<readonly number[]> {
  const { frames } = await runSchedule(scheduleOf(transfers, []));
  const count = [...frames.values()].reduce((sum, seen) => sum + seen, 0);
  expect(count).toBeGreaterThan(8);
  // Data frames are not among them.
  return Array.from({ length: count + 8 }, (_, frame) => frame);
}

const ACTS: readonly Act[] = [
  { type: 'stall' },
  { type: 'slowDisk', writeMs: 300 },
  { type: 'failDisk', operation: 'open' },
  { type: 'failDisk', operation: 'write' },
  { type: 'failDisk', operation: 'read' },
  { type: 'failDisk', operation: 'flush' },
  { type: 'failJournal' },
  { type: 'corruptReads', count: 2 },
  { type: 'corruptReads', count: 3 },
  { type: 'fillDisk', roomBytes: 0 },
  { type: 'pause', transfer: 0 },
  { type: 'cancel', transfer: 0 },
  { type: 'forge', lane: 'control', hex: '' },
  { type: 'forge', lane: 'data', hex: '10' },
  { type: 'forge', lane: 'control', hex: 'ff00' },
  { type: 'disturb', lane: 'control', mischief: 'duplicate' },
  { type: 'disturb', lane: 'control', mischief: 'swap' },
  { type: 'disturb', lane: 'control', mischief: 'truncate' },
  { type: 'disturb', lane: 'data', mischief: 'duplicate' },
];

describe('whatever happens after any frame', () => {
  const reloads: readonly (readonly Side[])[] = [[], ['a'], ['b'], ['a', 'b']];

  test.each(reloads.map((sides) => ({ sides })))('a cut, with pages that die: $sides', async ({ sides }) => {
    const cuts = (await framesOf([THERE])).map((cutAfter) => ({ acts: [], cutAfter, reloads: sides }));
    await runAll(cuts.map((cut) => scheduleOf([THERE], [cut])));
    // And a second one as soon as it goes on.
    await runAll(cuts.map((cut) => scheduleOf([SMALL], [cut, { ...cut, cutAfter: 6 }])));
  });

  test('a cut, with transfers in both directions', async () => {
    const frames = await framesOf([SMALL, BACK]);
    await runAll(frames.map((cutAfter) => scheduleOf([SMALL, BACK], [{ acts: [], cutAfter, reloads: [] }])));
  });

  test.each(['a', 'b'] as const)('every fault, and every command, at %s', async (side) => {
    const frames = await framesOf([SMALL]);
    const links = frames.flatMap((frame) =>
      ACTS.map((act): PlannedLink => ({ acts: [{ frame, side, act }], cutAfter: undefined, reloads: [] })),
    );
    await runAll(links.map((link) => scheduleOf([SMALL], [link])));
  });

  test('a full disk, with people that go on again and again before there is room', async () => {
    const frames = await framesOf([SMALL]);
    const links = frames.map((frame): PlannedLink => {
      return {
        acts: [{ frame, side: 'b', act: { type: 'fillDisk', roomBytes: 0 } }],
        cutAfter: undefined,
        reloads: [],
      };
    });
    await runAll(links.map((link) => Object.assign(scheduleOf([SMALL], [link]), { vainResumes: 5 })));
  });

  test.each(['a', 'b'] as const)('a fault at %s, whose page then dies', async (side) => {
    const frames = await framesOf([SMALL]);
    const links = frames.flatMap((frame) =>
      ACTS.map((act): PlannedLink => ({ acts: [{ frame, side, act }], cutAfter: frame + 6, reloads: [side] })),
    );
    await runAll(links.map((link) => scheduleOf([SMALL], [link])));
  });
});
