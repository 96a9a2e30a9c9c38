import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { MemorySource } from '../support/simulated-device.ts';
import type { SimulatedDevice } from '../support/simulated-device.ts';
import { settle, Simulation } from '../support/simulation.ts';

const ID = '00112233445566778899aabbccddeeff';

function sources(sizes: readonly number[], seed = 1): MemorySource[] {
  const random = new SeededRandom(seed);
  return sizes.map((size, i) => new MemorySource(`folder/file ${i}.bin`, random.bytes(size)));
}

async function expectReceived(device: SimulatedDevice, files: readonly MemorySource[]): Promise<void> {
  for (const [index, file] of files.entries()) {
    const bytes = device.receivedBytes(ID, index, files) ?? new Uint8Array(0);
    expect(Buffer.from(bytes).equals(Buffer.from(file.bytes)), file.path).toBe(true);
  }
}

const bothVerified =
  ({ a, b }: Simulation) =>
  () =>
    a.states.get(ID) === 'verified' && b.states.get(ID) === 'verified';

/** Sends until so many bytes are on the receiver's disk; then the link is cut. */
async function sendUntil(simulation: Simulation, files: readonly MemorySource[], storedBytes: number): Promise<void> {
  const link = await simulation.connect();
  simulation.a.send(ID, files);
  await simulation.run(() => {
    // PROGRESS goes by time.
    simulation.clock.pass(100);
    return simulation.b.storedBytes >= storedBytes;
  });
  link.cut();
  await settle();
}

