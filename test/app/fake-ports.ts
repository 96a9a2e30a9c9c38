import { TransferError } from '../../src/core/errors.ts';
import type { ApplyAs } from '../../src/core/pairing/pairing.ts';
import type { ConnectionFacts } from '../../src/core/reach/facts.ts';
import type { Credentials } from '../../src/core/link/keys.ts';
import type { Description } from '../../src/core/sdp/description.ts';
import type { AppPorts } from '../../src/app/create-app.ts';
import type { Connection, ConnectionOptions } from '../../src/ports/connector.ts';
import type { Page } from '../../src/ports/page.ts';
import type { CameraWish } from '../../src/ports/scanner.ts';
import type { ProbeResult } from '../../src/ports/server-probe.ts';
import type { TabMessage } from '../../src/ports/tabs.ts';
import type { KnownPeer } from '../../src/ports/peer-store.ts';
import type { PickedItem } from '../../src/ports/source-picker.ts';
import type { EngineCommand, EngineEvent } from '../../src/ports/transfer-engine.ts';
import { madeUpDescription } from '../support/descriptions.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemorySourceHandles } from '../support/memory-source-handles.ts';
import { MemoryPeers } from '../support/memory-peers.ts';
import { MemoryTransferLocks } from '../support/memory-transfer-locks.ts';
import { FakeSaver } from './fake-saver.ts';

export const NO_FACTS: ConnectionFacts = {
  iceState: 'checking',
  dtlsState: 'new',
  locals: [],
  remotes: [],
  checksReceived: 0,
  answersReceived: 0,
  path: undefined,
  isLocalNetworkDenied: false,
};

export class FakeConnection implements Connection {
  readonly options: ConnectionOptions;
  readonly description: Description;
  readonly applied: { readonly theirs: Description; readonly as: ApplyAs }[] = [];
  readonly dialed: { readonly theirs: Description; readonly credentials: Credentials }[] = [];
  readonly restarted: Description[] = [];
  restarts = 0;
  failsToDescribe: TransferError | undefined;
  isClosed = false;
  isAlive = true;

  constructor(options: ConnectionOptions, description: Description) {
    this.options = options;
    this.description = description;
  }

  async describe(): Promise<Description> {
    if (this.failsToDescribe !== undefined) throw this.failsToDescribe;
    return this.description;
  }

  async apply(theirs: Description, as: ApplyAs): Promise<void> {
    this.applied.push({ theirs, as });
  }

  async commit(): Promise<void> {}

  async dial(theirs: Description, credentials: Credentials): Promise<void> {
    this.dialed.push({ theirs, credentials });
  }

  async restart(): Promise<Description> {
    this.restarts++;
    return { ...this.description, ufrag: `again${this.restarts}` };
  }

  async applyRestart(theirs: Description): Promise<void> {
    this.restarted.push(theirs);
  }

  addCandidates(): void {}

  facts: ConnectionFacts = NO_FACTS;

  async observe(): Promise<ConnectionFacts> {
    return this.facts;
  }

  close(): void {
    this.isClosed = true;
  }
}

const CAMERAS = [
  { id: 'front', label: 'Front' },
  { id: 'back', label: 'Back' },
];

/** What the browser says about room; `persist` is granted, and counted. */
interface FakeSpace {
  usedBytes: number | undefined;
  quotaBytes: number | undefined;
  persistAsked: number;
}

