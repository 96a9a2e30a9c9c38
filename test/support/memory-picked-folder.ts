/**
 * `FileSystemDirectoryHandle` and what belongs to it, in memory, as far as Heliograph uses them (File System Standard):
 * swap files that take the file's place on close, snapshots that fail once the file has changed, and the exceptions.
 */
export class MemoryPickedFolder {
  readonly kind = 'directory';
  readonly name: string;
  readonly disk: MemoryDisk;
  readonly #entries = new Map<string, MemoryPickedFolder | MemoryFile>();

  constructor(name: string, disk: MemoryDisk = new MemoryDisk()) {
    this.name = name;
    this.disk = disk;
  }

  /** The only way to hand it to what wants the browser's type. */
  get handle(): FileSystemDirectoryHandle {
    return this as unknown as FileSystemDirectoryHandle;
  }

  async getDirectoryHandle(name: string, options: { create?: boolean } = {}): Promise<MemoryPickedFolder> {
    return this.#get(name, 'directory', options, () => new MemoryPickedFolder(name, this.disk)) as MemoryPickedFolder;
  }

  async getFileHandle(name: string, options: { create?: boolean } = {}): Promise<MemoryFile> {
    return this.#get(name, 'file', options, () => new MemoryFile(name, this.disk)) as MemoryFile;
  }

  async *keys(): AsyncGenerator<string> {
    yield* this.#entries.keys();
  }

  async removeEntry(name: string): Promise<void> {
    this.disk.checkAllowed();
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new DOMException(`no ${name}`, 'NotFoundError');
    if (entry instanceof MemoryPickedFolder && entry.#entries.size > 0) {
      throw new DOMException(`${name} is not empty`, 'InvalidModificationError');
    }
    this.#entries.delete(name);
  }

  /** All files below, by path. */
  files(): Map<string, Uint8Array<ArrayBuffer>> {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const [name, entry] of this.#entries) {
      if (entry instanceof MemoryFile) files.set(name, entry.bytes);
      else for (const [path, bytes] of entry.files()) files.set(`${name}/${path}`, bytes);
    }
    return files;
  }

  /** All folders below, by path. */
  folders(): readonly string[] {
    const paths: string[] = [];
    for (const [name, entry] of this.#entries) {
      if (!(entry instanceof MemoryPickedFolder)) continue;
      paths.push(name);
      for (const path of entry.folders()) paths.push(`${name}/${path}`);
    }
    return paths;
  }

  /** Puts a file there, as the person would. */
  put(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) {
      const file = new MemoryFile(name, this.disk);
      file.replace(bytes.slice());
      this.#entries.set(name, file);
      return;
    }
    const known = this.#entries.get(name);
    const folder = known instanceof MemoryPickedFolder ? known : new MemoryPickedFolder(name, this.disk);
    this.#entries.set(name, folder);
    folder.put(rest.join('/'), bytes);
  }

  #get(
    name: string,
    kind: 'file' | 'directory',
    options: { create?: boolean },
    make: () => MemoryPickedFolder | MemoryFile,
  ): MemoryPickedFolder | MemoryFile {
    this.disk.checkAllowed();
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.endsWith('.lnk')) {
      throw new TypeError(`Name is not allowed: ${name}`);
    }
    const entry = this.#entries.get(name);
    if (entry !== undefined) {
      if (entry.kind !== kind) throw new DOMException(`${name} is a ${entry.kind}`, 'TypeMismatchError');
      return entry;
    }
    if (options.create !== true) throw new DOMException(`no ${name}`, 'NotFoundError');
    const made = make();
    this.#entries.set(name, made);
    return made;
  }
}

/** What all files of a folder share. */
export class MemoryDisk {
  /** No file may be longer. */
  maxFileBytes = 64 * 1024 * 1024;
  isAllowed = true;
  /** The next so many writes find the disk full. */
  fullWrites = 0;
  /** The next so many swap files that are closed lose their last byte. */
  damagedCloses = 0;
  /** Bytes that were copied into swap files. */
  copiedBytes = 0;
  /** Swap files of a page that is gone are gone too. */
  life = 0;
  #nowMs = 1_700_000_000_000;

