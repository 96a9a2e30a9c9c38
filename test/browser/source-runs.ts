import { IdbSourceHandles } from '../../src/adapters/files/source-handles.ts';
import { contractRun, type ContractRun } from '../contracts/contract.ts';
import { sourceHandlesContract, type SourceHandlesSubject, type Tree } from '../contracts/source-handles-contract.ts';

/** The origin private file system gives handles that need no picker. */
async function write(directory: FileSystemDirectoryHandle, tree: Tree): Promise<void> {
  for (const [path, text] of Object.entries(tree)) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    let folder = directory;
    for (const folderName of names) folder = await folder.getDirectoryHandle(folderName, { create: true });
    if (name === '') continue;
    const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await file.write(text);
    await file.close();
  }
}

async function openSources(): Promise<SourceHandlesSubject> {
  const name = `sources-${crypto.randomUUID()}`;
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
  return {
    sources: new IdbSourceHandles(name),
    again: () => new IdbSourceHandles(name),
    folder: async (folderName, tree) => {
      const handle = await root.getDirectoryHandle(folderName, { create: true });
      await write(handle, tree);
      return {
        handle,
        become: async (now) => {
          await root.removeEntry(folderName, { recursive: true });
          if (now !== undefined) await write(await root.getDirectoryHandle(folderName, { create: true }), now);
        },
      };
    },
  };
}

export const sourceRuns: readonly ContractRun[] = [
  contractRun('SourceHandles: indexeddb', 'window', sourceHandlesContract, openSources),
];
