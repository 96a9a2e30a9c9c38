import type { ErrorCode, ErrorOrigin } from '../core/errors.ts';
import type { PageFrame } from '../core/wire/control-frame.ts';
import type { FileOutcome, PausedBy, TransferKind, TransferState as MachineState } from '../core/transfer/machine.ts';
import type { BlockStore } from './block-store.ts';

/**
 * The window's view of the transfer runner, which lives in a dedicated worker (or, where the browser refuses to
 * transfer data channels, on the main thread). Commands and events are plain structured-cloneable messages.
 * The link (RTCPeerConnection) stays in the window; its channels are handed over before they are open.
 */
export interface TransferEngine {
  /**
   * Hands over the two negotiated channels of a new connection, in the task that created them.
   * At most one link is current: the newest whose channels are open.
   * @returns false where the browser refuses the transfer; the channels are then untouched.
   */
  attach(link: LinkChannels): boolean;
  /**
   * Hands over the data channel of a further connection of the current link, in the task that created it.
   * @returns false where the browser refuses the transfer
   */
  attachLane(lane: LaneChannel): boolean;
  post(command: EngineCommand): void;
  onEvent: ((event: EngineEvent) => void) | undefined;
}

export interface LinkChannels {
  /** Unique per connection attempt in this tab. */
  readonly linkId: number;
  /** Data channel id 0. */
  readonly control: RTCDataChannel;
  /** Data channel id 1. */
  readonly data: RTCDataChannel;
}

export interface LaneChannel {
  readonly linkId: number;
  /** 1 to 65535, as in `openLane` or a LANE frame. */
  readonly lane: number;
  /** Data channel id 1. */
  readonly data: RTCDataChannel;
}

export type EngineCommand =
  /** Offers files, or one text, to the peer. They go at once, or as soon as a link is open. */
  | {
      readonly type: 'send';
      readonly transferId: string;
      readonly kind: TransferKind;
      readonly files: readonly OutgoingFile[];
    }
  /**
   * Takes an offer. `folder`: save straight into a folder that the person picked (and may write to), skipping files that
   * are there already with the same content. Again with the same folder, where a transfer is paused with 'folder-refused':
   * the permission goes with the page.
   */
  | { readonly type: 'accept'; readonly transferId: string; readonly folder?: FileSystemDirectoryHandle }
  /** By either side, while it is offered or running. */
  | { readonly type: 'pause'; readonly transferId: string }
  /** Goes on with what is paused: by this side, or because of something that the person has mended. */
  | { readonly type: 'resume'; readonly transferId: string }
  /**
   * The files of a transfer whose summary says `needsFiles`: chosen again, or opened again. In any order, more than are
   * wanted are fine. `withoutMissing`: what is not among them will not travel. Answered by `attached`.
   */
  | {
      readonly type: 'attachFiles';
      readonly transferId: string;
      readonly files: readonly OutgoingFile[];
      readonly withoutMissing?: true;
    }
  | { readonly type: 'decline'; readonly transferId: string }
  /** By either side, at any time before the end. What was received is deleted. */
  | { readonly type: 'cancel'; readonly transferId: string }
  /** Deletes a received (or partial) transfer from this device. */
  | { readonly type: 'discard'; readonly transferId: string }
  /** The user saved a verified transfer; it stays until discarded. */
  | { readonly type: 'markSaved'; readonly transferId: string }
  /** What the peer is known as from now on: its certificate fingerprint, 64 lower-case hex digits. */
  | { readonly type: 'linkPeer'; readonly linkId: number; readonly peerFingerprint: string }
  /** The connection of a lane failed, or could not be made. */
  | { readonly type: 'laneFailed'; readonly linkId: number; readonly lane: number }
  /** The window gave this connection up (closed, replaced). `reason`: the peer is told why. */
  | { readonly type: 'detach'; readonly linkId: number; readonly reason?: EngineFailure }
  /** Sends a frame that is the page's own (WIRE.md §4.6 to §4.11), on the current link only. */
  | { readonly type: 'pageFrame'; readonly linkId: number; readonly frame: PageFrame };

export type { FileOutcome, PausedBy, TransferKind } from '../core/transfer/machine.ts';

export interface OutgoingFile {
  /** Relative, with `/`. */
  readonly path: string;
  /** undefined: a folder with nothing in it. */
  readonly file: File | undefined;
}

