/**
 * A folder in memory that does what `FileSystemDirectoryHandle` does for us (File System Standard): names of one kind,
 * NotFoundError, TypeMismatchError, TypeError for names that are refused, and files that appear on `close`.
 */
export class MemoryDirectory {
  readonly kind = 'directory';
  readonly #entries = new Map<string, MemoryDirectory | MemoryFile>();
  readonly #refused: RegExp;

  /** @param refused names that this browser does not let be made */
  constructor(refused = /^$/) {
    this.#refused = refused;
  }

  async getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<MemoryDirectory> {
    return this.#get(name, MemoryDirectory, () => new MemoryDirectory(this.#refused), options?.create);
  }

  async getFileHandle(name: string, options?: { create?: boolean }): Promise<MemoryFile> {
    return this.#get(name, MemoryFile, () => new MemoryFile(), options?.create);
  }

  /** Everything below, by path: a file's text, or undefined for a folder. */
  list(prefix = ''): readonly (readonly [string, string | undefined])[] {
    const found: (readonly [string, string | undefined])[] = [];
    for (const [name, entry] of this.#entries) {
      if (entry instanceof MemoryFile) found.push([prefix + name, entry.text]);
      else found.push([`${prefix}${name}/`, undefined], ...entry.list(`${prefix}${name}/`));
    }
    return found;
  }

  #get<T extends MemoryDirectory | MemoryFile>(name: string, kind: new () => T, make: () => T, isCreating = false): T {
    if (this.#refused.test(name)) throw new TypeError('Name is not allowed.');
    const there = this.#entries.get(name);
    if (there instanceof kind) return there;
    if (there !== undefined) throw new DOMException('another kind', 'TypeMismatchError');
    if (!isCreating) throw new DOMException('not there', 'NotFoundError');
    const made = make();
    this.#entries.set(name, made);
    return made;
  }
}

export class MemoryFile {
  readonly kind = 'file';
  text = '';
  /** Thrown by the next write. */
  failure: unknown;

  async createWritable(): Promise<{
    write: (blob: Blob) => Promise<void>;
    close: () => Promise<void>;
    abort: () => Promise<void>;
  }> {
    let written = '';
    return {
      write: async (blob) => {
        if (this.failure !== undefined) throw this.failure;
        written += await blob.text();
      },
      close: async () => {
        this.text = written;
      },
      abort: async () => {},
    };
  }
}
