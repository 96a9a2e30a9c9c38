import { handleNode, readTree } from '../../src/adapters/files/source-tree.ts';
import type { RememberedSources, Reopened, SourceHandles } from '../../src/ports/source-handles.ts';
import type { PickedItem, ReadingOptions } from '../../src/ports/source-picker.ts';

/** Kept in memory, shared by those that are made with the same map. */
export class MemorySourceHandles implements SourceHandles {
  readonly kept: Map<string, RememberedSources>;
  /** What the person says when they are asked, and from then on. */
  permission: 'granted' | 'prompt' | 'denied' = 'granted';

  constructor(kept = new Map<string, RememberedSources>()) {
    this.kept = kept;
  }

  async remember(transferId: string, sources: RememberedSources): Promise<void> {
    this.kept.set(transferId, sources);
  }

  async reopen(transferId: string, mayAsk: boolean, options?: ReadingOptions): Promise<Reopened> {
    const sources = this.kept.get(transferId);
    if (sources === undefined) return 'none';
    if (sources.handles.length > 0 && this.permission !== 'granted') {
      if (!mayAsk) return 'ask';
      if (this.permission === 'denied') return 'refused';
      this.permission = 'granted';
    }
    const roots = sources.handles.map((handle) => ({ node: handleNode(handle), handle }));
    const texts = sources.texts.map(({ path, text, lastModifiedEpochMs }): PickedItem => {
      const file = new File([text], path, { lastModified: lastModifiedEpochMs });
      return { kind: 'file', name: path, files: [{ path, file }] };
    });
    return [...(await readTree(roots, options, 'skip')), ...texts];
  }

  async forget(transferId: string): Promise<void> {
    this.kept.delete(transferId);
  }
}
