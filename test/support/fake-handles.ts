import { File } from 'node:buffer';

/** A handle of the File System API, with the part that is used. */
export function fakeFile(name: string, text = 'x'): FileSystemFileHandle {
  return { kind: 'file', name, getFile: async () => new File([text], name) } as unknown as FileSystemFileHandle;
}

/** @param inside may change; undefined: the folder is gone */
export function fakeDirectory(
  name: string,
  inside: readonly FileSystemHandle[] | (() => readonly FileSystemHandle[] | undefined),
): FileSystemDirectoryHandle {
  const values = async function* (): AsyncGenerator<FileSystemHandle> {
    const now = typeof inside === 'function' ? inside() : inside;
    if (now === undefined) throw new DOMException('it is gone', 'NotFoundError');
    yield* now;
  };
  return { kind: 'directory', name, values } as unknown as FileSystemDirectoryHandle;
}