export interface ListedFile {
  /** Sanitised: safe to show as text and to save under. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly lastModifiedEpochMs: number;
  /** A folder with nothing in it. */
  readonly isFolder?: true;
}

export interface EngineFailure {
  readonly code: ErrorCode;
  readonly origin: ErrorOrigin;
  /** For developers. */
  readonly message: string;
}

export type EngineEvent =
  /** Once, at start: where what is received will be. Nowhere, if it never comes; `failed` then says why. */
  | {
      readonly type: 'storage';
      readonly kind: BlockStore['kind'];
      /** It goes with the window: a private one. Nothing can be resumed after a crash. */
      readonly isTemporary: boolean;
      /** What the browser allowed at start, if it said so. A hint; see `StorageSpace`. */
      readonly roomBytes: number | undefined;
    }
  /** Both channels are open and the HELLO frames agreed. `capabilities`: bits that both have set (WIRE.md §4.1). */
  | { readonly type: 'linkOpen'; readonly linkId: number; readonly capabilities: number }
  /** Nothing has come over the current link for 4.5 s, though the peer was asked; it may come back. */
  | { readonly type: 'linkSilent'; readonly linkId: number }
  /** Something has come over a silent link. */
  | { readonly type: 'linkHeard'; readonly linkId: number }
  /** A frame for the page came. */
  | { readonly type: 'pageFrame'; readonly linkId: number; readonly frame: PageFrame }
  | { readonly type: 'linkClosed'; readonly linkId: number; readonly failure?: EngineFailure }
  /**
   * One more connection is to be made for this link, by LANE frames and `attachLane`; or it is not needed any more, or was
   * lost. A LANE frame of the peer may also begin one.
   */
  | { readonly type: 'openLane' | 'closeLane'; readonly linkId: number; readonly lane: number }
  /**
   * A transfer is known now: offered by the peer, queued here, or found in the journal at start. Comes again for the
   * same transfer, with more files, when it was offered before its whole manifest had arrived (above about 10 000 files).
   */
  | { readonly type: 'transfer'; readonly transfer: TransferSummary }
  /**
   * About four times a second at most; never goes back. `wireBytes`: payload of this transfer that travelled over any
   * link since the engine started, blocks sent again included, so that tests can tell what a resume cost.
   */
  | { readonly type: 'progress'; readonly transferId: string; readonly bytesDone: number; readonly wireBytes?: number }
  | {
      readonly type: 'state';
      readonly transferId: string;
      readonly state: TransferState;
      /** Why it failed; or why it is paused, if nobody wanted it so. */
      readonly failure?: EngineFailure;
      readonly pausedBy?: PausedBy;
      readonly root?: string;
    }
  /** What became of one file, where that is not the ordinary. */
  | {
      readonly type: 'file';
      readonly transferId: string;
      readonly fileIndex: number;
      /** `identical`: was there already. `withdrawn`: changed or became unreadable at the sender, and was not sent. */
      readonly outcome: FileOutcome;
    }
  /** Answers `attachFiles`: paths that are still missing, and those of files that are not what they were. */
  | {
      readonly type: 'attached';
      readonly transferId: string;
      readonly missing: readonly string[];
      readonly changed: readonly string[];
    }
  /** Once, at start: every transfer that the journal knows has been told. */
  | { readonly type: 'restored' }
  /** It is gone from this device. */
  | { readonly type: 'removed'; readonly transferId: string }
  /** The engine itself broke. */
  | { readonly type: 'failed'; readonly failure: EngineFailure };

export interface TransferSummary {
  readonly transferId: string;
  readonly direction: 'sending' | 'receiving';
  readonly kind: TransferKind;
  readonly state: TransferState;
  /** Interrupted by a reload of the sender: its files have to be opened or chosen again. */
  readonly needsFiles: boolean;
  readonly files: readonly ListedFile[];
  readonly fileCount: number;
  readonly totalBytes: number;
  readonly bytesDone: number;
  /** Where it was accepted with a folder: that folder's name. Its files are in there, and nowhere else. */
  readonly folderName?: string;
}

/** What the machine knows, and what only the runner does. */
export type TransferState =
  | MachineState
  /** Another tab of this browser has it. */
  | 'elsewhere';

/** A text that is longer travels as a file. */
export { MAX_TEXT_BYTES } from '../core/wire/limits.ts';
