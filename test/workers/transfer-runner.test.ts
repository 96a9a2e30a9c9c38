import { describe, expect, test } from 'vitest';
import { TransferError } from '../../src/core/errors.ts';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import { DEFAULT_OPTIONS } from '../../src/core/transfer/options.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import type { SimulatedDevice } from '../support/simulated-device.ts';
import { MemorySource } from '../support/simulated-device.ts';
import { settle, Simulation } from '../support/simulation.ts';

const ID = '00112233445566778899aabbccddeeff';
const KIB = 1024;

function sources(sizes: readonly number[], seed = 1): readonly MemorySource[] {
  const random = new SeededRandom(seed);
  return sizes.map((size, i) => new MemorySource(`file ${i}.bin`, random.bytes(size)));
}

async function expectReceived(device: SimulatedDevice, id: string, files: readonly MemorySource[]): Promise<void> {
  for (const [index, file] of files.entries()) {
    const bytes = device.receivedBytes(id, index, files) ?? new Uint8Array(0);
    expect(Buffer.from(bytes).equals(Buffer.from(file.bytes)), `file ${index}`).toBe(true);
  }
}

function bothVerified(simulation: Simulation, id = ID): () => boolean {
  return () => simulation.a.states.get(id) === 'verified' && simulation.b.states.get(id) === 'verified';
}

