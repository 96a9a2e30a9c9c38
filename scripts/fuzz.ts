/**
 * `npm run fuzz -- [--count N] [--seed S]`: N (default 1 000 000) mutated and random inputs to every decoder of
 * codes, of frames and of the journal's records. A value or a TransferError, never anything else, never more than 10 ms,
 * and no more memory than a few times the frame: else it prints the input and fails. The same seed gives the same inputs.
 */
import { parseArgs } from 'node:util';
import { fuzzOnce, MAX_DECODE_MS } from '../test/support/fuzz.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';

const MAX_FAULTS_SHOWN = 20;

function main(args: string[]): number {
  const { values } = parseArgs({ args, options: { count: { type: 'string' }, seed: { type: 'string' } } });
  const count = wholeNumber('--count', values.count ?? '1000000');
  const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000_000));
  const random = new SeededRandom(seed);
  const tallies = new Map<string, { inputs: number; values: number; slowestMs: number }>();
  let faults = 0;
  for (let i = 0; i < count; i++) {
    const { decoder, outcome, fault, ms } = fuzzOnce(random);
    const tally = tallies.get(decoder) ?? { inputs: 0, values: 0, slowestMs: 0 };
    tallies.set(decoder, tally);
    tally.inputs += 1;
    if (outcome === 'value') tally.values += 1;
    tally.slowestMs = Math.max(tally.slowestMs, ms);
    if (fault === undefined) continue;
    faults += 1;
    if (faults <= MAX_FAULTS_SHOWN) console.error(fault);
  }
  for (const [decoder, { inputs, values: taken, slowestMs }] of tallies) {
    console.log(`${decoder.padEnd(20)} ${inputs} inputs, ${taken} taken, slowest ${slowestMs.toFixed(2)} ms`);
  }
  console.log(`seed ${seed}: ${count} inputs, ${faults} faults (allowed: ${MAX_DECODE_MS} ms)`);
  return faults === 0 ? 0 : 1;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option}: wanted a whole number from 1 on, got ${text}`);
  return value;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
