import { signal, type ReadonlySignal } from '@preact/signals';
import type { OutgoingFile } from '../ports/transfer-engine.ts';
import type { ChosenFile } from './model.ts';

/** Files picked for sending that no peer has been offered yet. */
export class ChosenFiles {
  readonly #files = new Map<number, OutgoingFile>();
  readonly #views = signal<readonly ChosenFile[]>([]);
  #nextId = 1;

  get views(): ReadonlySignal<readonly ChosenFile[]> {
    return this.#views;
  }

  add(files: readonly OutgoingFile[]): void {
    for (const file of files) this.#files.set(this.#nextId++, file);
    this.#publish();
  }

  remove(id: number): void {
    this.#files.delete(id);
    this.#publish();
  }

  /** Gives all of them and keeps none. */
  take(): readonly OutgoingFile[] {
    const files = [...this.#files.values()];
    this.clear();
    return files;
  }

  clear(): void {
    this.#files.clear();
    this.#publish();
  }

  #publish(): void {
    this.#views.value = Array.from(this.#files, ([id, { path, file }]) => ({ id, path, sizeBytes: file?.size ?? 0 }));
  }
}

/** A file picked within a folder has a relative path; one picked alone has an empty one. */
export function outgoingFiles(files: readonly File[]): readonly OutgoingFile[] {
  return files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}
