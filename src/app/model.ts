import type { ReadonlySignal } from '@preact/signals';
import type { TransferError } from '../core/errors.ts';
import type { CameraInfo } from '../ports/scanner.ts';
import type { QrMatrix } from '../ports/qr-encoder.ts';
import type { ListedFile, PausedBy, TransferKind, TransferState } from '../ports/transfer-engine.ts';
import type { PathCommands, PathView, Verdict } from './path-model.ts';
import type { ReachCommands, ReachView } from './reach-model.ts';

export type { TransferError } from '../core/errors.ts';
export type { CameraInfo } from '../ports/scanner.ts';
export type { QrMatrix } from '../ports/qr-encoder.ts';
export type { ListedFile, PausedBy, TransferKind, TransferState } from '../ports/transfer-engine.ts';

/**
 * Everything the UI may see, and everything it may ask for. `app/` keeps the promises; `ui/` reads the signals and
 * calls the commands, and knows nothing else.
 */
export interface App {
  readonly model: Model;
  readonly commands: Commands;
}

export interface Model {
  readonly screen: ReadonlySignal<Screen>;
  /** What was picked for sending and no peer has been offered yet. */
  readonly chosen: ReadonlySignal<readonly ChosenItem[]>;
  /** Files found so far in a folder that is being read; undefined while none is. */
  readonly reading: ReadonlySignal<number | undefined>;
  /** A text to send, as it is being written. */
  readonly draft: ReadonlySignal<string>;
  /** The browser has pickers of its own: `chooseFiles`, `chooseFolder`. Else `addFiles` and `<input>`. */
  readonly pickers: { readonly files: boolean; readonly folder: boolean };
  readonly myCode: ReadonlySignal<MyCode>;
  readonly pairing: ReadonlySignal<PairingView>;
  /** Why pairing is slow or has failed, as far as can be told; undefined until it is known, or while nothing is wrong. */
  readonly verdict: ReadonlySignal<Verdict | undefined>;
  /** How the bytes go, while `openPath` asks for it and there is a link. */
  readonly path: ReadonlySignal<PathView | undefined>;
  /** How far this device reaches, with which servers. */
  readonly reach: ReadonlySignal<ReachView>;
  readonly camera: ReadonlySignal<CameraView>;
  /** My code and what the camera sees, on one screen. */
  readonly isFaceToFace: ReadonlySignal<boolean>;
  readonly link: ReadonlySignal<LinkView>;
  /** Devices that this one was paired with, as far as they are still known; newest first. */
  readonly knownPeers: ReadonlySignal<readonly KnownPeerView[]>;
  /** A code for one scan, for one of them, that is on show. */
  readonly call: ReadonlySignal<CallView | undefined>;
  /** The one that `link` is about; undefined where nothing can bring it back. */
  readonly peerId: ReadonlySignal<string | undefined>;
  /** Is the other end of the link the device that it seems to be? */
  readonly trust: ReadonlySignal<TrustView>;
  /** Newest last. */
  readonly transfers: ReadonlySignal<readonly TransferView[]>;
  /** Something to tell the person now, until dismissed or replaced. */
  readonly notice: ReadonlySignal<Notice | undefined>;
  readonly installed: ReadonlySignal<InstallView>;
  /** Room on this device, as far as the browser tells. */
  readonly storage: ReadonlySignal<StorageView>;
  readonly saveWays: SaveWays;
  /** Where what is received will be; undefined until known. */
  readonly place: ReadonlySignal<PlaceView | undefined>;
  /** The system can pass a link on to another app (Web Share). */
  readonly canShare: boolean;
}

export type Screen =
  /** What this is; Send and Receive; unfinished transfers. */
  | 'home'
  /** Choosing files to send, before any code is made. */
  | 'choose'
  /** My code and their code. */
  | 'pair'
  /** Connected (or was): transfers, send more. */
  | 'transfer'
  /** How far to reach. */
  | 'settings'
  /** This tab got a code by link and has handed it to the tab that waits for it; it can be closed. */
  | 'handed-over';

export interface ChosenItem {
  readonly id: number;
  readonly kind: 'file' | 'folder' | 'text';
  /** Of a text, its beginning. */
  readonly name: string;
  /** Of a text 0. */
  readonly fileCount: number;
  readonly sizeBytes: number;
}

