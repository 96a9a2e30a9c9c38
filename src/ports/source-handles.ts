import type { PickedItem, ReadingOptions } from './source-picker.ts';

/** What a transfer's files were opened from. */
export interface RememberedSources {
  /** Roots as they were picked. They can be stored, unlike the files that they gave. */
  readonly handles: readonly FileSystemHandle[];
  /** A text: small enough to be kept itself. */
  readonly texts: readonly RememberedText[];
}

export interface RememberedText {
  readonly path: string;
  readonly text: string;
  /** The sender's engine compares it. */
  readonly lastModifiedEpochMs: number;
}

/**
 * Remembers, beyond a reload, where the files of a transfer that is being sent came from. One place for all tabs.
 * Everything rejects with TransferError, origin 'host', as storage does.
 */
export interface SourceHandles {
  /** Replaces what was kept for the transfer. */
  remember(transferId: string, sources: RememberedSources): Promise<void>;
  /**
   * Opens everything again, in the state that it has now. What is gone is left out, and so is what cannot be read: the
   * engine says what is missing.
   *
   * @param mayAsk the browser may ask the person: call in the task of a click
   * @returns `ask` without `mayAsk`: the person has to allow it first; `refused`: they did not; `none`: nothing is kept
   */
  reopen(transferId: string, mayAsk: boolean, options?: ReadingOptions): Promise<Reopened>;
  /** Deletes what is kept for the transfer, if anything. */
  forget(transferId: string): Promise<void>;
}

export type Reopened = readonly PickedItem[] | 'ask' | 'refused' | 'none';
