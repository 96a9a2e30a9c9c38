import { expect, test } from 'vitest';
import { MemorySource } from '../support/memory-source.ts';
import { Simulation } from '../support/simulation.ts';

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
