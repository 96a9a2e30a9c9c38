import type { Bytes } from '../bytes.ts';
import type { TransferError } from '../errors.ts';
import type { PageFrame } from '../wire/control-frame.ts';
import type { ManifestEntry } from '../wire/frames/manifest.ts';
import type { StoredPlace } from './store-layout.ts';

/**
 * What goes into the transfer machine (`endpoint.ts`) and what comes out of it. Slow things are outputs that are
 * answered by inputs: every output that names its answer gets exactly one, or one `ioFailed`.
 */
export type Input =
  | LinkInput
  | CommandInput
  | AnswerInput
  /** `deadlineMs` has passed. `bufferedBytes`: what the data channels hold and have not sent yet. */
  | { readonly type: 'timeout'; readonly bufferedBytes?: number };

export type LinkInput =
  /** Both channels are open. An older link, if there was one, is given up. */
  | {
      readonly type: 'linkOpened';
      /** 16 random bytes as 32 lower-case hex digits, fresh for each link. */
      readonly nonce: string;
      /** Goes into the journal; empty while it is not known. */
      readonly peerFingerprint: string;
    }
  | { readonly type: 'peerKnown'; readonly peerFingerprint: string }
  | { readonly type: 'linkClosed' }
  /** A frame of the page that is to be sent, on the link that is ready. */
  | { readonly type: 'pageFrame'; readonly frame: PageFrame }
  /** The window wants no more of this peer; it is told why. */
  | { readonly type: 'refuseLink'; readonly error: TransferError }
  /** One message of the control channel. */
  | { readonly type: 'controlFrame'; readonly bytes: Bytes }
  /** One message of a lane's data channel. Nothing keeps a view of it. */
  | { readonly type: 'dataFrame'; readonly lane: number; readonly bytes: Bytes }
  /** The data channel of a lane other than the first is open; or it is closed, or there will be none. */
  | { readonly type: 'laneOpened' | 'laneClosed'; readonly lane: number };

export type CommandInput =
  | {
      readonly type: 'send';
      readonly transferId: string;
      readonly kind: TransferKind;
      readonly files: readonly ManifestEntry[];
      readonly epochMs: number;
    }
  /** Also: go on with one that has failed for now. */
  | {
      readonly type: 'accept';
      readonly transferId: string;
      readonly epochMs: number;
      /** It goes straight into a folder of that name, where flushing copies. */
      readonly folderName?: string;
    }
  | {
      readonly type: 'decline' | 'cancel' | 'discard' | 'markSaved' | 'pause' | 'resume';
      readonly transferId: string;
    }
  /** Files for a sending transfer that was restored. Answered by the event 'attached'. */
  | {
      readonly type: 'attach';
      readonly transferId: string;
      readonly files: readonly ManifestEntry[];
      readonly withoutMissing: boolean;
    }
  /** A transfer that the journal knows, at start. */
  | {
      readonly type: 'restored';
      readonly header: JournalHeader;
      /** From the first on; all, or only some where the crash came while the manifest was arriving. */
      readonly files: readonly ManifestEntry[];
      readonly pages: readonly JournalBlockPage[];
      /** As in `begun`. */
      readonly existing?: readonly number[];
    };

export type AnswerInput =
  | { readonly type: 'readDone'; readonly transferId: string; readonly slabId: number; readonly bytes: Bytes }
  | {
      readonly type: 'hashed';
      readonly transferId: string;
      readonly slabId: number;
      readonly block: number;
      readonly hash: Bytes;
    }
  | {
      readonly type: 'stored';
      readonly transferId: string;
      readonly block: number;
      /** SHA-256 of what was read back from the disk. In a folder: of what was written; `checkpoint` reads it back. */
      readonly hash: Bytes;
      /** Nothing was written: the folder's existing file has just that there. */
      readonly isInPlace?: true;
    }
  | {
      readonly type: 'probed';
      readonly transferId: string;
      readonly block: number;
      /** SHA-256 of what the disk has there; undefined where it has nothing. */
      readonly hash: Bytes | undefined;
    }
  | { readonly type: 'created'; readonly transferId: string; readonly fileIndex: number }
  | {
      readonly type: 'begun' | 'manifestStored';
      readonly transferId: string;
      /** Indexes of the files, among those in the pages, for which the folder has one of that path and size. */
      readonly existing?: readonly number[];
    }
  | { readonly type: 'checkpointed' | 'removed'; readonly transferId: string }
  | { readonly type: 'pageLoaded'; readonly transferId: string; readonly page: JournalBlockPage }
  | {
      readonly type: 'ioFailed';
      readonly transferId: string;
      readonly operation: IoOutput['type'];
      /** For a `store` or a `probe`. */
      readonly block?: number;
      /** For a `read` or a `hash`. */
      readonly slabId?: number;
      readonly error: TransferError;
    };

