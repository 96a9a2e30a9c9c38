import { File } from 'node:buffer';

/** A handle of the File System API, with the part that is used. */
export function fakeFile(name: string, text = 'x'): FileSystemFileHandle {
  return { kind: 'file', name, getFile: async () => new File([text], name) } as unknown as FileSystemFileHandle;
}

export function fakeDirectory(name: string, inside: readonly FileSystemHandle[]): FileSystemDirectoryHandle {
  const values = async function* (): AsyncGenerator<FileSystemHandle> {
    yield* inside;
  };
  return { kind: 'directory', name, values } as unknown as FileSystemDirectoryHandle;
}
