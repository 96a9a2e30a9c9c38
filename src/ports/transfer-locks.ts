/**
 * Says which tab of this browser has a transfer: only that one writes its files and its journal. A lock goes with the
 * tab that holds it, however that ends.
 */
export interface TransferLocks {
  /** Takes the transfer at once; undefined where another tab has it. One holder at a time, within a tab too. */
  tryTake(transferId: string): Promise<TransferLock | undefined>;
  /** Takes it as soon as the other tab lets go of it; where nobody can tell, never. */
  takeWhenFree(transferId: string): Promise<TransferLock>;
}

export interface TransferLock {
  /** Resolves when others may have it. */
  release(): Promise<void>;
}
