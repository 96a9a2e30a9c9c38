import type { RememberedSources, Reopened, SourceHandles } from '../../src/ports/source-handles.ts';
import type { PickedItem } from '../../src/ports/source-picker.ts';

/** Kept in memory, with handles that a test gives files to. */
export class MemorySourceHandles implements SourceHandles {
  readonly kept = new Map<string, RememberedSources>();
  /** What opening a handle gives; one that is not here is gone. */
  readonly files = new Map<FileSystemHandle, PickedItem>();
  /** What the person says when they are asked, and from then on. */
  permission: 'granted' | 'prompt' | 'denied' = 'granted';

  async remember(transferId: string, sources: RememberedSources): Promise<void> {
    this.kept.set(transferId, sources);
  }

  async reopen(transferId: string, mayAsk: boolean): Promise<Reopened> {
    const sources = this.kept.get(transferId);
    if (sources === undefined) return 'none';
    if (sources.handles.length > 0 && this.permission !== 'granted') {
      if (!mayAsk) return 'ask';
      if (this.permission === 'denied') return 'refused';
      this.permission = 'granted';
    }
    return [
      ...sources.handles.flatMap((handle) => this.files.get(handle) ?? []),
      ...sources.texts.map(({ path, text, lastModifiedEpochMs }): PickedItem => {
        const file = new File([text], path, { lastModified: lastModifiedEpochMs });
        return { kind: 'file', name: path, files: [{ path, file }] };
      }),
    ];
  }

  async forget(transferId: string): Promise<void> {
    this.kept.delete(transferId);
  }
}