// Some of these move tens of MiB through memory; a busy machine may take its time.
describe('TransferRunner', { timeout: 60_000 }, () => {
  test('sends files of every kind of size, and both sides have the same root', async () => {
    const simulation = new Simulation(1);
    const files = sources([0, 1, BLOCK_BYTES, BLOCK_BYTES + 1, 5, 3 * BLOCK_BYTES + 77, 0]);
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(bothVerified(simulation));
    expect(simulation.a.states.get(ID)).toBe('verified');
    expect(simulation.b.states.get(ID)).toBe('verified');
    expect(simulation.a.roots.get(ID)).toBe(simulation.b.roots.get(ID));
    await expectReceived(simulation.b, ID, files);
    expect([...simulation.b.writes.values()].every((count) => count === 1)).toBe(true);
    // What was read was given back.
    expect(files.map(({ heldBytes }) => heldBytes)).toEqual(files.map(() => 0));
  });

  test('tells once where received files are kept, before anything else', async () => {
    const simulation = new Simulation(1);
    await simulation.connect();
    const told = { type: 'storage', kind: 'memory', isTemporary: false, roomBytes: undefined };
    expect(simulation.a.events[0]).toEqual(told);
    expect(simulation.a.events.filter(({ type }) => type === 'storage')).toHaveLength(1);
  });

  test('sends in both directions at once', async () => {
    const simulation = new Simulation(2);
    const other = 'ff'.repeat(16);
    const [there, back] = [sources([2 * BLOCK_BYTES, 10], 1), sources([BLOCK_BYTES + 5, 0, 77], 2)];
    await simulation.connect();
    simulation.a.send(ID, there);
    simulation.b.send(other, back);
    await simulation.run(() => bothVerified(simulation)() && bothVerified(simulation, other)());
    await expectReceived(simulation.b, ID, there);
    await expectReceived(simulation.a, other, back);
  });

  test('sends what was queued before there was a link, several transfers at once', async () => {
    const simulation = new Simulation(3);
    const ids = Array.from({ length: 6 }, (_, i) => `${i}0`.repeat(16));
    for (const [i, id] of ids.entries()) simulation.a.send(id, sources([700 * KIB, 3], i));
    expect(simulation.a.states.get(ids[0] ?? '')).toBe('queued');
    await simulation.connect();
    await simulation.run(() => ids.every((id) => bothVerified(simulation, id)()));
    for (const [i, id] of ids.entries()) await expectReceived(simulation.b, id, sources([700 * KIB, 3], i));
  });

  test('sends thousands of small files without a round trip or a checkpoint for each', async () => {
    const simulation = new Simulation(4);
    const files = sources(Array.from({ length: 1000 }, (_, i) => i % 50));
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(bothVerified(simulation));
    expect(simulation.b.states.get(ID)).toBe('verified');
    expect(simulation.link.deliveries).toBeLessThan(200);
    expect(simulation.b.journal.checkpointCount).toBeLessThan(10);
    await expectReceived(simulation.b, ID, files);
  });

  test('asks the person with all files that are known, and tells the rest when they come', async () => {
    const simulation = new Simulation(5);
    const files = Array.from({ length: 5000 }, (_, i) => new MemorySource('x'.repeat(200) + i, new Uint8Array(0)));
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(bothVerified(simulation), 200_000);
    const shown = simulation.b.events.flatMap((event) => (event.type === 'transfer' ? [event.transfer] : []));
    expect(shown.map(({ state }) => state)).toEqual(['offered', 'running']);
    expect(shown[0]?.files.length).toBeLessThan(5000);
    expect(shown[1]?.files.length).toBe(5000);
    expect(simulation.b.states.get(ID)).toBe('verified');
  });

  test('a declined transfer is declined on both sides, and leaves nothing', async () => {
    const simulation = new Simulation(6);
    simulation.b.acceptsAll = false;
    await simulation.connect();
    simulation.a.send(ID, sources([100]));
    await simulation.run(() => simulation.b.states.get(ID) === 'offered');
    simulation.b.runner.post({ type: 'decline', transferId: ID });
    await simulation.run(() => simulation.a.states.get(ID) === 'declined');
    expect(simulation.a.states.get(ID)).toBe('declined');
    expect(simulation.b.states.get(ID)).toBe('declined');
    expect(await simulation.b.journal.listTransfers()).toEqual([]);
  });

  test.each(['a', 'b'] as const)(
    'cancelled by %s in mid-transfer, both sides know and nothing stays on disk',
    async (side) => {
      const simulation = new Simulation(7);
      await simulation.connect();
      simulation.a.send(ID, sources([20 * BLOCK_BYTES]));
      await simulation.run(() => simulation.b.writes.size >= 2);
      simulation[side].runner.post({ type: 'cancel', transferId: ID });
      await simulation.run(() => false);
      expect(simulation.a.states.get(ID)).toBe('cancelled');
      expect(simulation.b.states.get(ID)).toBe('cancelled');
      expect(await simulation.b.store.list()).toEqual([]);
      expect(await simulation.b.journal.listTransfers()).toEqual([]);
      // The link is as good as new: credit for what was dropped came back.
      const next = 'ab'.repeat(16);
      simulation.a.send(next, sources([40 * BLOCK_BYTES]));
      await simulation.run(bothVerified(simulation, next));
      expect(simulation.b.states.get(next)).toBe('verified');
    },
  );

  test('a cancel while there is no link reaches the other side on the next one', async () => {
    for (const side of ['a', 'b'] as const) {
      const simulation = new Simulation(8);
      const link = await simulation.connect();
      simulation.a.send(ID, sources([8 * BLOCK_BYTES]));
      await simulation.run(() => simulation.b.writes.size >= 2);
      link.cut();
      simulation[side].runner.post({ type: 'cancel', transferId: ID });
      await simulation.connect();
      await simulation.run(() => false);
      expect([simulation.a.states.get(ID), simulation.b.states.get(ID)]).toEqual(['cancelled', 'cancelled']);
      expect(await simulation.b.store.list()).toEqual([]);
    }
  });

  test('after a cut only missing blocks travel, and nobody is asked again', async () => {
    const simulation = new Simulation(9);
    const files = sources([12 * BLOCK_BYTES]);
    const link = await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.b.writes.size >= 6);
    link.cut();
    await settle();
    const storedBlocks = simulation.b.writes.size;
    expect(simulation.a.states.get(ID)).toBe('interrupted');
    expect(simulation.b.states.get(ID)).toBe('interrupted');
    simulation.b.acceptsAll = false;
    const second = await simulation.connect();
    await simulation.run(bothVerified(simulation));
    expect(second.meters.ab.sentBytes).toBe((12 - storedBlocks) * BLOCK_BYTES);
    await expectReceived(simulation.b, ID, files);
  });

  test('after a reload of the receiver it goes on from the last checkpoint', async () => {
    const simulation = new Simulation(10, { checkpointBytes: 2 * BLOCK_BYTES });
    const files = sources([0, 12 * BLOCK_BYTES, 7]);
    const link = await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.b.writes.size >= 8);
    link.cut();
    simulation.b.reload();
    const [header] = await simulation.b.journal.listTransfers();
    const storedBlocks = header?.storedBlocks ?? 0;
    expect(storedBlocks).toBeGreaterThan(3);
    await settle();
    expect(simulation.b.states.get(ID)).toBe('interrupted');
    const second = await simulation.connect();
    await simulation.run(bothVerified(simulation));
    expect(simulation.b.states.get(ID)).toBe('verified');
    // Less, where the crash came between a flush and its checkpoint: such blocks are claimed, and confirmed.
    expect(second.meters.ab.sentBytes).toBeLessThanOrEqual((12 - storedBlocks) * BLOCK_BYTES + 7);
    await expectReceived(simulation.b, ID, files);
  });

  test('a verified transfer is listed after a reload, until it is discarded', async () => {
    const simulation = new Simulation(11);
    const files = sources([5]);
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(bothVerified(simulation));
    simulation.b.runner.post({ type: 'markSaved', transferId: ID });
    await settle();
    const root = simulation.b.roots.get(ID);
    simulation.b.roots.clear();
    simulation.b.reload();
    await settle();
    expect(simulation.b.states.get(ID)).toBe('verified');
    expect(simulation.b.roots.get(ID)).toBe(root);
    simulation.b.runner.post({ type: 'discard', transferId: ID });
    await settle();
    expect(simulation.b.events.at(-1)).toEqual({ type: 'removed', transferId: ID });
    expect(await simulation.b.store.list()).toEqual([]);
    expect(await simulation.b.journal.listTransfers()).toEqual([]);
  });

  test('a receipt that was lost with the link is given again', async () => {
    const simulation = new Simulation(12);
    const link = await simulation.connect();
    simulation.a.send(ID, sources([BLOCK_BYTES + 9]));
    await simulation.run(() => simulation.b.states.get(ID) === 'verified');
    link.cut();
    expect(simulation.a.states.get(ID)).toBe('interrupted');
    const second = await simulation.connect();
    await simulation.run(bothVerified(simulation));
    expect(simulation.a.states.get(ID)).toBe('verified');
    expect(second.meters.ab.sentBytes).toBe(0);
  });

  test('a transfer that another peer knows is not shown to the next one', async () => {
    const simulation = new Simulation(13);
    const link = await simulation.connect();
    simulation.a.send(ID, sources([9 * BLOCK_BYTES]));
    await simulation.run(() => simulation.b.writes.size > 2);
    link.cut();
    const stranger = new Simulation(14);
    stranger.a.acceptsAll = false;
    await settle();
    const meeting = await stranger.connect();
    meeting.cut();
    const pair = new Simulation(15);
    const third = await pair.connect();
    third.cut();
    // The sender of the first pair meets the receiver of another.
    const between = await pair.connect();
    between.cut();
    simulation.b.runner = pair.b.runner;
    await simulation.connect();
    await simulation.run(() => false);
    expect(pair.b.states.get(ID)).toBeUndefined();
    expect(simulation.a.states.get(ID)).toBe('interrupted');
  });

  test('a bad block is asked for again', async () => {
    const simulation = new Simulation(16);
    const files = sources([3 * BLOCK_BYTES]);
    simulation.b.faults.corruptReads = 2;
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(bothVerified(simulation));
    expect(simulation.b.states.get(ID)).toBe('verified');
    expect(simulation.link.meters.ab.sentBytes).toBe(5 * BLOCK_BYTES);
    await expectReceived(simulation.b, ID, files);
  });

  test('a block that is bad three times fails the transfer on both sides', async () => {
    const simulation = new Simulation(17);
    simulation.b.faults.corruptReads = 3;
    await simulation.connect();
    simulation.a.send(ID, sources([BLOCK_BYTES]));
    await simulation.run(() => simulation.a.states.get(ID) === 'failed');
    expect(simulation.b.failures.get(ID)).toBe('block-corrupt');
    expect(simulation.a.failures.get(ID)).toBe('block-corrupt');
  });

  test('a full disk pauses the transfer; with room again it goes on with what is missing', async () => {
    const simulation = new Simulation(18);
    const files = sources([4 * BLOCK_BYTES, 4 * BLOCK_BYTES]);
    simulation.b.store.quotaBytes = 5 * BLOCK_BYTES;
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.a.states.get(ID) === 'paused' && simulation.b.states.get(ID) === 'paused');
    expect(simulation.b.failures.get(ID)).toBe('disk-full');
    expect(simulation.a.failures.get(ID)).toBe('disk-full');
    await settle();
    simulation.b.store.quotaBytes = Number.POSITIVE_INFINITY;
    const sentBytes = simulation.link.meters.ab.sentBytes;
    const written = simulation.b.writes.size;
    expect(written).toBeGreaterThan(0);
    simulation.b.runner.post({ type: 'resume', transferId: ID });
    await simulation.run(bothVerified(simulation));
    expect(simulation.b.states.get(ID)).toBe('verified');
    expect(simulation.link.meters.ab.sentBytes - sentBytes).toBe((8 - written) * BLOCK_BYTES);
    await expectReceived(simulation.b, ID, files);
  });

  test('a journal that fails once pauses the transfer', async () => {
    const simulation = new Simulation(19);
    const files = sources([2 * BLOCK_BYTES]);
    simulation.b.journal.failNext();
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.a.states.get(ID) === 'paused');
    expect(simulation.b.failures.get(ID)).toBe('storage-failed');
    simulation.b.runner.post({ type: 'resume', transferId: ID });
    await simulation.run(bothVerified(simulation));
    await expectReceived(simulation.b, ID, files);
  });

  test('a file that cannot be read any more does not travel, and the others do', async () => {
    const simulation = new Simulation(20);
    const files = sources([5, 2 * BLOCK_BYTES]);
    const [, second] = files;
    if (second !== undefined) second.failure = new TransferError('source-changed', 'host', 'changed');
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(bothVerified(simulation));
    expect(simulation.b.states.get(ID)).toBe('verified');
    expect(simulation.a.roots.get(ID)).toBe(simulation.b.roots.get(ID));
    const withdrawn = { type: 'file', transferId: ID, fileIndex: 1, outcome: 'withdrawn' };
    expect(simulation.a.events).toContainEqual(withdrawn);
    expect(simulation.b.events).toContainEqual(withdrawn);
    await expectReceived(simulation.b, ID, files.slice(0, 1));
  });

  test('a transfer whose every file cannot be read fails on both sides', async () => {
    const simulation = new Simulation(20);
    const files = sources([5, 2 * BLOCK_BYTES]);
    for (const file of files) file.failure = new TransferError('source-changed', 'host', 'changed');
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.b.states.get(ID) === 'failed');
    expect(simulation.a.failures.get(ID)).toBe('source-changed');
    expect(simulation.b.failures.get(ID)).toBe('source-changed');
  });

  test('a receiver whose disk stalls holds no more than the window, and the sender a few MiB', async () => {
    const windowBytes = 4 * BLOCK_BYTES;
    const simulation = new Simulation(21, { windowBytes });
    const files = sources([30 * BLOCK_BYTES]);
    simulation.b.faults.isStalled = true;
    await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => false);
    expect(simulation.link.meters.ab.sentBytes).toBe(windowBytes);
    expect(simulation.b.storedBytes).toBe(0);
    simulation.b.unstall();
    await simulation.run(bothVerified(simulation));
    await expectReceived(simulation.b, ID, files);
  });

  test('the data channel is kept between 1 and 4 MiB full', async () => {
    const simulation = new Simulation(22);
    await simulation.connect();
    simulation.a.send(ID, sources([24 * BLOCK_BYTES]));
    await simulation.run(bothVerified(simulation));
    expect(simulation.link.a.data.maxBufferedAmount).toBeGreaterThan(1024 * KIB);
    expect(simulation.link.a.data.maxBufferedAmount).toBeLessThanOrEqual(4096 * KIB + DEFAULT_OPTIONS.frameBytes);
  });

  test('the first frame into an empty data channel fits a packet, those after it are long', async () => {
    const simulation = new Simulation(24);
    const { data } = (await simulation.connect()).a;
    const [toEmpty, toOthers]: [number[], number[]] = [[], []];
    const { onSend } = data;
    data.onSend = (bytes) => {
      (data.bufferedAmount === 0 ? toEmpty : toOthers).push(bytes.length);
      onSend?.(bytes);
    };
    simulation.a.send(ID, sources([6 * BLOCK_BYTES]));
    await simulation.run(bothVerified(simulation));
    expect(toEmpty.length).toBeGreaterThan(0);
    expect(Math.max(...toEmpty)).toBeLessThanOrEqual(1100);
    expect(Math.max(...toOthers)).toBeGreaterThan(DEFAULT_OPTIONS.frameBytes - 100);
  });

  test('a newer connection takes the place of the current one', async () => {
    const simulation = new Simulation(23);
    const files = sources([6 * BLOCK_BYTES]);
    const first = await simulation.connect();
    simulation.a.send(ID, files);
    await simulation.run(() => simulation.b.writes.size > 1);
    await simulation.connect();
    await simulation.run(bothVerified(simulation));
    expect(first.isOpen).toBe(false);
    expect(simulation.b.states.get(ID)).toBe('verified');
    await expectReceived(simulation.b, ID, files);
  });
});
