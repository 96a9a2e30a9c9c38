import { expect, test } from 'vitest';
import { MemorySource } from '../support/memory-source.ts';
import { settle, Simulation } from '../support/simulation.ts';

/** What simulations of random schedules have found. */
const ID = '00112233445566778899aabbccddeeff';

test('a transfer that was halted before the journal had it is offered again to a receiver that has forgotten it', async () => {
  const simulation = new Simulation(1);
  const { a, b } = simulation;
  b.journal.failNext();
  const link = await simulation.connect();
  a.send(ID, [new MemorySource('a', Uint8Array.of(1, 2, 3))]);
  await simulation.run(() => a.states.get(ID) === 'paused');
  expect(b.failures.get(ID)).toBe('storage-failed');
  b.reload();
  link.cut();
  await simulation.connect();
  await simulation.run(() => a.states.get(ID) === 'verified');
  expect([a.states.get(ID), b.states.get(ID)]).toEqual(['verified', 'verified']);
});

test('what nobody has accepted is offered after a reload of the sender, too', async () => {
  const simulation = new Simulation(1);
  const { a, b } = simulation;
  a.choosesAgain = true;
  a.send(ID, [new MemorySource('a', Uint8Array.of(1, 2, 3))]);
  await settle();
  a.reload();
  await simulation.connect();
  await simulation.run(() => a.states.get(ID) === 'verified');
  expect([a.states.get(ID), b.states.get(ID)]).toEqual(['verified', 'verified']);
});

test('what one peer has accepted is not offered to another after a reload of the sender', async () => {
  const simulation = new Simulation(1);
  const { a, b } = simulation;
  a.choosesAgain = true;
  b.faults.isStalled = true;
  const link = await simulation.connect();
  a.send(ID, [new MemorySource('a', Uint8Array.of(1, 2, 3))]);
  await simulation.run(() => a.states.get(ID) === 'running');
  a.reload();
  link.cut();
  const { b: stranger } = new Simulation(2);
  simulation.b.runner = stranger.runner;
  const other = await simulation.connect();
  await simulation.run(() => false);
  expect(other.seen.get('hello')).toBe(2);
  expect(other.seen.has('offer')).toBe(false);
  expect(a.states.get(ID)).toBe('interrupted');
});

test('a journal that fails while the rest of a long manifest is written costs no link', async () => {
  const simulation = new Simulation(1);
  const { a, b } = simulation;
  const folders = `${'folder '.repeat(30)}/`.repeat(18);
  const files = Array.from({ length: 300 }, (_, i) => new MemorySource(`${folders}${i}`, new Uint8Array(0)));
  const link = await simulation.connect();
  a.send(ID, files);
  await simulation.run(() => link.seen.has('manifestAck'));
  expect(link.seen.get('manifest')).toBe(64);
  b.journal.failNext();
  await simulation.run(() => b.states.get(ID) === 'paused');
  expect(b.failures.get(ID)).toBe('storage-failed');
  b.post({ type: 'resume', transferId: ID });
  await simulation.run(() => a.states.get(ID) === 'verified');
  expect([a.states.get(ID), b.states.get(ID)]).toEqual(['verified', 'verified']);
  expect([...a.linkFailures, ...b.linkFailures]).toEqual([]);
});
