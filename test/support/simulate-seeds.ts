import { expect, test } from 'vitest';
import { runSchedule } from './run-schedule.ts';
import type { Schedule } from './schedule.ts';
import { describeSchedule, drawSchedule } from './schedule.ts';

/** Only against hanging. */
const TIMEOUT_MS = 10 * 60_000;
const MAX_FAILURES_SHOWN = 3;

/**
 * What the seeds of one file have to have seen at least once each, or the test says nothing. Not CONFIRM, which few of
 * them draw: `test/workers/transfer-resume.test.ts` has it.
 */
const WANTED_FRAMES =
  'hello error credit resume offer manifest manifestAck have claim accept decline pause cancel halt retry progress root verified';
const WANTED_ACTS =
  'stall unstall slowDisk failDisk failJournal corruptReads fillDisk pause resume resumeWhileFull cancel forge duplicate swap truncate';
const WANTED_OUTCOMES = 'verified/verified declined/declined cancelled/cancelled';
const WANTED_FAILURES = 'malformed-frame protocol-violation';

/** One file of `npm test` is one shard, so that they run side by side. `npm run sim` runs any other seeds. */
export function testSeeds(first: number, count: number): void {
  test(
    `seeds ${first} to ${first + count - 1} end as planned, with no rule broken`,
    { timeout: TIMEOUT_MS },
    async () => {
      const covered = await runAll(Array.from({ length: count }, (_, i) => drawSchedule(first + i)));
      for (const wanted of [WANTED_FRAMES, WANTED_ACTS, WANTED_OUTCOMES, WANTED_FAILURES]) {
        expect([...covered]).toEqual(expect.arrayContaining(wanted.split(' ')));
      }
    },
  );
}

/** Runs all, and throws with the whole schedule of those that broke a rule. @returns what happened at least once */
export async function runAll(schedules: readonly Schedule[]): Promise<ReadonlySet<string>> {
  const covered = new Set<string>();
  const failures: string[] = [];
  for (const schedule of schedules) {
    try {
      const { frames, acts, outcomes, linkFailures } = await runSchedule(schedule);
      for (const what of [...frames.keys(), ...acts, ...outcomes, ...linkFailures]) covered.add(what);
    } catch (error) {
      failures.push(`${String(error)}\n${describeSchedule(schedule)}`);
    }
  }
  const shown = failures.slice(0, MAX_FAILURES_SHOWN).join('\n\n');
  if (failures.length > 0) throw new Error(`${failures.length} of ${schedules.length} failed:\n\n${shown}`);
  return covered;
}
