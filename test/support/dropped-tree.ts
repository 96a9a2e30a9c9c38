import { createCipheriv, createHash } from 'node:crypto';
import type { Page } from 'puppeteer-core';

export interface TreeFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly lastModifiedEpochMs: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  /** Paths of folders with nothing in them. */
  readonly emptyFolders: readonly string[];
}

/** A tree whose files are keystreams of their paths, so that no compression helps and no two blocks are alike. */
export function makeTree(
  files: readonly (readonly [path: string, sizeBytes: number, lastModifiedEpochMs: number])[],
  emptyFolders: readonly string[],
): Tree {
  return {
    files: files.map(([path, sizeBytes, lastModifiedEpochMs]) => {
      const { key, counter } = secretsOf(path);
      const bytes = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(sizeBytes));
      return { path, sizeBytes, lastModifiedEpochMs, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
    emptyFolders,
  };
}

/**
 * Drops a tree onto the page, as from a file manager. The files are made in the page, from the same keystreams: a test
 * cannot make the entries of a real drop, and neither browser's driver can drop a folder.
 */
export async function dropTree(page: Page, { files, emptyFolders }: Tree): Promise<void> {
  const recipes = files.map(({ path, sizeBytes, lastModifiedEpochMs }) => {
    const { key, counter } = secretsOf(path);
    return { path, sizeBytes, lastModifiedEpochMs, key: [...key], counter: [...counter] };
  });
  await page.evaluate(`(${DROP})(${JSON.stringify(recipes)}, ${JSON.stringify(emptyFolders)})`);
}

function secretsOf(path: string): { readonly key: Buffer; readonly counter: Buffer } {
  const secrets = createHash('sha256').update(path).digest();
  return { key: secrets.subarray(0, 16), counter: secrets.subarray(16) };
}

/** As text: the page gets this and nothing around it. */
const DROP = `async (recipes, emptyFolders) => {
  const top = { children: new Map() };
  const folderOf = (names, path = '') => names.reduce((folder, name) => {
    path += '/' + name;
    if (!folder.children.has(name)) {
      const children = new Map();
      const createReader = () => {
        let left = [...children.values()];
        return { readEntries: (resolve) => { resolve(left); left = []; } };
      };
      folder.children.set(name, { isFile: false, isDirectory: true, name, fullPath: path, children, createReader });
    }
    return folder.children.get(name);
  }, top);
  for (const { path, sizeBytes, lastModifiedEpochMs, key, counter } of recipes) {
    const aes = await crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-CTR', false, ['encrypt']);
    const algorithm = { name: 'AES-CTR', counter: new Uint8Array(counter), length: 128 };
    const bytes = await crypto.subtle.encrypt(algorithm, aes, new Uint8Array(sizeBytes));
    const names = path.split('/');
    const name = names.pop();
    const file = new File([bytes], name, { lastModified: lastModifiedEpochMs });
    const entry = { isFile: true, isDirectory: false, name, fullPath: '/' + path, file: (resolve) => resolve(file) };
    folderOf(names).children.set(name, entry);
  }
  for (const path of emptyFolders) folderOf(path.split('/'));
  const items = [...top.children.values()].map((entry) => {
    return { kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null };
  });
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items, files: [] } });
  document.body.dispatchEvent(event);
}`;
