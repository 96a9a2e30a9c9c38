import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import type { TransferOptions } from '../../src/core/transfer/options.ts';
import type { SourceFile } from '../../src/ports/file-source.ts';
import { MemoryPickedFolder } from '../support/memory-picked-folder.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { MemorySource } from '../support/simulated-device.ts';
import { settle, Simulation } from '../support/simulation.ts';

/** Receiving straight into a folder that the person picked. */
const ID = '00112233445566778899aabbccddeeff';

function sources(sizes: readonly number[], seed = 1): MemorySource[] {
  const random = new SeededRandom(seed);
  return sizes.map((size, i) => new MemorySource(`trip/day ${i}/photo.jpg`, random.bytes(size)));
}

function start(seed: number, options: Partial<TransferOptions> = {}) {
  const simulation = new Simulation(seed, { windowBytes: 2 * BLOCK_BYTES, ...options });
  const folder = new MemoryPickedFolder('picked');
  simulation.b.folder = folder;
  const isDone = () => simulation.a.states.get(ID) === 'verified' && simulation.b.states.get(ID) === 'verified';
  const send = async (files: readonly SourceFile[], deliveredBlocks?: number) => {
    const link = await simulation.connect();
    simulation.a.send(ID, files);
    const { ab } = link.meters;
    const isEnough = () => ab.deliveredBytes >= (deliveredBlocks ?? 0) * BLOCK_BYTES;
    await simulation.run(deliveredBlocks === undefined ? isDone : isEnough);
    if (deliveredBlocks === undefined) expect(isDone()).toBe(true);
    return link;
  };
  return { simulation, folder, isDone, send, a: simulation.a, b: simulation.b };
}

function expectFile(folder: MemoryPickedFolder, path: string, bytes: Uint8Array<ArrayBuffer>): void {
  const saved = folder.files().get(path);
  expect(saved !== undefined && Buffer.from(saved).equals(Buffer.from(bytes)), path).toBe(true);
}

function outcomes({ b }: Simulation): readonly number[] {
  return b.events.flatMap((event) => (event.type === 'file' && event.outcome === 'identical' ? [event.fileIndex] : []));
}

function changed(source: MemorySource, at: number): MemorySource {
  const bytes = source.bytes.slice();
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return new MemorySource(source.path, bytes);
}

