import type { Page } from 'puppeteer-core';

/** Relative paths and texts of files; a path that ends with a slash is an empty folder. */
export type GivenTree = Readonly<Record<string, string>>;

/**
 * Drops a folder on the page. The drop itself is made up, since no test can drag from a file manager; what is dropped is
 * real: a folder of the origin private file system, with the handle that a browser gives for a dropped one.
 */
export async function dropFolder(page: Page, name: string, tree: GivenTree): Promise<void> {
  await page.evaluate(
    async (folderName, paths) => {
      const root = await navigator.storage.getDirectory();
      const directory = await root.getDirectoryHandle(folderName, { create: true });
      for (const [path, text] of paths) {
        const names = path.split('/');
        const fileName = names.pop() ?? '';
        let folder = directory;
        for (const inner of names) folder = await folder.getDirectoryHandle(inner, { create: true });
        if (fileName === '') continue;
        const file = await (await folder.getFileHandle(fileName, { create: true })).createWritable();
        await file.write(text);
        await file.close();
      }
      // Methods: an arrow function in a property would have a name.
      const item = {
        kind: 'file',
        getAsFile() {
          return null;
        },
        webkitGetAsEntry() {
          return null;
        },
        async getAsFileSystemHandle() {
          return directory;
        },
      };
      const drop = new DragEvent('drop', { bubbles: true, cancelable: true });
      Object.defineProperty(drop, 'dataTransfer', { value: { types: ['Files'], items: [item], files: [] } });
      document.body.dispatchEvent(drop);
    },
    name,
    Object.entries(tree),
  );
}

/** Ids of the transfers of which the page remembers where their files came from. */
export function rememberedTransfers(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open('heliograph-sources');
        opening.addEventListener('error', () => reject(new Error('cannot open heliograph-sources')));
        opening.addEventListener('success', () => {
          const db = opening.result;
          const keys = db.transaction('sources').objectStore('sources').getAllKeys();
          keys.addEventListener('success', () => {
            db.close();
            resolve(keys.result.map(String));
          });
          keys.addEventListener('error', () => reject(new Error('cannot list the keys')));
        });
      }),
  );
}

/**
 * Picks a folder in the input, in an order that no walk would give. Firefox' driver refuses folders ("unsupported
 * operation", 153), so the list of files is made up as that input would have it.
 */
export async function pickFolder(page: Page, testId: string, name: string, tree: GivenTree): Promise<void> {
  await page.$eval(
    `[data-testid="${testId}"]`,
    (input, folderName, paths) => {
      const files = paths.map(([path, text]) => {
        const file = new File([text], path.slice(path.lastIndexOf('/') + 1));
        Object.defineProperty(file, 'webkitRelativePath', { value: `${folderName}/${path}` });
        return file;
      });
      Object.defineProperty(input, 'files', { value: files, configurable: true });
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    name,
    Object.entries(tree),
  );
}
