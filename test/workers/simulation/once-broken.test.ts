import { test } from 'vitest';
import { drawSchedule } from '../../support/schedule.ts';
import { runAll } from '../../support/simulate-seeds.ts';

/* Schedules that found something, for as long as they draw the same. */

test('a cancel that meets the end of a transfer leaves nothing of it', { timeout: 60_000 }, async () => {
  await runAll([31_244, 31_479].map((seed) => drawSchedule(seed)));
});
