import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { IdbPeers } from '../../../src/adapters/storage/idb-peers.ts';
import type { KnownPeer } from '../../../src/ports/peer-store.ts';
import { peerStoreContract } from '../../contracts/peer-store-contract.ts';
import { MemoryPeers } from '../../support/memory-peers.ts';
import { suite, uniqueName } from '../contract-suite.ts';

const NOW_MS = 1_800_000_000_000;
const YEAR_MS = 366 * 24 * 3600 * 1000;

/** Node has no RTCCertificate. */
async function certificate(): Promise<RTCCertificate> {
  return { expires: NOW_MS + 1000 } as RTCCertificate;
}

suite('PeerStore: memory', peerStoreContract, async () => {
  const peers = new Map<string, KnownPeer>();
  const open = (nowMs: number) => new MemoryPeers(() => nowMs, peers);
  return { store: open(NOW_MS), again: () => open(NOW_MS), muchLater: () => open(NOW_MS + YEAR_MS), certificate };
});

suite('PeerStore: indexeddb', peerStoreContract, async () => {
  const name = uniqueName('peers');
  const open = (nowMs: number) => new IdbPeers(() => nowMs, name);
  return { store: open(NOW_MS), again: () => open(NOW_MS), muchLater: () => open(NOW_MS + YEAR_MS), certificate };
});

test('a record that another version has written is deleted, and does not hide the others', async () => {
  const name = uniqueName('peers');
  const store = new IdbPeers(() => NOW_MS, name);
  expect(await store.list()).toEqual([]);
  const db = await openDB(name);
  await db.put('peers', { peerId: 'x' }, 'x');
  db.close();
  expect(await store.list()).toEqual([]);
  const after = await openDB(name);
  expect(await after.count('peers')).toBe(0);
  after.close();
});
