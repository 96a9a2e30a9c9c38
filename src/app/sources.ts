import type { TransferError } from '../core/errors.ts';
import type { RememberedSources, Reopened, SourceHandles } from '../ports/source-handles.ts';
import type { PickedItem, ReadingOptions } from '../ports/source-picker.ts';
import type { EngineEvent, TransferEngine, TransferState } from '../ports/transfer-engine.ts';
import { asTransferError } from './pairing-driver.ts';
import { matchPaths } from './picked-files.ts';
import type { Transfers } from './transfers.ts';
import type { Sent } from './outgoing.ts';

export interface SourcesPorts {
  readonly engine: TransferEngine;
  readonly sourceHandles: SourceHandles;
}

export interface SourcesOptions {
  readonly transfers: Transfers;
  /** These are not what they were: they go as a new transfer. */
  readonly onChanged: (items: readonly PickedItem[]) => void;
  readonly onFailed: (error: TransferError) => void;
}

const ENDED: ReadonlySet<TransferState> = new Set(['verified', 'declined', 'cancelled', 'failed']);

/** What was given to the engine for a transfer, and is being looked through. */
interface Attached {
  readonly items: readonly PickedItem[];
  readonly isPicked: boolean;
}

/**
 * Gives transfers their files back after a reload: from where they were picked, if the browser lets us remember that,
 * else because the person picks them again.
 */
export class Sources {
  readonly #ports: SourcesPorts;
  readonly #options: SourcesOptions;
  readonly #attached = new Map<string, Attached>();
  /** Looked for without a click, once: what it takes is known now. */
  readonly #looked = new Set<string>();
  /** Remembering and forgetting happen in the order in which they were asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(ports: SourcesPorts, options: SourcesOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  remember({ transferId, items, texts }: Sent): void {
    const handles = items.flatMap(({ handle }) => handle ?? []);
    if (handles.length > 0 || texts.length > 0) this.#keep(transferId, { handles, texts });
  }

  heard(event: Extract<EngineEvent, { type: 'transfer' | 'state' | 'removed' | 'attached' }>): void {
    switch (event.type) {
      case 'transfer': {
        const { transferId, direction, state, needsFiles } = event.transfer;
        if (direction === 'receiving') return;
        if (ENDED.has(state)) this.#forget(transferId);
        else if (needsFiles && !this.#looked.has(transferId)) {
          this.#looked.add(transferId);
          void this.reopen(transferId, false);
        }
        return;
      }
      case 'state':
        if (ENDED.has(event.state) && this.#isSending(event.transferId)) this.#forget(event.transferId);
        return;
      case 'removed':
        // It is not listed any more, so its direction is not known: there is nothing to forget of a received one.
        return this.#forget(event.transferId);
      case 'attached':
        return this.#answered(event.transferId, event.missing, event.changed);
      default:
        event satisfies never;
    }
  }

  /** Opens what is remembered. Never rejects. @param mayAsk in the task of a click */
  async reopen(transferId: string, mayAsk: boolean, options?: ReadingOptions): Promise<void> {
    const { transfers, onFailed } = this.#options;
    transfers.setSources(transferId, 'opening');
    let reopened: Reopened;
    try {
      reopened = await this.#ports.sourceHandles.reopen(transferId, mayAsk, options);
    } catch (cause) {
      // Stopped by the person: what is remembered is still there.
      transfers.setSources(transferId, options?.signal?.aborted === true ? 'ask' : 'none');
      if (options?.signal?.aborted !== true) onFailed(asTransferError(cause));
      return;
    }
    if (typeof reopened === 'string') transfers.setSources(transferId, reopened);
    else this.#attach(transferId, reopened, false);
  }

  /** The person picked the files again; more than are needed, and only some of them, are fine. */
  attach(transferId: string, items: readonly PickedItem[]): void {
    if (items.length > 0) this.#attach(transferId, items, true);
  }

  #attach(transferId: string, items: readonly PickedItem[], isPicked: boolean): void {
    const transfer = this.#options.transfers.get(transferId);
    if (transfer === undefined) return;
    const matched = matchPaths(
      items,
      transfer.files.value.map(({ path }) => path),
    );
    this.#options.transfers.setSources(transferId, 'opening');
    this.#attached.set(transferId, { items: matched, isPicked });
    const files = matched.flatMap((item) => item.files);
    this.#ports.engine.post({ type: 'attachFiles', transferId, files });
  }

  #answered(transferId: string, missing: readonly string[], changed: readonly string[]): void {
    const attached = this.#attached.get(transferId);
    this.#attached.delete(transferId);
    if (attached === undefined) return;
    const changedPaths = new Set(changed);
    const anew = attached.items
      .map((item) => ({ ...item, files: item.files.filter(({ path }) => changedPaths.has(path)) }))
      .filter(({ files }) => files.length > 0);
    if (anew.length > 0) this.#options.onChanged(anew);
    // The next reload is easier than this one.
    if (attached.isPicked && missing.length === 0) this.remember({ transferId, items: attached.items, texts: [] });
  }

  #isSending(transferId: string): boolean {
    return this.#options.transfers.get(transferId)?.direction === 'sending';
  }

  #keep(transferId: string, sources: RememberedSources): void {
    this.#do(() => this.#ports.sourceHandles.remember(transferId, sources));
  }

  #forget(transferId: string): void {
    this.#attached.delete(transferId);
    this.#looked.delete(transferId);
    this.#do(() => this.#ports.sourceHandles.forget(transferId));
  }

  /**
   * Failures are left alone on purpose: without what is remembered, everything works but one click. Where storage is
   * broken for good, the engine's journal says so.
   */
  #do(action: () => Promise<void>): void {
    this.#last = this.#last.then(action).catch(() => undefined);
  }
}
