import { signal, type ReadonlySignal } from '@preact/signals';
import type { PickedItem } from '../ports/source-picker.ts';
import type { ChosenItem } from './model.ts';

/** Something to be sent. */
export type OutgoingItem = PickedItem | { readonly kind: 'text'; readonly text: string };

/** A text is named by so many of its first characters. */
const TEXT_NAME_CHARACTERS = 60;

/** What was picked for sending and no peer has been offered yet. A folder is one item, whatever it holds. */
export class ChosenItems {
  readonly #items = new Map<number, { readonly item: OutgoingItem; readonly view: ChosenItem }>();
  readonly #views = signal<readonly ChosenItem[]>([]);
  #nextId = 1;

  get views(): ReadonlySignal<readonly ChosenItem[]> {
    return this.#views;
  }

  add(items: readonly OutgoingItem[]): void {
    for (const item of items) {
      const id = this.#nextId++;
      this.#items.set(id, { item, view: { id, ...describe(item) } });
    }
    this.#publish();
  }

  remove(id: number): void {
    this.#items.delete(id);
    this.#publish();
  }

  /** Gives all of them and keeps none. */
  take(): readonly OutgoingItem[] {
    const items = Array.from(this.#items.values(), ({ item }) => item);
    this.clear();
    return items;
  }

  clear(): void {
    this.#items.clear();
    this.#publish();
  }

  #publish(): void {
    this.#views.value = Array.from(this.#items.values(), ({ view }) => view);
  }
}

function describe(item: OutgoingItem): Omit<ChosenItem, 'id'> {
  if (item.kind === 'text') {
    const words = item.text.trim().replaceAll(/\s+/g, ' ');
    const characters = Array.from(words);
    const name =
      characters.length > TEXT_NAME_CHARACTERS ? `${characters.slice(0, TEXT_NAME_CHARACTERS).join('')}…` : words;
    return { kind: 'text', name, fileCount: 0, sizeBytes: 0 };
  }
  const { kind, name, files } = item;
  // What stands for an empty folder is no file.
  const present = files.flatMap(({ file }) => file ?? []);
  return {
    kind,
    name,
    fileCount: present.length,
    sizeBytes: present.reduce((sum, { size }) => sum + size, 0),
  };
}