export type Output =
  /** One message for the control channel. */
  | { readonly type: 'sendControl'; readonly bytes: Bytes }
  /** Close both channels. The machine is done with the link: no `linkClosed` is needed. */
  | { readonly type: 'closeLink'; readonly error: TransferError | undefined }
  | { readonly type: 'event'; readonly event: MachineEvent }
  /** What a `read` gave is not looked at any more. No answer. */
  | {
      readonly type: 'release';
      readonly transferId: string;
      readonly fileIndex: number;
      readonly bytes: Bytes;
    }
  | IoOutput;

export type IoOutput =
  /** Answer: `readDone`, with exactly that many bytes. */
  | {
      readonly type: 'read';
      readonly transferId: string;
      readonly slabId: number;
      readonly fileIndex: number;
      readonly offset: number;
      readonly length: number;
    }
  /** SHA-256 of one block that was read. Answer: `hashed`. */
  | {
      readonly type: 'hash';
      readonly transferId: string;
      readonly slabId: number;
      readonly block: number;
      readonly bytes: Bytes;
    }
  /**
   * Write a block, read it back (into `bytes`, if you like), hash what was read. Answer: `stored`, and `bytes` is the
   * machine's again.
   */
  | {
      readonly type: 'store';
      readonly transferId: string;
      readonly fileIndex: number;
      readonly fileSizeBytes: number;
      /** Where the file lies in a block store that is not the person's own folder. */
      readonly stored: StoredPlace;
      readonly block: number;
      readonly offset: number;
      readonly bytes: Bytes;
    }
  /** Read a block that may be on the disk already, and hash it. Answer: `probed`. */
  | {
      readonly type: 'probe';
      readonly transferId: string;
      readonly fileIndex: number;
      readonly fileSizeBytes: number;
      /** Where the file lies in a block store that is not the person's own folder. */
      readonly stored: StoredPlace;
      readonly block: number;
      readonly offset: number;
      readonly length: number;
    }
  /** Create an empty file or, in a folder, an empty folder. Answer: `created`. */
  | { readonly type: 'create'; readonly transferId: string; readonly fileIndex: number }
  /** Put the manifest pages, then the header, into the journal. Answer: `begun`. */
  | {
      readonly type: 'begin';
      readonly transferId: string;
      readonly header: JournalHeader;
      readonly pages: readonly JournalManifestPage[];
    }
  /** Answer: `manifestStored`. */
  | { readonly type: 'storeManifest'; readonly transferId: string; readonly pages: readonly JournalManifestPage[] }
  /**
   * Flush all files of the transfer, close them where `closesFiles`, and then write pages and header in one
   * transaction. In a folder, everything written since the last one is read back in between. Answer: `checkpointed`.
   */
  | {
      readonly type: 'checkpoint';
      readonly transferId: string;
      readonly pages: readonly JournalBlockPage[];
      readonly header: JournalHeader;
      readonly closesFiles: boolean;
    }
  /** Answer: `pageLoaded`. */
  | { readonly type: 'loadPage'; readonly transferId: string; readonly pageIndex: number }
  /** Delete files and journal of a received transfer. Answer: `removed`. */
  | { readonly type: 'remove'; readonly transferId: string };

