import { TransferError } from '../../core/errors.ts';
import type { TransferLock, TransferLocks } from '../../ports/transfer-locks.ts';

/** The transfers that this tab has, by their locks. */
export class HeldTransfers {
  readonly #locks: TransferLocks;
  readonly #held = new Map<string, Promise<TransferLock | undefined>>();

  constructor(locks: TransferLocks) {
    this.#locks = locks;
  }

  /** Takes it, or has it already. False where another tab has it. */
  async take(transferId: string): Promise<boolean> {
    const taking = this.#held.get(transferId) ?? this.#locks.tryTake(transferId);
    this.#held.set(transferId, taking);
    const lock = await taking;
    if (lock === undefined) this.#held.delete(transferId);
    return lock !== undefined;
  }

  /** Rejects with 'transfer-elsewhere', 'host', where another tab has it. */
  async need(transferId: string): Promise<void> {
    if (await this.take(transferId)) return;
    throw new TransferError('transfer-elsewhere', 'host', `another tab has transfer ${transferId}`);
  }

  async takeWhenFree(transferId: string): Promise<void> {
    const lock = await this.#locks.takeWhenFree(transferId);
    this.#held.set(transferId, Promise.resolve(lock));
  }

  /** Lets others have it. Never rejects: a lock that cannot be released goes with the tab. */
  release(transferId: string): void {
    const lock = this.#held.get(transferId);
    this.#held.delete(transferId);
    lock?.then((held) => held?.release()).catch(() => {});
  }
}