export type MyCode =
  | { readonly state: 'none' }
  /** Gathering candidates, 2 s at most. */
  | { readonly state: 'making' }
  | {
      readonly state: 'shown';
      /** `open`: nothing was read yet. `reply`: it answers the code that was read. Both are shown the same way. */
      readonly kind: 'open' | 'reply';
      readonly link: string;
      /** Only the code, base64url. */
      readonly text: string;
      readonly qr: QrMatrix;
      readonly sizeBytes: number;
      /** Whole minutes since it was made. */
      readonly ageMinutes: ReadonlySignal<number>;
    }
  | { readonly state: 'failed'; readonly error: TransferError };

export type PairingView =
  /** Nothing was read yet. */
  | { readonly state: 'waiting' }
  /** Theirs was read here; now they have to read mine. */
  | { readonly state: 'read' }
  /** Both were read. */
  | { readonly state: 'connecting' }
  /** Both were read a while ago (4 s), and there is no connection. */
  | { readonly state: 'slow' }
  /** It will not connect. `pairAgain` makes a fresh code. */
  | { readonly state: 'failed'; readonly error: TransferError };

/** `face`: two devices held towards each other, each with its code on show. `scan`: this one reads the other's. */
export type CameraUse = 'face' | 'scan';

export type CameraView =
  | { readonly state: 'off' }
  | { readonly state: 'starting' }
  | {
      readonly state: 'on';
      readonly cameras: readonly CameraInfo[];
      readonly cameraId: string;
      readonly isMirrored: boolean;
      readonly torch: 'none' | 'off' | 'on';
      /** On for a while (5 s), and no code in sight. */
      readonly isSearching: boolean;
    }
  | { readonly state: 'failed'; readonly error: TransferError };

export type LinkView =
  | 'none'
  | 'connected'
  /** Silent or gone, and being brought back; that has a deadline. */
  | 'reconnecting'
  | 'lost';

/** A code that a known device reads once, with nothing to be read in return. */
export interface CallView {
  readonly peerId: string;
  /** undefined: it is being made. */
  readonly code:
    | { readonly link: string; readonly text: string; readonly qr: QrMatrix; readonly sizeBytes: number }
    | undefined;
}

/** A device that this one was paired with. */
export interface KnownPeerView {
  readonly id: string;
  /** Given by the person; empty: none. */
  readonly name: string;
  readonly isRemembered: boolean;
  readonly linkedEpochMs: number;
  readonly unfinishedCount: number;
  /** By sight, or by comparing. */
  readonly isVerified: boolean;
}

export type TrustView =
  /** No link. */
  | { readonly state: 'none' }
  /** The two devices work it out; well below a second. */
  | { readonly state: 'exchanging' }
  /** Each device read the other's code by camera. */
  | { readonly state: 'bySight' }
  /** Both people have to compare: `theyMatch` or `theyDiffer`. */
  | {
      readonly state: 'compare';
      /** 4 indexes into the list of 64 signs. */
      readonly signs: readonly number[];
      /** The same, as 8 digits. */
      readonly digits: string;
    }
  /** The person compared. */
  | { readonly state: 'matched' };

/** All in bytes; undefined where the browser does not say. */
export interface StorageView {
  /** By everything that the app keeps here, itself included. */
  readonly usedBytes: number | undefined;
  /** Left for us, as a figure to compare with: undefined too when there is at least as much as browsers admit to. */
  readonly freeBytes: number | undefined;
  /** Accepting more than this makes the app ask for its storage to be kept; undefined once it was asked. */
  readonly asksAboveBytes: number | undefined;
}

/** Ways of saving that not every browser has. */
export interface SaveWays {
  /** `saveToFolder` works. */
  readonly folder: boolean;
  /** `saveAll` opens the share sheet: an installed app on iOS. */
  readonly share: boolean;
}

/** Received files are being handed to the person. */
export interface SavingView {
  readonly way: 'file' | 'zip' | 'folder' | 'share';
  readonly bytesSaved: ReadonlySignal<number>;
}

