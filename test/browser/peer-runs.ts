import { systemClock } from '../../src/adapters/device/system-clock.ts';
import { IdbPeers } from '../../src/adapters/storage/idb-peers.ts';
import { createRtcConnector } from '../../src/adapters/webrtc/rtc-connector.ts';
import { contractRun, type ContractRun } from '../contracts/contract.ts';
import { peerStoreContract, type PeerStoreSubject } from '../contracts/peer-store-contract.ts';

const YEAR_MS = 366 * 24 * 3600 * 1000;

function now(): number {
  return systemClock.epochMs();
}

async function openPeers(): Promise<PeerStoreSubject> {
  const name = `peers-${crypto.randomUUID()}`;
  return {
    store: new IdbPeers(now, name),
    again: () => new IdbPeers(now, name),
    muchLater: () => new IdbPeers(() => now() + YEAR_MS, name),
    certificate: () => createRtcConnector(systemClock).makeCertificate(),
  };
}

export const peerRuns: readonly ContractRun[] = [
  contractRun('PeerStore: indexeddb', 'window', peerStoreContract, openPeers),
];
