import type { Bytes } from '../../src/core/bytes.ts';
import type { TransferError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/ports/file-source.ts';

/** A file in memory. What is read is a view: the engine only looks at it. */
export class MemorySource implements SourceFile {
  readonly path: string;
  lastModifiedEpochMs = 1_700_000_000_000;
  readonly bytes: Bytes;
  readonly isFolder?: true;
  failure: TransferError | undefined;

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
    return this.bytes.subarray(offset, offset + length);
  }
}