export interface TransferView {
  readonly id: string;
  readonly direction: 'sending' | 'receiving';
  readonly kind: TransferKind;
  readonly state: ReadonlySignal<TransferState>;
  /** Who wanted the pause; undefined unless paused, and when `error` is the reason. */
  readonly pausedBy: ReadonlySignal<PausedBy | undefined>;
  /** Grows while a long list is still arriving. */
  readonly files: ReadonlySignal<readonly ListedFile[]>;
  readonly fileCount: number;
  readonly totalBytes: number;
  readonly bytesDone: ReadonlySignal<number>;
  /** Smoothed; undefined until it means something. */
  readonly bytesPerSec: ReadonlySignal<number | undefined>;
  readonly secondsLeft: ReadonlySignal<number | undefined>;
  readonly error: ReadonlySignal<TransferError | undefined>;
  /** 64 hex digits, once verified; the same on both sides. */
  readonly root: ReadonlySignal<string | undefined>;
  /** Receiving only: indexes of the files that were saved. */
  readonly savedFiles: ReadonlySignal<ReadonlySet<number>>;
  /** Sending only, after a reload: it cannot go on without its files. */
  readonly needsFiles: ReadonlySignal<NeededFilesView | undefined>;
  /** Receiving only: it goes straight into this folder of the person's, and there is nothing to be saved afterwards. */
  readonly folderName: ReadonlySignal<string | undefined>;
  /** Files that the receiver had already. */
  readonly identicalCount: ReadonlySignal<number>;
  readonly withdrawn: ReadonlySignal<WithdrawnView>;
  /** Paths of files that had changed since they were picked first, and go as another transfer. */
  readonly sentAnew: ReadonlySignal<readonly string[]>;
  /** Receiving only: all of it was saved at least once. It stays on this device until it is discarded. */
  readonly isSaved: ReadonlySignal<boolean>;
  /** Receiving only, while it is being saved. */
  readonly saving: ReadonlySignal<SavingView | undefined>;
  /** Receiving only, of an offer or of what a full disk has paused: bytes that there is no room for. 0: fits, or unknown. */
  readonly missingBytes: ReadonlySignal<number>;
  /** Of a received text, once it was verified and read. */
  readonly text: ReadonlySignal<string | undefined>;
}

export interface NeededFilesView {
  readonly sources:
    | 'none'
    /** Remembered: `reopenFiles` opens them, when the person allows it. */
    | 'ask'
    /** … and they did not. */
    | 'refused'
    /** They are being opened, or compared with what they were. */
    | 'opening';
  /** Paths that what was picked last did not have; empty before. */
  readonly missing: readonly string[];
}

/** Files that changed or vanished at the sender, and were not sent. */
export interface WithdrawnView {
  readonly count: number;
  /** Paths of the first of them. */
  readonly names: readonly string[];
}

export type Notice =
  | { readonly type: 'error'; readonly error: TransferError }
  | { readonly type: 'info'; readonly message: InfoMessage }
  /** The code that was read may not work any more; `tryOldCode` reads it all the same. */
  | { readonly type: 'oldCode'; readonly ageMinutes: number };

export type InfoMessage =
  | 'code-copied'
  | 'receipt-copied'
  | 'report-copied'
  | 'received-text-copied'
  /** No zip could be made here, so each file became a download of its own. */
  | 'saved-one-by-one'
  | 'offline-ready'
  /** The person at the other device ended the connection. */
  | 'peer-disconnected'
  /** Nobody answers: the page over there may be closed, or the addresses have changed. */
  | 'peer-not-found'
  /** The connection that waited for a reader had died, in a tab that was away. */
  | 'code-renewed';

export interface PlaceView {
  /** It goes with the window: a private one. */
  readonly isTemporary: boolean;
  /** undefined where the browser does not say. */
  readonly roomBytes: number | undefined;
}

export interface InstallView {
  /** A newer version waits; `applyUpdate` reloads into it. */
  readonly updateReady: boolean;
  /** The browser offers installation; `install` asks. */
  readonly canInstall: boolean;
}

