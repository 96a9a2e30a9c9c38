import { signal, type Signal } from '@preact/signals';
import type {
  App,
  CallView,
  CameraView,
  ChosenItem,
  Commands,
  InstallView,
  LinkView,
  KnownPeerView,
  ListedFile,
  Model,
  MyCode,
  NeededFilesView,
  Notice,
  PairingView,
  PausedBy,
  PlaceView,
  SavingView,
  Screen,
  StorageView,
  TransferKind,
  TransferState,
  TransferView,
  TrustView,
} from '../../src/app/model.ts';
import type { PathView, Verdict } from '../../src/app/path-model.ts';
import type { ReachView } from '../../src/app/reach-model.ts';
import { TransferError, type ErrorCode } from '../../src/core/errors.ts';

/** Everything on show, with every command on record instead of carried out. */
export interface FakeApp extends App {
  readonly model: {
    readonly [Name in keyof Model]: Model[Name] extends { value: infer T } ? Signal<T> : Model[Name];
  };
  /** The command names and arguments, oldest first. */
  readonly asked: readonly (readonly [keyof Commands, ...unknown[]])[];
}

export interface FakeAppState {
  readonly screen?: Screen;
  readonly chosen?: readonly ChosenItem[];
  readonly reading?: number;
  readonly draft?: string;
  readonly pickers?: Model['pickers'];
  readonly myCode?: MyCode;
  readonly pairing?: PairingView;
  readonly verdict?: Verdict;
  readonly path?: PathView;
  readonly reach?: ReachView;
  readonly camera?: CameraView;
  readonly isFaceToFace?: boolean;
  readonly canShare?: boolean;
  readonly knownPeers?: readonly KnownPeerView[];
  readonly peerId?: string;
  readonly call?: CallView;
  readonly link?: LinkView;
  readonly trust?: TrustView;
  readonly transfers?: readonly TransferView[];
  readonly notice?: Notice;
  readonly installed?: InstallView;
  readonly storage?: StorageView;
  readonly place?: PlaceView;
  /** The browser has a picker for folders. */
  readonly canPickFolder?: boolean;
}

const COMMANDS = {
  startSend: true,
  startReceive: true,
  addFiles: true,
  drop: true,
  chooseFiles: true,
  chooseFolder: true,
  paste: true,
  stopReading: true,
  removeChosen: true,
  removeAllChosen: true,
  writeText: true,
  sendText: true,
  reopenFiles: true,
  chooseFilesAgain: true,
  chooseFolderAgain: true,
  addFilesAgain: true,
  pause: true,
  resume: true,
  shareChosen: true,
  goHome: true,
  showTransfers: true,
  pairAgain: true,
  disconnect: true,
  copyLink: true,
  copyText: true,
  readText: true,
  startCamera: true,
  stopCamera: true,
  tryOldCode: true,
  chooseCamera: true,
  setTorch: true,
  startFaceToFace: true,
  stopFaceToFace: true,
  shareLink: true,
  readPicture: true,
  theyMatch: true,
  theyDiffer: true,
  callPeer: true,
  stopCall: true,
  copyCall: true,
  connectPeer: true,
  stopReconnecting: true,
  rememberPeer: true,
  renamePeer: true,
  forgetPeer: true,
  accept: true,
  acceptToFolder: true,
  decline: true,
  cancel: true,
  saveFile: true,
  saveAll: true,
  saveToFolder: true,
  stopSaving: true,
  copyReceipt: true,
  copyReceivedText: true,
  discard: true,
  clearAll: true,
  dismissNotice: true,
  install: true,
  applyUpdate: true,
  openPath: true,
  closePath: true,
  copyPathReport: true,
  openSettings: true,
  closeSettings: true,
  chooseReach: true,
  addServer: true,
  editServer: true,
  removeServer: true,
  testServer: true,
} as const satisfies Record<keyof Commands, true>;