describe('after a reload of the sender', { timeout: 60_000 }, () => {
  const SIZES = [3 * BLOCK_BYTES, 0, 9 * BLOCK_BYTES + 5];

  async function reloaded(seed: number): Promise<{ simulation: Simulation; files: MemorySource[] }> {
    const simulation = new Simulation(seed, { windowBytes: 2 * BLOCK_BYTES, sourceCheckpointBytes: BLOCK_BYTES });
    const files = sources(SIZES);
    await sendUntil(simulation, files, 6 * BLOCK_BYTES);
    simulation.a.reload();
    await settle();
    return { simulation, files };
  }

  test('the same files chosen again go on with what is missing', async () => {
    const { simulation, files } = await reloaded(1);
    const { a, b } = simulation;
    expect(a.states.get(ID)).toBe('interrupted');
    expect(a.events).toContainEqual(
      expect.objectContaining({ type: 'transfer', transfer: expect.objectContaining({ needsFiles: true }) }),
    );
    const listed = a.events.find((event) => event.type === 'transfer' && event.transfer.state === 'interrupted');
    expect(listed).toMatchObject({ transfer: { bytesDone: expect.toSatisfy((bytes) => bytes > BLOCK_BYTES) } });
    const before = b.writes.size;
    const link = await simulation.connect();
    await simulation.run(() => false, 200);
    expect(link.meters.ab.sentBytes, 'before the files are there').toBe(0);
    a.attach(ID, files.toReversed());
    expect(a.events).toContainEqual({ type: 'attached', transferId: ID, missing: [], changed: [] });
    await simulation.run(bothVerified(simulation));
    expect(a.roots.get(ID)).toBe(b.roots.get(ID));
    expect(link.meters.ab.sentBytes).toBe((12 - before) * BLOCK_BYTES + 5);
    await expectReceived(b, files);
  });

  test('the files may be chosen before there is a link', async () => {
    const { simulation, files } = await reloaded(2);
    simulation.a.attach(ID, files);
    await simulation.connect();
    await simulation.run(bothVerified(simulation));
    await expectReceived(simulation.b, files);
  });

  test('files that are missing are named, and waited for', async () => {
    const { simulation, files } = await reloaded(3);
    const [first, , third] = files;
    if (first === undefined || third === undefined) throw new Error('no files');
    await simulation.connect();
    simulation.a.attach(ID, [first]);
    const missing = [files[1]?.path, third.path];
    expect(simulation.a.events).toContainEqual({ type: 'attached', transferId: ID, missing, changed: [] });
    await simulation.run(() => false, 200);
    expect(simulation.a.states.get(ID)).toBe('interrupted');
    simulation.a.attach(ID, files.slice(1));
    await simulation.run(bothVerified(simulation));
    await expectReceived(simulation.b, files);
  });

  test('… or done without, where the person wants it so', async () => {
    const { simulation, files } = await reloaded(4);
    await simulation.connect();
    simulation.a.attach(ID, files.slice(0, 2), true);
    await simulation.run(bothVerified(simulation));
    expect(simulation.b.events).toContainEqual({ type: 'file', transferId: ID, fileIndex: 2, outcome: 'withdrawn' });
    await expectReceived(simulation.b, files.slice(0, 2));
  });

  test('a file of another size is named, and does not travel', async () => {
    const { simulation, files } = await reloaded(5);
    await simulation.connect();
    const [first, second] = files;
    const path = files[2]?.path ?? '';
    if (first === undefined || second === undefined) throw new Error('no files');
    simulation.a.attach(ID, [first, second, new MemorySource(path, new Uint8Array(7))]);
    expect(simulation.a.events).toContainEqual({ type: 'attached', transferId: ID, missing: [], changed: [path] });
    await simulation.run(bothVerified(simulation));
    expect(simulation.a.roots.get(ID)).toBe(simulation.b.roots.get(ID));
    await expectReceived(simulation.b, files.slice(0, 2));
  });

  test('a file with another time is compared, block by block: the same content goes on', async () => {
    const { simulation, files } = await reloaded(6);
    const link = await simulation.connect();
    const before = simulation.b.writes.size;
    for (const file of files) file.lastModifiedEpochMs += 5000;
    simulation.a.attach(ID, files);
    await simulation.run(bothVerified(simulation));
    expect(link.meters.ab.sentBytes).toBe((12 - before) * BLOCK_BYTES + 5);
    await expectReceived(simulation.b, files);
  });

  test('… and a file whose content changed where it had been sent is withdrawn, never mixed', async () => {
    const { simulation, files } = await reloaded(7);
    const [first, , third] = files;
    if (first === undefined || third === undefined) throw new Error('no files');
    await simulation.connect();
    third.lastModifiedEpochMs += 5000;
    third.bytes[BLOCK_BYTES + 3] = (third.bytes[BLOCK_BYTES + 3] ?? 0) ^ 1;
    simulation.a.attach(ID, files);
    await simulation.run(bothVerified(simulation));
    const withdrawn = { type: 'file', transferId: ID, fileIndex: 2, outcome: 'withdrawn' };
    expect(simulation.a.events).toContainEqual(withdrawn);
    expect(simulation.b.events).toContainEqual(withdrawn);
    await expectReceived(simulation.b, files.slice(0, 2));
  });

  test('a transfer that is over is not known after a reload, nor one that was discarded', async () => {
    const simulation = new Simulation(8);
    const other = 'ff'.repeat(16);
    const files = sources([5, BLOCK_BYTES]);
    await simulation.connect();
    simulation.a.send(ID, files);
    simulation.b.acceptsAll = true;
    await simulation.run(bothVerified(simulation));
    simulation.a.send(other, files);
    simulation.a.runner.post({ type: 'discard', transferId: other });
    await simulation.run(() => simulation.a.events.some(({ type }) => type === 'removed'));
    await settle();
    expect(await simulation.a.journal.listTransfers()).toEqual([]);
  });
});

describe('after a crash of the receiver', { timeout: 60_000 }, () => {
  test('what is on the disk beyond the last checkpoint is confirmed instead of sent again', async () => {
    const options = { windowBytes: 4 * BLOCK_BYTES, checkpointBytes: 64 * BLOCK_BYTES, checkpointMs: 1e9 };
    const simulation = new Simulation(9, options);
    const { b } = simulation;
    const files = sources([3, 12 * BLOCK_BYTES]);
    await sendUntil(simulation, files, 8 * BLOCK_BYTES);
    const written = b.writes.size - 1;
    // A browser that dies leaves what the system has taken from it; only a power cut takes that.
    b.store.sync();
    b.reload();
    await settle();
    const link = await simulation.connect();
    await simulation.run(bothVerified(simulation));
    expect(link.meters.ab.sentBytes).toBe((12 - written) * BLOCK_BYTES);
    await expectReceived(b, files);
  });

  test('what the disk lost is sent again', async () => {
    const options = { windowBytes: 4 * BLOCK_BYTES, checkpointBytes: 64 * BLOCK_BYTES, checkpointMs: 1e9 };
    const simulation = new Simulation(10, options);
    const files = sources([12 * BLOCK_BYTES]);
    await sendUntil(simulation, files, 8 * BLOCK_BYTES);
    simulation.b.reload();
    await settle();
    const link = await simulation.connect();
    await simulation.run(bothVerified(simulation));
    expect(link.meters.ab.sentBytes).toBe(12 * BLOCK_BYTES);
    await expectReceived(simulation.b, files);
  });
});

