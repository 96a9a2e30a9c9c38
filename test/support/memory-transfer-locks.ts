import type { TransferLock, TransferLocks } from '../../src/ports/transfer-locks.ts';

/** The locks of one browser, whose tabs may be closed without a word. */
export class MemoryTransferLocks {
  /** By transfer: the tab that has it. */
  readonly #holders = new Map<string, symbol>();
  readonly #waiting = new Map<string, { readonly tab: symbol; readonly take: () => void }[]>();

  /** What one tab sees. */
  tab(): TransferLocks {
    const tab = Symbol('tab');
    return {
      tryTake: async (transferId) => (this.#holders.has(transferId) ? undefined : this.#give(transferId, tab)),
      takeWhenFree: (transferId) =>
        new Promise((resolve) => {
          const take = (): void => resolve(this.#give(transferId, tab));
          if (this.#holders.has(transferId)) {
            this.#waiting.set(transferId, [...(this.#waiting.get(transferId) ?? []), { tab, take }]);
          } else take();
        }),
    };
  }

  /** The tabs that hold or wait for anything are gone. */
  closeTabs(): void {
    this.#waiting.clear();
    this.#holders.clear();
  }

  /** One tab is gone: the one that holds this. */
  closeHolder(transferId: string): void {
    const tab = this.#holders.get(transferId);
    for (const [id, waiting] of this.#waiting) {
      this.#waiting.set(
        id,
        waiting.filter((waiter) => waiter.tab !== tab),
      );
    }
    for (const [id, holder] of this.#holders) if (holder === tab) this.#free(id);
  }

  #give(transferId: string, tab: symbol): TransferLock {
    this.#holders.set(transferId, tab);
    return {
      release: async () => {
        if (this.#holders.get(transferId) === tab) this.#free(transferId);
      },
    };
  }

  #free(transferId: string): void {
    this.#holders.delete(transferId);
    this.#waiting.get(transferId)?.shift()?.take();
  }
}
