import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import { hasBit } from '../../src/core/transfer/block-map.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { fastHasher } from '../support/node-hasher.ts';
import type { SimulatedLink } from '../support/simulated-link.ts';
import { MemorySource } from '../support/simulated-device.ts';
import { settle, Simulation } from '../support/simulation.ts';

/*
 * Schedules of faults drawn from a seed. Whatever happens: the bytes are equal in the end, each block is written once
 * per checkpointed life, credit is never exceeded and memory bounded (both checked by the simulated link and here),
 * progress never goes back (checked by the simulated device), and only what is missing travels after a cut.
 *
 * SIM_SEEDS=N runs N seeds instead of 300, SIM_SEED=S only that one.
 */
const SEEDS = seedsToRun();
const ID = '5eed'.repeat(8);
const WINDOW_BYTES = 2 * BLOCK_BYTES;

describe('any schedule of faults', () => {
  test(`${SEEDS.length} seeds end with equal bytes and no rule broken`, { timeout: 600_000 }, async () => {
    for (const seed of SEEDS) {
      try {
        await runSchedule(seed);
      } catch (error) {
        throw new Error(`seed ${seed} (run it alone with SIM_SEED=${seed}): ${String(error)}`, { cause: error });
      }
    }
  });
});

async function runSchedule(seed: number): Promise<void> {
  const simulation = new Simulation(seed, { windowBytes: WINDOW_BYTES, checkpointBytes: 2 * BLOCK_BYTES }, fastHasher);
  const { random, a, b } = simulation;
  const files = drawFiles(simulation);
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const isDone = () => a.states.get(ID) === 'verified' && b.states.get(ID) === 'verified';
  b.store.quotaBytes = random.chance(0.15) ? totalBytes * random.fraction() : Number.POSITIVE_INFINITY;
  let corruptions = 0;
  let badWrites = 0;
  // What the receiver believes that it has, as `fileIndex/block in file`.
  let believed = new Set<string>();
  a.send(ID, files);
  for (let life = 0; !isDone() && life < 40; life++) {
    b.failures.delete(ID);
    const link = await simulation.connect();
    const before = { storedBytes: b.storedBytes };
    const faults = drawFaults(simulation, life);
    corruptions += faults.corruptReads;
    b.faults.corruptReads += faults.corruptReads;
    if (faults.isStalled) b.faults.isStalled = true;
    if (faults.failsJournal) b.journal.failNext();
    if (faults.failsWrite) b.store.failNext('write');
    if (faults.failsWrite || faults.failsJournal) badWrites++;
    let lastDeliveries = 0;
    await simulation.run(() => {
      checkMemory(link, b.storedBytes - before.storedBytes, badWrites > 0);
      if (b.faults.isStalled && link.deliveries - lastDeliveries > 60) b.unstall();
      if (!b.faults.isStalled) lastDeliveries = link.deliveries;
      return isDone() || link.deliveries >= faults.cutAfter || b.failures.has(ID);
    }, 5000);
    b.unstall();
    await settle();
    if (believed.size > 0 && corruptions === 0) expectNothingTwice(link, files, believed);
    if (b.failures.has(ID)) {
      expect(['disk-full', 'storage-failed', 'block-corrupt']).toContain(b.failures.get(ID));
      if (b.failures.get(ID) === 'block-corrupt') return;
      // Space was made.
      b.store.quotaBytes = Number.POSITIVE_INFINITY;
    }
    if (isDone()) break;
    link.cut();
    await settle();
    if (faults.garbles) await garble(simulation);
    if (faults.reloads) {
      b.reload();
      b.acceptsAll = true;
      await settle();
      believed = await checkpointed(simulation, files);
      b.writes.clear();
      for (const place of believed) b.writes.set(`${ID}/${place}`, 1);
    } else believed = new Set([...b.writes.keys()].map((key) => key.slice(ID.length + 1)));
  }
  expect([a.states.get(ID), b.states.get(ID)]).toEqual(['verified', 'verified']);
  expect(a.roots.get(ID)).toBe(b.roots.get(ID));
  if (corruptions === 0) expect(Math.max(0, ...b.writes.values())).toBeLessThanOrEqual(1);
  for (const [index, file] of files.entries()) {
    const received = Buffer.from(await (await b.store.blob(ID, index)).arrayBuffer());
    expect(received.equals(Buffer.from(file.bytes)), `file ${index}`).toBe(true);
  }
}

