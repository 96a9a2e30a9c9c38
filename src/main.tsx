import { createCodeReader } from './adapters/camera/code-reader.ts';
import { webCryptoHasher, webCryptoRandom } from './adapters/crypto/web-crypto.ts';
import { createBrowserPage } from './adapters/device/browser-page.ts';
import { createLocalPreferences } from './adapters/device/local-preferences.ts';
import { createInstaller } from './adapters/device/installer.ts';
import { systemClock } from './adapters/device/system-clock.ts';
import { openTabChannel } from './adapters/device/tab-channel.ts';
import { createWakeKeeper } from './adapters/device/wake-keeper.ts';
import { canTransferDataChannels, WorkerTransferEngine } from './adapters/device/worker-transfer-engine.ts';
import { webTransferLocks } from './adapters/device/web-transfer-locks.ts';
import { createSaver } from './adapters/files/browser-saver.ts';
import { openSource } from './adapters/files/open-source.ts';
import { IdbSourceHandles } from './adapters/files/source-handles.ts';
import { createSourcePicker } from './adapters/files/source-picker.ts';
import { qrEncoder } from './adapters/qr/qr-encoder.ts';
import { IdbBlockStore } from './adapters/storage/idb-block-store.ts';
import { FolderBlockStore } from './adapters/storage/folder-block-store.ts';
import { IdbPeers } from './adapters/storage/idb-peers.ts';
import { IdbJournal } from './adapters/storage/idb-journal.ts';
import { receivedBlob, wasSaved } from './adapters/storage/received-files.ts';
import { storageSpace } from './adapters/storage/storage-space.ts';
import { createRtcConnector } from './adapters/webrtc/rtc-connector.ts';
import { createRtcLaneConnector } from './adapters/webrtc/rtc-lane-connector.ts';
import { createRtcServerProbe } from './adapters/webrtc/rtc-server-probe.ts';
import { createApp } from './app/create-app.ts';
import type { TransferEngine } from './ports/transfer-engine.ts';
import { mount } from './ui/mount.tsx';
import './ui/styles.css';

/*
 * The only file that names concrete adapters.
 */

async function openEngine(): Promise<TransferEngine> {
  if (canTransferDataChannels()) {
    return new WorkerTransferEngine(
      new Worker(new URL('./workers/transfer-worker.ts', import.meta.url), { type: 'module' }),
    );
  }
  // Where data channels cannot leave the window, neither can the runner; OPFS' fast access exists in workers only.
  const { LocalTransferEngine } = await import('./workers/local-transfer-engine.ts');
  return new LocalTransferEngine({
    openStorage: async () => ({ store: await IdbBlockStore.open(), journal: await IdbJournal.open() }),
    hasher: webCryptoHasher,
    random: webCryptoRandom,
    clock: systemClock,
    openSource,
    openFolder: (folder) => new FolderBlockStore(folder),
    locks: webTransferLocks(),
  });
}

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no element #app');
const app = createApp({
  clock: systemClock,
  random: webCryptoRandom,
  connector: createRtcConnector(systemClock),
  laneConnector: createRtcLaneConnector(systemClock),
  engine: await openEngine(),
  qrEncoder,
  codeReader: createCodeReader(
    () => new Worker(new URL('./workers/scanner-worker.ts', import.meta.url), { type: 'module' }),
  ),
  received: { blob: receivedBlob, wasSaved },
  sourcePicker: createSourcePicker(),
  sourceHandles: new IdbSourceHandles(),
  saver: createSaver((transferId, stored, sizeBytes) => receivedBlob(transferId, stored, sizeBytes)),
  space: storageSpace,
  tabs: openTabChannel('heliograph'),
  page: createBrowserPage(),
  installer: createInstaller({
    serviceWorkerUrl: import.meta.env.PROD ? new URL('service-worker.js', document.baseURI).href : undefined,
  }),
  wakeKeeper: createWakeKeeper(),
  preferences: createLocalPreferences(),
  serverProbe: createRtcServerProbe(systemClock),
  peers: new IdbPeers(() => systemClock.epochMs()),
  peerLocks: webTransferLocks('heliograph-peer'),
});
root.replaceChildren();
mount(app, root);