export interface Commands extends ReachCommands, PathCommands {
  /** Home -> choose. */
  startSend(): void;
  /** Home -> pair, with nothing chosen. */
  startReceive(): void;
  /** Adds to what is chosen; on `home` it also goes to `choose`; on `transfer` it sends at once. */
  addFiles(files: readonly File[]): void;
  /** The same, by the browser's own pickers, where `pickers` says so. Call from a click. */
  chooseFiles(): void;
  chooseFolder(): void;
  /**
   * Files and folders dropped on the page: like `addFiles`, with the paths within a folder kept. A picture that is
   * dropped while pairing, and shows a code, is read instead.
   */
  drop(transfer: DataTransfer): void;
  /**
   * Pasted anywhere but in a field. Files are added; a text is offered for sending (`draft`), and nothing more happens
   * yet. A code is read: anything on `pair`, and what is one on `home` and `choose`.
   */
  paste(clipboard: DataTransfer): void;
  /** Gives up reading a folder. */
  stopReading(): void;
  removeChosen(id: number): void;
  removeAllChosen(): void;
  /** Sets the draft. On `choose`, `shareChosen` takes it along. */
  writeText(text: string): void;
  /** Sends the draft at once. */
  sendText(): void;
  /** Choose -> pair (or, with a living link, -> transfer, and sends). */
  shareChosen(): void;
  /** Back to home. Gives up the code on show; a living link and its transfers stay. */
  goHome(): void;
  /** Home -> transfer, while a link lives. */
  showTransfers(): void;
  /** A fresh code after a failure or a lost link; interrupted transfers go on by themselves once connected. */
  pairAgain(): void;
  /** Ends the link. */
  disconnect(): void;
  /** Looks for a known device, which has the app open. */
  connectPeer(peerId: string): void;
  /** Shows a code for one scan by this device. */
  callPeer(peerId: string): void;
  stopCall(): void;
  copyCall(): void;
  /** Gives up looking. */
  stopReconnecting(): void;
  /** Keep it in the list also when nothing is left to be done with it? */
  rememberPeer(peerId: string, isRemembered: boolean): void;
  /** At most 64 characters. */
  renamePeer(peerId: string, name: string): void;
  /** Deletes all that brings the connection to it back. A living link stays. */
  forgetPeer(peerId: string): void;

  /** Copies my code's link (or only its text) to the clipboard, and says so. */
  copyLink(): void;
  copyText(): void;
  /** Passes my code's link to an app that the person picks. Call from a click, where `canShare`. */
  shareLink(): void;
  /** Whatever was pasted, typed or dropped: link, base64url or digits. */
  readText(text: string): void;
  /** Reads an `oldCode` in spite of its age. */
  tryOldCode(): void;
  /** The browser's camera prompt follows. `face` while `isFaceToFace`, else `scan`. */
  startCamera(video: HTMLVideoElement): void;
  stopCamera(): void;
  /** Another of `CameraView.cameras`; remembered. */
  chooseCamera(id: string): void;
  setTorch(isOn: boolean): void;
  /** Shows my code and the camera side by side; the view then starts the camera. */
  startFaceToFace(): void;
  stopFaceToFace(): void;
  readPicture(picture: Blob): void;

  /** What both devices show was compared, and is the same. */
  theyMatch(): void;
  /** … and is not: ends the link, and deletes what came over it. */
  theyDiffer(): void;

  /** Opens the files that a transfer needs from where they were. Call from a click. */
  reopenFiles(transferId: string): void;
  /** The same files, picked again: by the browser's own pickers, or by `<input>`. */
  chooseFilesAgain(transferId: string): void;
  chooseFolderAgain(transferId: string): void;
  addFilesAgain(transferId: string, files: readonly File[]): void;

  accept(transferId: string): void;
  /**
   * Asks for a folder, and accepts straight into it, skipping what is there already. Where `saveWays.folder`. The same
   * again, where a transfer is paused because the folder may not be used any more. Call from a click.
   */
  acceptToFolder(transferId: string): void;
  decline(transferId: string): void;
  pause(transferId: string): void;
  cancel(transferId: string): void;
  /** Goes on with what was paused or interrupted; without a link, by pairing first. */
  resume(transferId: string): void;
  /** One received file, as a download. Call from a click, as the two below. */
  saveFile(transferId: string, fileIndex: number): void;
  /** One file as it is, several as a zip; by the share sheet where `saveWays.share`. */
  saveAll(transferId: string): void;
  /** Asks for a folder, and copies all of it there. Where `saveWays.folder`. */
  saveToFolder(transferId: string): void;
  /** Breaks off what `saveAll` or `saveToFolder` has begun. */
  stopSaving(transferId: string): void;
  /** Copies the root: the other device has the same. */
  copyReceipt(transferId: string): void;
  copyReceivedText(transferId: string): void;
  /** Deletes it from this device. */
  discard(transferId: string): void;
  /** Discards everything that is not under way. */
  clearAll(): void;

  dismissNotice(): void;
  install(): void;
  applyUpdate(): void;
}
