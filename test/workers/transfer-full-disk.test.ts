import { expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import { MemorySource } from '../support/memory-source.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { Simulation } from '../support/simulation.ts';

const ID = '00112233445566778899aabbccddeeff';
const WINDOW_BYTES = 3 * BLOCK_BYTES;
/** What need not be said yet of credit that was given back: WIRE.md §4.4. */
const HELD_BACK_BYTES = WINDOW_BYTES / 8;
const NOISE = new SeededRandom(1).bytes(6 * BLOCK_BYTES);
const VAIN_RESUMES = 5;
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);

/** In the middle of a file somebody else takes the room: it was all claimed when the file was begun. */
const CASES = [
  { when: 'before the first byte', sizes: [4 * BLOCK_BYTES + 5], quotaBytes: 0, firstBytes: 0 },
  { when: 'between two files', sizes: [2 * BLOCK_BYTES, 4 * BLOCK_BYTES], quotaBytes: 3 * BLOCK_BYTES, firstBytes: 0 },
  { when: 'in the middle of a file', sizes: [6 * BLOCK_BYTES], quotaBytes: 1, firstBytes: 2 * BLOCK_BYTES },
] as const;

test.each(CASES)(
  'a disk that is full $when takes no credit with it, however often somebody goes on',
  { timeout: 120_000 },
  async ({ sizes, quotaBytes, firstBytes }) => {
    for (const seed of SEEDS) {
      const simulation = new Simulation(seed, { windowBytes: WINDOW_BYTES, frameBytes: 64 * 1024 });
      const { a, b, random } = simulation;
      const link = await simulation.connect();
      a.send(
        ID,
        sizes.map((size, i) => new MemorySource(`file ${i}`, NOISE.subarray(0, size))),
      );
      if (firstBytes > 0) await simulation.run(() => b.storedBytes >= firstBytes);
      b.store.quotaBytes = quotaBytes;
      for (let resumes = 0; resumes < VAIN_RESUMES; resumes++) {
        await simulation.run(() => b.states.get(ID) === 'paused');
        expect([b.states.get(ID), b.failures.get(ID)], `seed ${seed}, ${resumes}`).toEqual(['paused', 'disk-full']);
        if (random.chance(0.5)) await rest(simulation, seed);
        // The screens may be behind: somebody still presses what was there a moment ago.
        for (const device of [a, b]) if (random.chance(0.3)) device.post({ type: 'pause', transferId: ID });
        if (random.chance(0.5)) await simulation.run(() => random.chance(0.5));
        for (const device of [a, b, b]) if (random.chance(0.5)) device.post({ type: 'resume', transferId: ID });
        for (const device of [a, b]) device.post({ type: 'resume', transferId: ID });
        await simulation.run(() => b.states.get(ID) === 'running');
      }
      await rest(simulation, seed);
      b.store.quotaBytes = Number.POSITIVE_INFINITY;
      b.post({ type: 'resume', transferId: ID });
      await simulation.run(() => a.states.get(ID) === 'verified');
      expect([a.states.get(ID), b.states.get(ID)], `seed ${seed}`).toEqual(['verified', 'verified']);
      expect(link.seen.get('halt')).toBeGreaterThanOrEqual(VAIN_RESUMES);
      expect([...a.linkFailures, ...b.linkFailures]).toEqual([]);
    }
  },
);

/** Nothing moves any more: both are paused, and the whole window is free. */
async function rest(simulation: Simulation, seed: number): Promise<void> {
  await simulation.run(() => false);
  const { a, b, link } = simulation;
  expect([a.states.get(ID), b.states.get(ID)], `seed ${seed}`).toEqual(['paused', 'paused']);
  const { sentBytes, deliveredBytes, givenBytes, grantedBytes } = link.meters.ab;
  expect([sentBytes, givenBytes]).toEqual([deliveredBytes, grantedBytes]);
  expect(grantedBytes - sentBytes, `seed ${seed}`).toBeGreaterThan(WINDOW_BYTES - HELD_BACK_BYTES);
}

test('files are not closed under blocks that are still being written when another one finds the disk full', async () => {
  for (const seed of SEEDS) {
    // Two are written at once: the last of the first file beside the one that has no room.
    const options = { windowBytes: 2 * WINDOW_BYTES, storesAtOnce: 2, checkpointMs: 100 };
    const simulation = new Simulation(seed, options);
    const { a, b, random } = simulation;
    b.store.quotaBytes = 3 * BLOCK_BYTES;
    b.faults.writeMs = 300;
    await simulation.connect();
    a.send(
      ID,
      [3, 1].map((blocks, i) => new MemorySource(`file ${i}`, NOISE.subarray(0, blocks * BLOCK_BYTES))),
    );
    for (let resumes = 0; resumes < VAIN_RESUMES; resumes++) {
      await simulation.run(() => b.states.get(ID) === 'paused');
      if (random.chance(0.5)) await simulation.run(() => random.chance(0.2));
      b.post({ type: 'resume', transferId: ID });
      await simulation.run(() => b.states.get(ID) === 'running');
    }
    await rest(simulation, seed);
    const failures = b.events.flatMap((event) => (event.type === 'state' ? (event.failure?.code ?? []) : []));
    expect(new Set(failures), `seed ${seed}`).toEqual(new Set(['disk-full']));
    expect([...b.disk.corruptions.keys()], `seed ${seed}`).toEqual([]);
    expect([...b.disk.writes.values()], `seed ${seed}`).toEqual([1, 1, 1]);
  }
});
