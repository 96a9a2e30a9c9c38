import type { SaveJob, SaveListener, Saver } from '../../src/ports/saver.ts';

type Outcome = 'saved' | 'stopped' | 'unavailable';

/** Saves nothing, and puts on record what it was asked for. */
export class FakeSaver implements Saver {
  readonly canPickFolder = true;
  canShare = false;
  /** By name, one after the other. */
  readonly files: string[] = [];
  readonly jobs: { readonly way: 'zip' | 'folder'; readonly job: SaveJob; readonly listener: SaveListener }[] = [];
  readonly shared: (readonly string[])[] = [];
  picksFolder = true;
  #end: ((outcome: Outcome) => void) | undefined;

  /** Ends the job that was begun last. */
  end(outcome: Outcome): void {
    if (this.#end === undefined) throw new Error('nothing is being saved');
    this.#end(outcome);
  }

  async saveFile(_blob: Blob, name: string): Promise<void> {
    this.files.push(name);
  }

  saveZip(job: SaveJob, listener: SaveListener): Promise<Outcome> {
    return this.#begin('zip', job, listener);
  }

  async pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
    return this.picksFolder ? ({ name: 'Pictures' } as FileSystemDirectoryHandle) : undefined;
  }

  async saveToFolder(
    job: SaveJob,
    _folder: FileSystemDirectoryHandle,
    listener: SaveListener,
  ): Promise<'saved' | 'stopped'> {
    const outcome = await this.#begin('folder', job, listener);
    if (outcome === 'unavailable') throw new Error('a folder is always there');
    return outcome;
  }

  async share(files: readonly { readonly name: string }[]): Promise<'saved'> {
    this.shared.push(files.map(({ name }) => name));
    return 'saved';
  }

  #begin(way: 'zip' | 'folder', job: SaveJob, listener: SaveListener): Promise<Outcome> {
    this.jobs.push({ way, job, listener });
    return new Promise((resolve) => {
      this.#end = resolve;
      listener.signal.addEventListener('abort', () => resolve('stopped'));
    });
  }
}