  /** Later at each call. */
  tick(): number {
    this.#nowMs += 1000;
    return this.#nowMs;
  }

  checkAllowed(): void {
    if (!this.isAllowed) throw new DOMException('the permission was taken back', 'NotAllowedError');
  }
}

class MemoryFile {
  readonly kind = 'file';
  readonly name: string;
  readonly #disk: MemoryDisk;
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #lastModified = 0;

  constructor(name: string, disk: MemoryDisk) {
    this.name = name;
    this.#disk = disk;
    this.#lastModified = disk.tick();
  }

  replace(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.#lastModified = this.#disk.tick();
  }

  async getFile(): Promise<File> {
    this.#disk.checkAllowed();
    const lastModified = this.#lastModified;
    const check = (): void => {
      if (this.#lastModified !== lastModified) throw new DOMException('changed', 'NotReadableError');
    };
    return new SnapshotFile(this.bytes, this.name, lastModified, check);
  }

  async createWritable({ keepExistingData }: { keepExistingData?: boolean } = {}): Promise<MemoryWritable> {
    this.#disk.checkAllowed();
    const bytes = keepExistingData === true ? this.bytes.slice() : new Uint8Array(0);
    this.#disk.copiedBytes += bytes.length;
    return new MemoryWritable(this, bytes, this.#disk);
  }
}

class MemoryWritable {
  readonly #file: MemoryFile;
  readonly #disk: MemoryDisk;
  readonly #life: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #isErrored = false;

  constructor(file: MemoryFile, bytes: Uint8Array<ArrayBuffer>, disk: MemoryDisk) {
    this.#file = file;
    this.#bytes = bytes;
    this.#disk = disk;
    this.#life = disk.life;
  }

  async write({ position, data }: { position: number; data: Blob | Uint8Array<ArrayBuffer> }): Promise<void> {
    this.#check();
    this.#disk.checkAllowed();
    const bytes = data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : data.slice();
    if (this.#disk.fullWrites > 0) {
      this.#disk.fullWrites--;
      this.#isErrored = true;
      throw new DOMException('no room', 'QuotaExceededError');
    }
    if (position + bytes.length > this.#bytes.length) await this.truncate(position + bytes.length);
    this.#bytes.set(bytes, position);
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.#check();
    if (sizeBytes > this.#disk.maxFileBytes) {
      this.#isErrored = true;
      throw new DOMException('no room', 'QuotaExceededError');
    }
    const before = this.#bytes;
    this.#bytes = new Uint8Array(sizeBytes);
    this.#bytes.set(before.subarray(0, sizeBytes));
  }

  async close(): Promise<void> {
    this.#check();
    this.#disk.checkAllowed();
    this.#isErrored = true;
    if (this.#life !== this.#disk.life) return;
    if (this.#disk.damagedCloses > 0) {
      this.#disk.damagedCloses--;
      this.#bytes = this.#bytes.slice();
      const at = this.#bytes.length - 1;
      this.#bytes[at] = (this.#bytes[at] ?? 0) ^ 1;
    }
    this.#file.replace(this.#bytes);
  }

  async abort(): Promise<void> {
    this.#isErrored = true;
  }

  #check(): void {
    if (this.#isErrored) throw new TypeError('the stream is closed or in error');
  }
}

/** A `File` that cannot be read any more once `check` throws. */
class SnapshotFile extends File {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #check: () => void;

  constructor(bytes: Uint8Array<ArrayBuffer>, name: string, lastModified: number, check: () => void) {
    super([bytes], name, { lastModified });
    this.#bytes = bytes;
    this.#check = check;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    this.#check();
    return this.#bytes.slice().buffer;
  }

  override slice(start?: number, end?: number): Blob {
    return new SnapshotFile(this.#bytes.slice(start, end), this.name, this.lastModified, this.#check);
  }
}