export type MachineEvent =
  /** The HELLO frames agreed. `capabilities`: bits that both have set. */
  | { readonly type: 'linkReady'; readonly capabilities: number }
  /** Nothing has come over the link for a while, though the peer was asked; and something has come again. */
  | { readonly type: 'linkSilent' }
  | { readonly type: 'linkHeard' }
  | { readonly type: 'pageFrame'; readonly frame: PageFrame }
  /** One more connection is to be made for this link, with this number; or it is not needed any more. */
  | { readonly type: 'openLane' | 'closeLane'; readonly lane: number }
  | {
      readonly type: 'transfer';
      readonly transferId: string;
      readonly direction: 'sending' | 'receiving';
      readonly kind: TransferKind;
      readonly state: TransferState;
      readonly needsFiles: boolean;
      readonly files: readonly ManifestEntry[];
      readonly fileCount: number;
      readonly totalBytes: number;
      readonly bytesDone: number;
      readonly folderName?: string;
    }
  | {
      readonly type: 'progress';
      readonly transferId: string;
      /** Never goes back. */
      readonly bytesDone: number;
      /** Payload that travelled in this machine's life, blocks sent again included. */
      readonly wireBytes: number;
    }
  | {
      readonly type: 'state';
      readonly transferId: string;
      readonly state: TransferState;
      readonly error?: TransferError;
      /** With 'paused', where a person wants it so. */
      readonly pausedBy?: PausedBy;
      /** 64 lower-case hex digits. */
      readonly root?: string;
    }
  | {
      readonly type: 'file';
      readonly transferId: string;
      readonly fileIndex: number;
      readonly outcome: FileOutcome;
    }
  /** Answers `attach`: for each file of the transfer the index of the given one, and the paths of those without. */
  | {
      readonly type: 'attached';
      readonly transferId: string;
      readonly sources: readonly (number | undefined)[];
      readonly missing: readonly string[];
      readonly changed: readonly string[];
    }
  | { readonly type: 'removed'; readonly transferId: string };

/** `here`: by the person at this device; `there`: at the other. */
export type PausedBy = 'here' | 'there' | 'both';

export type FileOutcome = 'identical' | 'withdrawn';

/** `text`: one snippet, UTF-8, in one file of at most `MAX_TEXT_BYTES`; shown, and copied instead of saved. */
export type TransferKind = 'files' | 'text';

export type TransferState =
  /** Sender: waiting for a link. */
  | 'queued'
  /** Receiver: accept or decline? Sender: the peer is being asked. */
  | 'offered'
  /** Bytes are flowing, or about to. */
  | 'running'
  /**
   * It waits, on a link: because a person wants it so (`pausedBy`), or because of something that can be mended, a full
   * disk for example (`failure`). `resume` goes on.
   */
  | 'paused'
  /** The link is gone; it goes on after pairing again. */
  | 'interrupted'
  /** Every byte is on the receiver's disk and its root is the sender's. */
  | 'verified'
  | 'declined'
  | 'cancelled'
  /** For good. */
  | 'failed';

/** What the journal keeps of a transfer; `TransferHeader` in `ports/journal.ts`. */
export interface JournalHeader {
  /** 16 random bytes as 32 lower-case hex digits. */
  readonly transferId: string;
  readonly direction: 'sending' | 'receiving';
  readonly kind: TransferKind;
  readonly state: 'active' | 'verified' | 'saved' | 'declined' | 'cancelled' | 'failed';
  readonly createdEpochMs: number;
  readonly fileCount: number;
  readonly totalBytes: number;
  /** Blocks in the whole transfer. */
  readonly blockCount: number;
  /** Blocks that checkpoints cover; of a sender: about as many as the receiver has. */
  readonly storedBlocks: number;
  /** The peer's certificate fingerprint, 64 lower-case hex digits. */
  readonly peerFingerprint: string;
  /** SHA-256 over the manifest as the sender sent it (WIRE.md), 64 lower-case hex digits: is an offer the same transfer? */
  readonly manifestDigest: string;
  /** Merkle root over the manifest and the files' roots (WIRE.md), 64 lower-case hex digits; set once verified. */
  readonly root?: string;
  /** Sending: nobody has accepted it yet, so that it may be offered to whoever is at the other end. */
  readonly isForAnyPeer?: true;
  /** Indexes of files that do not travel with it any more. */
  readonly withdrawn?: readonly number[];
  /** It is saved straight into a folder of this name, that the person picked. */
  readonly folderName?: string;
}

export interface JournalManifestPage {
  readonly pageIndex: number;
  /** Index of the first of `files` in the transfer. */
  readonly firstFile: number;
  readonly files: readonly ManifestEntry[];
}

/** 1024 consecutive blocks; `BlockPage` in `ports/journal.ts`. */
export interface JournalBlockPage {
  readonly pageIndex: number;
  /** Bit i (least significant first within each byte) is block `pageIndex * 1024 + i`. 128 bytes. */
  readonly blockMap: Bytes;
  /** SHA-256 of each block, 32 bytes each, zeros where the bit is not set. 32768 bytes. */
  readonly hashes: Bytes;
}