export function fakeApp(state: FakeAppState = {}): FakeApp {
  const asked: (readonly [keyof Commands, ...unknown[]])[] = [];
  const record = (name: keyof Commands): ((...details: unknown[]) => void) => {
    return (...details) => {
      asked.push([name, ...details]);
    };
  };
  const names = Object.keys(COMMANDS) as (keyof Commands)[];
  return {
    asked,
    commands: Object.fromEntries(names.map((name) => [name, record(name)])) as unknown as Commands,
    model: {
      screen: signal(state.screen ?? 'home'),
      chosen: signal(state.chosen ?? []),
      reading: signal(state.reading),
      draft: signal(state.draft ?? ''),
      pickers: state.pickers ?? { files: false, folder: false },
      myCode: signal(state.myCode ?? { state: 'none' }),
      pairing: signal(state.pairing ?? { state: 'waiting' }),
      verdict: signal(state.verdict),
      path: signal(state.path),
      reach: signal(state.reach ?? { reach: 'network', servers: [], canAdd: true, usedCount: 0 }),
      camera: signal(state.camera ?? { state: 'off' }),
      isFaceToFace: signal(state.isFaceToFace ?? false),
      canShare: state.canShare ?? false,
      link: signal(state.link ?? 'none'),
      knownPeers: signal(state.knownPeers ?? []),
      call: signal(state.call),
      peerId: signal(state.peerId),
      trust: signal(state.trust ?? { state: 'none' }),
      transfers: signal(state.transfers ?? []),
      notice: signal(state.notice),
      installed: signal(state.installed ?? { updateReady: false, canInstall: false }),
      storage: signal(state.storage ?? { usedBytes: 1_310_000_000, freeBytes: undefined, asksAboveBytes: undefined }),
      saveWays: { folder: state.canPickFolder ?? false, share: false },
      place: signal(state.place),
    },
  };
}

export interface FakeTransferState {
  readonly id?: string;
  readonly direction?: TransferView['direction'];
  readonly kind?: TransferKind;
  readonly state?: TransferState;
  readonly files?: readonly { readonly path: string; readonly sizeBytes: number; readonly isFolder?: true }[];
  /** More than `files` has where a long list is still arriving. */
  readonly fileCount?: number;
  /** 0 to 1. */
  readonly share?: number;
  readonly bytesPerSec?: number;
  readonly error?: ErrorCode;
  readonly savedFiles?: readonly number[];
  readonly pausedBy?: PausedBy;
  readonly needsFiles?: NeededFilesView;
  readonly folderName?: string;
  readonly identicalCount?: number;
  readonly withdrawn?: readonly string[];
  readonly sentAnew?: readonly string[];
  readonly isSaved?: boolean;
  readonly saving?: SavingView['way'];
  readonly missingBytes?: number;
  readonly text?: string;
}

export function fakeTransfer(options: FakeTransferState = {}): TransferView {
  const {
    direction = 'receiving',
    kind = 'files',
    state = 'running',
    files = PHOTOS,
    share = state === 'verified' ? 1 : 0,
  } = options;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const bytesDone = Math.floor(totalBytes * share);
  const { bytesPerSec, saving } = options;
  const listed: readonly ListedFile[] = files.map((file) => ({ ...file, lastModifiedEpochMs: 0 }));
  return {
    id: options.id ?? 'transfer-1',
    direction,
    kind,
    state: signal(state),
    pausedBy: signal(options.pausedBy),
    files: signal(listed),
    fileCount: options.fileCount ?? files.length,
    totalBytes,
    bytesDone: signal(bytesDone),
    bytesPerSec: signal(bytesPerSec),
    secondsLeft: signal(bytesPerSec === undefined ? undefined : (totalBytes - bytesDone) / bytesPerSec),
    error: signal(options.error === undefined ? undefined : fakeError(options.error)),
    root: signal(state === 'verified' ? '5f16c3a90b7d4e28'.repeat(4) : undefined),
    savedFiles: signal(new Set(options.savedFiles)),
    needsFiles: signal(options.needsFiles),
    folderName: signal(options.folderName),
    identicalCount: signal(options.identicalCount ?? 0),
    withdrawn: signal({ count: options.withdrawn?.length ?? 0, names: options.withdrawn ?? [] }),
    sentAnew: signal(options.sentAnew ?? []),
    isSaved: signal(options.isSaved ?? false),
    saving: signal(
      saving === undefined ? undefined : { way: saving, bytesSaved: signal(Math.floor(totalBytes * 0.31)) },
    ),
    missingBytes: signal(options.missingBytes ?? 0),
    text: signal(options.text),
  };
}

export function fakeError(code: ErrorCode): TransferError {
  return new TransferError(code, 'host', 'what a developer would want to know: wanted 66 bytes, got 12');
}

export const PHOTOS = [
  { path: 'Mountain lake.jpg', sizeBytes: 4_812_331 },
  { path: 'Geburtstagsfilm für Großmutter – zweite, längere Fassung mit Abspann.mp4', sizeBytes: 1_300_000_000 },
  { path: 'notes/2026/συνάντηση.txt', sizeBytes: 0 },
] as const;

export const FOLDER = [
  { path: 'Sommer 2026/IMG_0001.jpg', sizeBytes: 4_812_331 },
  { path: 'Sommer 2026/Strand/IMG_0002.jpg', sizeBytes: 5_103_882 },
  { path: 'Sommer 2026/Ideen', sizeBytes: 0, isFolder: true },
] as const;
