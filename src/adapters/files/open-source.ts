import type { SourceFile } from '../../ports/file-source.ts';
import type { OutgoingFile } from '../../ports/transfer-engine.ts';
import { blobSource } from './blob-source.ts';

/** What a person picked, for reading: a file, or a folder with nothing in it. */
export function openSource({ path, file }: OutgoingFile): SourceFile {
  return file === undefined ? emptyFolder(path) : blobSource(file, path);
}

function emptyFolder(path: string): SourceFile {
  // Browsers do not tell when a folder changed.
  return { path, sizeBytes: 0, lastModifiedEpochMs: 0, isFolder: true, read: async () => new Uint8Array(0) };
}