/** What files are cut from: cheaper than new noise for each. */
const NOISE = new SeededRandom(1).bytes(3 * BLOCK_BYTES + 4096);

function noise(length: number, at: number): Bytes {
  return NOISE.subarray(at, at + length);
}

function drawFiles({ random }: Simulation): readonly MemorySource[] {
  const sizes = [0, 1, random.between(2, 5000), BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1];
  const count = random.chance(0.1) ? random.between(100, 300) : random.between(1, 4);
  const isMany = count > 4;
  return Array.from({ length: count }, (_, i) => {
    const isLong = i === 0 && random.chance(0.25);
    const size = isMany ? random.between(0, 3000) : isLong ? 3 * BLOCK_BYTES : random.pick(sizes);
    return new MemorySource(random.pick(['a', `b/${i}`, '../x', 'con']), noise(size, random.between(0, 4095)));
  });
}

interface Faults {
  readonly cutAfter: number;
  readonly reloads: boolean;
  readonly corruptReads: number;
  readonly isStalled: boolean;
  readonly failsJournal: boolean;
  readonly failsWrite: boolean;
  readonly garbles: boolean;
}

function drawFaults({ random }: Simulation, life: number): Faults {
  const isCalm = life > 5;
  return {
    cutAfter: isCalm || random.chance(0.3) ? Number.POSITIVE_INFINITY : random.between(1, 120),
    reloads: !isCalm && random.chance(0.4),
    corruptReads: !isCalm && random.chance(0.1) ? random.between(1, 3) : 0,
    isStalled: random.chance(0.2),
    failsJournal: !isCalm && random.chance(0.1),
    failsWrite: !isCalm && random.chance(0.1),
    garbles: !isCalm && random.chance(0.1),
  };
}

/** Payload that was delivered and is not on disk: never more than the window. */
function checkMemory(link: SimulatedLink, storedBytes: number, hasDropped: boolean): void {
  const heldBytes = link.meters.ab.deliveredBytes - storedBytes;
  if (!hasDropped && heldBytes > WINDOW_BYTES) throw new Error(`receiver holds ${heldBytes} bytes`);
}

/** A peer that sends nonsense ends its link with a typed error, and harms nothing. */
async function garble(simulation: Simulation): Promise<void> {
  const { random, b } = simulation;
  const link = await simulation.connect();
  const channel = random.pick([link.a.control, link.a.data]);
  channel.onSend = undefined;
  link.a.control.queue.length = 0;
  const failuresBefore = b.linkFailures.length;
  b.runner.attach(1_000_000 + simulation.links.length, link.b.control, link.b.data);
  channel.peer?.onMessage?.(random.bytes(random.between(0, 40)));
  await settle();
  expect(b.linkFailures.length).toBeGreaterThanOrEqual(failuresBefore);
  for (const code of b.linkFailures)
    expect(code).toMatch(/^(malformed-frame|protocol-violation|limit-exceeded|link-lost)$/);
  link.cut();
  await settle();
}

/** `fileIndex/block in file` of every block that the journal vouches for. */
async function checkpointed(simulation: Simulation, files: readonly MemorySource[]): Promise<Set<string>> {
  const places = blockPlaces(files);
  const page = await simulation.b.journal.getBlockPage(ID, 0);
  return new Set(places.filter((_, block) => page !== undefined && hasBit(page.blockMap, block)));
}

function blockPlaces(files: readonly MemorySource[]): readonly string[] {
  return files.flatMap((file, fileIndex) =>
    Array.from({ length: Math.ceil(file.sizeBytes / BLOCK_BYTES) }, (_, block) => `${fileIndex}/${block}`),
  );
}

function expectNothingTwice(link: SimulatedLink, files: readonly MemorySource[], believed: ReadonlySet<string>): void {
  const places = blockPlaces(files);
  for (const key of link.meters.ab.blocks) {
    const place = places[Number(key.split('/')[1])] ?? '';
    if (believed.has(place)) throw new Error(`block ${place} travelled though it was there`);
  }
}

function seedsToRun(): readonly number[] {
  const one = process.env['SIM_SEED'];
  if (one !== undefined) return [Number(one)];
  return Array.from({ length: Number(process.env['SIM_SEEDS'] ?? 300) }, (_, i) => i + 1);
}