describe('pausing', { timeout: 60_000 }, () => {
  test.each(['a', 'b'] as const)('by %s stops the bytes until that side goes on', async (side) => {
    const simulation = new Simulation(11, { windowBytes: 2 * BLOCK_BYTES });
    const files = sources([12 * BLOCK_BYTES]);
    const link = await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.b.storedBytes >= 3 * BLOCK_BYTES);
    simulation[side].runner.post({ type: 'pause', transferId: ID });
    await simulation.run(() => false, 300);
    const other = side === 'a' ? 'b' : 'a';
    const state = { type: 'state', transferId: ID, state: 'paused' };
    expect(simulation[side].events).toContainEqual({ ...state, pausedBy: 'here' });
    expect(simulation[other].events).toContainEqual({ ...state, pausedBy: 'there' });
    const { sentBytes } = link.meters.ab;
    expect(sentBytes).toBeLessThan(12 * BLOCK_BYTES);
    await simulation.run(() => false, 300);
    expect(link.meters.ab.sentBytes).toBe(sentBytes);
    simulation[side].runner.post({ type: 'resume', transferId: ID });
    await simulation.run(bothVerified(simulation));
    await expectReceived(simulation.b, files);
  });

  test('holds over links, and lets other transfers pass', async () => {
    const simulation = new Simulation(12, { windowBytes: 2 * BLOCK_BYTES });
    const other = 'ff'.repeat(16);
    const files = sources([12 * BLOCK_BYTES]);
    const link = await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.b.storedBytes >= 3 * BLOCK_BYTES);
    simulation.b.runner.post({ type: 'pause', transferId: ID });
    await simulation.run(() => false, 100);
    link.cut();
    await simulation.connect();
    simulation.a.send(other, sources([BLOCK_BYTES]));
    await simulation.run(() => simulation.a.states.get(other) === 'verified');
    expect([simulation.a.states.get(ID), simulation.b.states.get(ID)]).toEqual(['paused', 'paused']);
    simulation.b.runner.post({ type: 'resume', transferId: ID });
    await simulation.run(bothVerified(simulation));
    await expectReceived(simulation.b, files);
  });
});

/** Some MiB of a transfer have arrived at `b`. */
async function receiving(seed: number): Promise<{ simulation: Simulation; files: MemorySource[] }> {
  const simulation = new Simulation(seed, { windowBytes: 2 * BLOCK_BYTES });
  const files = sources([12 * BLOCK_BYTES]);
  await simulation.connect();
  simulation.a.send(ID, files);
  await simulation.run(() => simulation.b.storedBytes >= 3 * BLOCK_BYTES);
  return { simulation, files };
}

describe('two tabs of one browser', { timeout: 60_000 }, () => {
  test('the second says that the first has the transfer, and takes over when that is closed', async () => {
    const { simulation } = await receiving(13);
    const { events } = simulation.b.openTab();
    await settle();
    const transfer = (state: string) =>
      expect.objectContaining({ type: 'transfer', transfer: expect.objectContaining({ transferId: ID, state }) });
    const [, ...afterStorage] = events.filter(({ type }) => type !== 'restored');
    expect(afterStorage).toEqual([transfer('elsewhere')]);
    simulation.b.locks.closeHolder(ID);
    await settle();
    expect(events).toContainEqual(transfer('interrupted'));
  });

  test('the second does not write what the first has, when it is offered to it', async () => {
    const { simulation } = await receiving(14);
    const { b } = simulation;
    const second = b.openTab();
    await settle();
    simulation.link.cut();
    b.runner = second.runner;
    const link = await simulation.connect();
    await simulation.run(() => false, 50);
    // Only who has it asks for it.
    expect(link.meters.ab.sentBytes).toBe(0);
    expect(second.events.at(-1)).toMatchObject({ type: 'linkOpen' });
  });

  test('the transfer is free again when it is over', async () => {
    const { simulation, files } = await receiving(15);
    await simulation.run(bothVerified(simulation));
    await settle();
    const locks = [simulation.a.locks.tab(), simulation.b.locks.tab()];
    for (const lock of locks) expect(await lock.tryTake(ID)).toBeDefined();
    await expectReceived(simulation.b, files);
  });
});
