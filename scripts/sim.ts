/**
 * `npm run sim -- [--seeds N] [--seed S] [--lanes]`: N (default 2000) simulated runs of the transfer engine against itself, with
 * faults drawn from the seeds S (default 1), S + 1, … Every rule that a run breaks is printed with the whole schedule,
 * and the same seed breaks it again: `--seed S --seeds 1`. With `--lanes` each link has several, some of which are lost.
 */
import { parseArgs } from 'node:util';
import { runSchedule } from '../test/support/run-schedule.ts';
import { describeSchedule, drawLanesSchedule, drawSchedule } from '../test/support/schedule.ts';

const MAX_FAILURES_SHOWN = 10;
const SEEDS_PER_LINE = 1000;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { seeds: { type: 'string' }, seed: { type: 'string' }, lanes: { type: 'boolean', default: false } },
  });
  const count = wholeNumber('--seeds', values.seeds ?? '2000');
  const first = wholeNumber('--seed', values.seed ?? '1');
  let failures = 0;
  for (let seed = first; seed < first + count; seed++) {
    const schedule = values.lanes ? drawLanesSchedule(seed) : drawSchedule(seed);
    try {
      await runSchedule(schedule);
    } catch (error) {
      failures += 1;
      if (failures <= MAX_FAILURES_SHOWN) console.error(`FAILED: ${String(error)}\n${describeSchedule(schedule)}\n`);
    }
    const done = seed - first + 1;
    if (done % SEEDS_PER_LINE === 0 || done === count) console.log(`${done} of ${count} seeds, ${failures} failed`);
  }
  return failures === 0 ? 0 : 1;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option}: wanted a whole number from 1 on, got ${text}`);
  return value;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