/** Every port of the app, in memory, with all that the app asked for on record. */
export function fakePorts(options: {
  seed: number;
  fragment?: string;
  postToTabs?: (message: TabMessage) => void;
  canShareFiles?: boolean;
  /** What this device knows of others. */
  peers?: Map<string, KnownPeer>;
  /** By transfer id and file index, with a slash between. Else that is what is in it. */
  received?: ReadonlyMap<string, Blob>;
}): {
  readonly ports: AppPorts;
  readonly clock: FakeClock;
  readonly connections: FakeConnection[];
  readonly commands: EngineCommand[];
  readonly attached: number[];
  readonly saver: FakeSaver;
  readonly space: FakeSpace;
  readonly copied: string[];
  readonly shared: string[];
  readonly wishes: CameraWish[];
  readonly preferences: Map<string, string>;
  /** Servers that were asked. */
  readonly probes: readonly string[];
  readonly answerProbe: (result: ProbeResult) => void;
  /** What the code reader finds in which picture. */
  readonly pictureTexts: Map<Blob, string>;
  /** What the next drop or picker gives. */
  readonly picked: PickedItem[];
  readonly sourceHandles: MemorySourceHandles;
  readonly page: Page;
  readonly tell: (event: EngineEvent) => void;
  readonly see: (text: string) => void;
  readonly cameraStops: () => number;
  readonly failNext: (error: TransferError) => void;
} {
  const clock = new FakeClock();
  const connections: FakeConnection[] = [];
  const commands: EngineCommand[] = [];
  const attached: number[] = [];
  const saver = new FakeSaver();
  saver.canShare = options.canShareFiles ?? false;
  const space: FakeSpace = { usedBytes: undefined, quotaBytes: undefined, persistAsked: 0 };
  const copied: string[] = [];
  const shared: string[] = [];
  const wishes: CameraWish[] = [];
  const preferences = new Map<string, string>();
  const probes: string[] = [];
  let answerProbe: ((result: ProbeResult) => void) | undefined;
  const probeResult = new Promise<ProbeResult>((resolve) => {
    answerProbe = resolve;
  });
  const pictureTexts = new Map<Blob, string>();
  const picked: PickedItem[] = [];
  const sourceHandles = new MemorySourceHandles();
  let nextFailure: TransferError | undefined;
  let randomCount = 0;
  let onText: ((text: string) => void) | undefined;
  let cameraStops = 0;
  const page: Page = {
    baseUrl: 'https://heliograph.example/app/',
    takeFragment: () => options.fragment,
    onFragment: undefined,
    copy: async (text) => {
      copied.push(text);
    },
    canShare: true,
    share: async (link) => {
      shared.push(link);
      return true;
    },
    focus: () => undefined,
    onReturn: undefined,
    onNetworkChange: undefined,
    onLeave: undefined,
    setBusy: () => undefined,
  };
  const ports: AppPorts = {
    clock,
    random: { bytes: (count) => new Uint8Array(count).fill(++randomCount) },
    connector: {
      makeCertificate: async () => ({ expires: Number.MAX_SAFE_INTEGER }) as RTCCertificate,
      canDial: async () => true,
      open: (connectionOptions) => {
        // The fakes never touch the channels; they only have to arrive in the same task.
        const channel = {} as RTCDataChannel;
        connectionOptions.takeChannels({ control: channel, data: channel });
        const seed = options.seed * 100 + connections.length;
        const connection = new FakeConnection(connectionOptions, madeUpDescription(seed, 'chromium'));
        connection.failsToDescribe = nextFailure;
        nextFailure = undefined;
        connections.push(connection);
        return connection;
      },
    },
    laneConnector: {
      open: () => {
        throw new TransferError('webrtc-unavailable', 'host', 'no lanes in these tests');
      },
    },
    engine: {
      attachLane: () => true,
      attach: ({ linkId }) => {
        attached.push(linkId);
        return true;
      },
      post: (command) => commands.push(command),
      onEvent: undefined,
    },
    qrEncoder: { encode: () => ({ version: 1, sizeModules: 21, modules: new Uint8Array(441) }) },
    codeReader: {
      startCamera: async (_video, wish, listener) => {
        onText = listener.onText;
        wishes.push(wish);
        return {
          cameras: CAMERAS,
          id: wish.id ?? (wish.facing === 'user' ? 'front' : 'back'),
          facing: wish.facing,
          hasTorch: wish.facing === 'environment',
          setTorch: async (isOn) => isOn,
          stop: () => {
            cameraStops += 1;
          },
        };
      },
      readPicture: async (picture) => pictureTexts.get(picture),
    },
    received: {
      blob: async (transferId, { storedIndex: fileIndex }) => {
        const key = `${transferId}/${fileIndex}`;
        return options.received?.get(key) ?? new Blob([key]);
      },
      wasSaved: async (transferId) => transferId === 'saved-before',
    },
    saver,
    space: {
      estimate: async () => space,
      persist: async () => {
        space.persistAsked++;
        return true;
      },
    },
    sourcePicker: {
      canPickFiles: true,
      canPickFolder: true,
      pickFiles: async () => picked,
      pickFolder: async () => picked,
      readTransfer: async () => picked,
    },
    sourceHandles,
    tabs: { post: (message) => options.postToTabs?.(message), onMessage: undefined },
    page,
    installer: {
      install: () => undefined,
      applyUpdate: () => undefined,
      onCanInstall: undefined,
      onUpdateReady: undefined,
      onOfflineReady: undefined,
    },
    wakeKeeper: { setAwake: () => undefined },
    serverProbe: {
      probe: (server) => {
        probes.push(server.urls);
        return probeResult;
      },
    },
    preferences: {
      read: (name) => preferences.get(name),
      write: (name, value) => preferences.set(name, value),
    },
    peers: new MemoryPeers(() => clock.epochMs(), options.peers),
    peerLocks: new MemoryTransferLocks().tab(),
  };
  return {
    ports,
    clock,
    connections,
    commands,
    attached,
    saver,
    space,
    copied,
    shared,
    wishes,
    preferences,
    probes,
    answerProbe: (result) => answerProbe?.(result),
    pictureTexts,
    picked,
    sourceHandles,
    page,
    tell: (event) => ports.engine.onEvent?.(event),
    see: (text) => onText?.(text),
    cameraStops: () => cameraStops,
    failNext: (error) => {
      nextFailure = error;
    },
  };
}