describe('a picked folder', { timeout: 60_000 }, () => {
  test('gets files, empty files and empty folders, and nothing is kept elsewhere', async () => {
    const { folder, send, simulation, a, b } = start(1);
    const files = sources([3 * BLOCK_BYTES + 5, 0, 17]);
    await send([...files, new MemorySource('trip/empty', new Uint8Array(0), 'folder')]);
    expect(a.roots.get(ID)).toBe(b.roots.get(ID));
    for (const file of files) expectFile(folder, file.path, file.bytes);
    expect(folder.files().size).toBe(3);
    expect(folder.folders()).toContain('trip/empty');
    expect(await b.store.list()).toEqual([]);
    expect((await b.journal.getTransfer(ID))?.folderName).toBe('picked');
    expect(outcomes(simulation)).toEqual([]);
  });

  test('keeps what was saved when the transfer is discarded afterwards', async () => {
    const { folder, send, simulation, b } = start(2);
    const files = sources([BLOCK_BYTES]);
    await send(files);
    b.runner.post({ type: 'discard', transferId: ID });
    await simulation.run(() => b.events.at(-1)?.type === 'removed');
    expect(folder.files().size).toBe(1);
    expect(await b.journal.listTransfers()).toEqual([]);
  });

  test('skips files that are identical, and puts what differs beside what was there', async () => {
    const { folder, send, simulation } = start(3);
    const files = sources([3 * BLOCK_BYTES + 5, 0, 17, 2 * BLOCK_BYTES, 40]);
    for (const file of files) folder.put(file.path, file.bytes);
    const [, , small, , last] = files;
    if (small === undefined || last === undefined) throw new Error('no files');
    const sent = files.map((file) => (file === small ? changed(small, 3) : file));
    folder.put(last.path, new Uint8Array(7));
    const link = await send(sent);
    expect(outcomes(simulation).toSorted((x, y) => x - y)).toEqual([0, 1, 3]);
    expect(link.meters.ab.sentBytes).toBe(17 + 40);
    expectFile(folder, small.path, small.bytes);
    expectFile(folder, 'trip/day 2/photo (2).jpg', changed(small, 3).bytes);
    expectFile(folder, last.path, new Uint8Array(7));
    expectFile(folder, 'trip/day 4/photo (2).jpg', last.bytes);
    expect(folder.files().size).toBe(7);
  });

  test('takes what is right in a file that differs from there, and only the rest travels', async () => {
    const { folder, send, simulation } = start(4);
    const [file] = sources([9 * BLOCK_BYTES + 5]);
    if (file === undefined) throw new Error('no file');
    folder.put(file.path, file.bytes);
    const sent = changed(file, 4 * BLOCK_BYTES + 1);
    const link = await send([sent]);
    expect(link.meters.ab.sentBytes).toBe(BLOCK_BYTES);
    expectFile(folder, file.path, file.bytes);
    expectFile(folder, 'trip/day 0/photo (2).jpg', sent.bytes);
    expect(outcomes(simulation)).toEqual([]);
  });

  test('skips thousands of files, with a bounded number of claims open', async () => {
    const { folder, send, simulation, b } = start(5);
    const random = new SeededRandom(5);
    const files = Array.from({ length: 5000 }, (_, i) => new MemorySource(`f/${i}`, random.bytes(3)));
    for (const file of files) folder.put(file.path, file.bytes);
    const link = await send(files);
    expect(outcomes(simulation).length).toBe(5000);
    // Beyond 4000 the sender may be faster than the claims.
    expect(link.meters.ab.sentBytes).toBeLessThanOrEqual(1000 * 3);
    expect(folder.files().size).toBe(5000);
    expect(b.states.get(ID)).toBe('verified');
  });

  test('copies less than three times the file, however long it is', async () => {
    const { folder, send } = start(6, { copyingCheckpointBytes: 2 * BLOCK_BYTES });
    const files = sources([40 * BLOCK_BYTES]);
    await send(files);
    expect(folder.disk.copiedBytes).toBeGreaterThan(0);
    expect(folder.disk.copiedBytes / (40 * BLOCK_BYTES)).toBeLessThan(3);
    for (const file of files) expectFile(folder, file.path, file.bytes);
  });

  test('loses what was received, and only that, when the transfer is cancelled', async () => {
    const { folder, send, simulation, a, b } = start(7);
    const files = sources([BLOCK_BYTES, 12 * BLOCK_BYTES]);
    folder.put(files[0]?.path ?? '', new Uint8Array(3));
    await send(files, 4);
    b.runner.post({ type: 'cancel', transferId: ID });
    await simulation.run(() => a.states.get(ID) === 'cancelled');
    await settle();
    expect([...folder.files().keys()]).toEqual([files[0]?.path]);
    expect(folder.folders()).toEqual(['trip', 'trip/day 0']);
  });

  test('pauses when the disk is full, and goes on when there is room: nothing is mixed up', async () => {
    const { folder, send, simulation, isDone, a, b } = start(8);
    const files = sources([2 * BLOCK_BYTES, 6 * BLOCK_BYTES]);
    await send(files, 3);
    folder.disk.fullWrites = 1;
    await simulation.run(() => b.failures.has(ID));
    expect(b.failures.get(ID)).toBe('disk-full');
    expect(b.states.get(ID)).toBe('paused');
    await simulation.run(() => false, 150);
    b.runner.post({ type: 'resume', transferId: ID });
    await simulation.run(isDone);
    expect(isDone()).toBe(true);
    expect(a.roots.get(ID)).toBe(b.roots.get(ID));
    for (const file of files) expectFile(folder, file.path, file.bytes);
  });

  test('claims nothing as verified that is not in the file after it was closed', async () => {
    const { folder, send, simulation, isDone, b } = start(9);
    const files = sources([6 * BLOCK_BYTES]);
    folder.disk.damagedCloses = 1;
    await send(files, 6);
    await simulation.run(() => b.failures.has(ID));
    expect(b.failures.get(ID)).toBe('storage-failed');
    expect(b.states.get(ID)).toBe('paused');
    b.runner.post({ type: 'resume', transferId: ID });
    await simulation.run(isDone);
    expect(isDone()).toBe(true);
    expectFile(folder, files[0]?.path ?? '', files[0]?.bytes ?? new Uint8Array(0));
  });

  test('goes on after a reload when the same folder was given again, and not before', async () => {
    const { folder, send, simulation, isDone, b } = start(10, { copyingCheckpointBytes: 2 * BLOCK_BYTES });
    const files = sources([BLOCK_BYTES, 10 * BLOCK_BYTES + 1]);
    folder.put(files[0]?.path ?? '', files[0]?.bytes ?? new Uint8Array(0));
    await send(files, 8);
    b.reload();
    await settle();
    expect([b.states.get(ID), b.failures.get(ID)]).toEqual(['paused', 'folder-refused']);
    const link = await simulation.connect();
    await simulation.run(() => false, 150);
    expect(link.meters.ab.sentBytes).toBe(0);
    b.runner.post({ type: 'accept', transferId: ID, folder: new MemoryPickedFolder('other').handle });
    await settle();
    expect([b.states.get(ID), b.failures.get(ID)]).toEqual(['paused', 'folder-refused']);
    b.accept(ID);
    await simulation.run(isDone);
    expect(isDone()).toBe(true);
    expect(link.meters.ab.sentBytes).toBeLessThan(8 * BLOCK_BYTES);
    for (const file of files) expectFile(folder, file.path, file.bytes);
    expect(folder.files().size).toBe(2);
  });

  test('fetches again what was deleted from the folder in between', async () => {
    const { folder, send, simulation, isDone, b } = start(11, { copyingCheckpointBytes: BLOCK_BYTES });
    const files = sources([3 * BLOCK_BYTES, 9 * BLOCK_BYTES]);
    await send(files, 8);
    b.reload();
    await settle();
    const day = await (await folder.getDirectoryHandle('trip')).getDirectoryHandle('day 0');
    await day.removeEntry('photo.jpg');
    await simulation.connect();
    b.accept(ID);
    await simulation.run(isDone);
    expect(isDone()).toBe(true);
    for (const file of files) expectFile(folder, file.path, file.bytes);
  });

  test('can be discarded after a reload without the folder, whose files then stay', async () => {
    const { folder, send, simulation, b } = start(12, { copyingCheckpointBytes: BLOCK_BYTES });
    await send(sources([9 * BLOCK_BYTES]), 5);
    b.reload();
    await settle();
    b.runner.post({ type: 'discard', transferId: ID });
    await simulation.run(() => b.events.at(-1)?.type === 'removed');
    expect(await b.journal.listTransfers()).toEqual([]);
    expect(folder.files().size).toBe(1);
  });

  test('pauses when the permission is taken back, and goes on when it is given again', async () => {
    const { folder, send, simulation, isDone, b } = start(13, { copyingCheckpointBytes: 2 * BLOCK_BYTES });
    const files = sources([12 * BLOCK_BYTES]);
    await send(files, 5);
    folder.disk.isAllowed = false;
    await simulation.run(() => b.failures.has(ID));
    expect([b.states.get(ID), b.failures.get(ID)]).toEqual(['paused', 'folder-refused']);
    await simulation.run(() => false, 150);
    folder.disk.isAllowed = true;
    b.accept(ID);
    await simulation.run(isDone);
    expect(isDone()).toBe(true);
    for (const file of files) expectFile(folder, file.path, file.bytes);
  });
});

