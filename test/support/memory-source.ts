import type { Bytes } from '../../src/core/bytes.ts';
import type { TransferError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/ports/file-source.ts';

/** A file in memory. Whoever looks at what was released sees rubbish. */
export class MemorySource implements SourceFile {
  readonly path: string;
  lastModifiedEpochMs = 1_700_000_000_000;
  readonly bytes: Bytes;
  readonly isFolder?: true;
  failure: TransferError | undefined;
  /** Read, and not released. */
  heldBytes = 0;

  constructor(path: string, bytes: Bytes, kind: 'file' | 'folder' = 'file') {
    this.path = path;
    this.bytes = bytes;
    if (kind === 'folder') this.isFolder = true;
  }

  get sizeBytes(): number {
    return this.bytes.length;
  }

  async read(offset: number, length: number): Promise<Bytes> {
    if (this.failure !== undefined) throw this.failure;
    this.heldBytes += length;
    return this.bytes.slice(offset, offset + length);
  }

  release(bytes: Bytes): void {
    this.heldBytes -= bytes.length;
    bytes.fill(0xee);
  }
}
