import { webCryptoHasher, webCryptoRandom } from '../adapters/crypto/web-crypto.ts';
import { systemClock } from '../adapters/device/system-clock.ts';
import type { WorkerMessage } from '../adapters/device/worker-transfer-engine.ts';
import { webTransferLocks } from '../adapters/device/web-transfer-locks.ts';
import { openSource } from '../adapters/files/open-source.ts';
import { FolderBlockStore } from '../adapters/storage/folder-block-store.ts';
import { IdbJournal } from '../adapters/storage/idb-journal.ts';
import { openBlockStore } from '../adapters/storage/open-block-store.ts';
import { storageSpace } from '../adapters/storage/storage-space.ts';
import { DataChannel } from '../adapters/webrtc/data-channel.ts';
import type { EngineEvent } from '../ports/transfer-engine.ts';
import { TransferRunner } from './transfer-runner.ts';
import type { TransferStorage } from './transfer/io-performer.ts';

/** Entry point of the transfer worker: the runner on this browser's storage, crypto and clock. */
declare const self: DedicatedWorkerGlobalScope;

/** Every browser that this runs in has OPFS in workers, and refuses it in private windows only (Firefox, Safari). */
async function openStorage(): Promise<TransferStorage> {
  const store = await openBlockStore();
  const journal = await IdbJournal.open();
  const { usedBytes, quotaBytes } = await storageSpace.estimate();
  const roomBytes = usedBytes === undefined || quotaBytes === undefined ? undefined : quotaBytes - usedBytes;
  return { store, journal, limits: { isTemporary: store.kind === 'indexeddb', roomBytes } };
}

const runner = new TransferRunner(
  {
    openStorage,
    hasher: webCryptoHasher,
    random: webCryptoRandom,
    clock: systemClock,
    openSource,
    openFolder: (folder) => new FolderBlockStore(folder),
    locks: webTransferLocks(),
  },
  (event: EngineEvent) => self.postMessage(event),
);

self.addEventListener('message', ({ data: message }: MessageEvent<WorkerMessage>) => {
  if (message.type === 'command') return runner.post(message.command);
  if (message.type === 'attachLane') {
    const { linkId, lane, data } = message.lane;
    return runner.attachLane(linkId, lane, new DataChannel(data));
  }
  const { linkId, control, data } = message.link;
  // In the same task: a channel that was transferred delivers nothing before it is listened to.
  return runner.attach(linkId, new DataChannel(control), new DataChannel(data));
});

void runner.start();