describe('any schedule of faults in a folder', () => {
  test('120 seeds end with equal bytes, and with what was there as it was', { timeout: 300_000 }, async () => {
    for (let seed = 1; seed <= 120; seed++) {
      try {
        await runSchedule(seed);
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
  });
});

const NOISE = new SeededRandom(1).bytes(4 * BLOCK_BYTES);

async function runSchedule(seed: number): Promise<void> {
  const options = { windowBytes: 2 * BLOCK_BYTES, copyingCheckpointBytes: BLOCK_BYTES };
  const simulation = new Simulation(seed, options);
  const { random, a, b } = simulation;
  const folder = new MemoryPickedFolder('picked');
  b.folder = folder;
  const files = Array.from({ length: random.between(1, 6) }, (_, i) => {
    const size = random.pick([0, 1, 3000, BLOCK_BYTES, 3 * BLOCK_BYTES + 7]);
    return new MemorySource(random.pick(['a', `b/${i}`, `b/c/${i}`]), NOISE.slice(i, i + size));
  });
  const before = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of new Map(files.map((source) => [source.path, source])).values()) {
    if (random.chance(0.4)) continue;
    const at = random.between(0, Math.max(0, file.sizeBytes - 1));
    const { bytes } = random.chance(0.5) ? file : changed(file, at);
    before.set(file.path, random.chance(0.2) ? NOISE.slice(0, 11) : bytes.slice(0, file.sizeBytes));
  }
  for (const [path, bytes] of before) folder.put(path, bytes);
  const isDone = () => a.states.get(ID) === 'verified' && b.states.get(ID) === 'verified';
  a.send(ID, files);
  for (let life = 0; !isDone() && life < 40; life++) {
    const isCalm = life > 5;
    b.failures.delete(ID);
    const link = await simulation.connect();
    if (b.states.get(ID) === 'paused') b.accept(ID);
    if (!isCalm && random.chance(0.15)) folder.disk.fullWrites = 1;
    if (!isCalm && random.chance(0.15)) folder.disk.damagedCloses = 1;
    if (!isCalm && random.chance(0.1)) b.journal.failNext();
    const cutAfter = isCalm || random.chance(0.3) ? Number.POSITIVE_INFINITY : random.between(1, 60);
    await simulation.run(() => isDone() || link.deliveries >= cutAfter || b.failures.has(ID), 3000);
    if (isDone()) break;
    link.cut();
    await settle();
    if (!isCalm && random.chance(0.4)) b.reload();
    await settle();
  }
  expect([a.states.get(ID), b.states.get(ID)]).toEqual(['verified', 'verified']);
  expect(a.roots.get(ID)).toBe(b.roots.get(ID));
  for (const [path, bytes] of before) expectFile(folder, path, bytes);
  const pages = await b.journal.getManifestPage(ID, 0);
  const saved = folder.files();
  for (const [index, file] of files.entries()) {
    const entry = pages?.[index];
    const received = saved.get(entry?.savePath ?? '') ?? saved.get(entry?.path ?? '');
    expect(received !== undefined && Buffer.from(received).equals(Buffer.from(file.bytes)), file.path).toBe(true);
  }
}
