import { comparePaths } from '../core/path-order.ts';
import type { PickedItem } from '../ports/source-picker.ts';
import type { OutgoingFile } from '../ports/transfer-engine.ts';

/**
 * The files of an `<input type="file">`: those picked within a folder have a relative path and become one item; one
 * picked alone has an empty path. Browsers tell nothing of empty folders, and give the files in an order of their own.
 */
export function pickedItems(files: readonly File[]): readonly PickedItem[] {
  const folders = new Map<string, OutgoingFile[]>();
  const items: PickedItem[] = [];
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    const slash = path.indexOf('/');
    if (slash < 0) {
      items.push({ kind: 'file', name: path, files: [{ path, file }] });
      continue;
    }
    const name = path.slice(0, slash);
    const inside = folders.get(name) ?? [];
    if (inside.length === 0) {
      folders.set(name, inside);
      items.push({ kind: 'folder', name, files: inside });
    }
    inside.push({ path, file });
  }
  for (const inside of folders.values()) inside.sort((a, b) => comparePaths(a.path, b.path));
  return items;
}

/**
 * Gives files that were chosen again the paths that the transfer knows them by. People pick the folder around the one
 * that they had picked, or the files in it one by one: a path that is not wanted stands for the one wanted path that ends
 * like it, or that it ends with. What fits none, or more than one, keeps its own.
 */
export function matchPaths(items: readonly PickedItem[], wantedPaths: Iterable<string>): readonly PickedItem[] {
  const wanted = new Set(wantedPaths);
  const free = new Set(wanted);
  for (const { files } of items) for (const { path } of files) free.delete(path);
  if (free.size === 0) return items;
  const byEnding = endings(free);
  const match = (path: string): string => {
    if (wanted.has(path)) return path;
    const found = longestEnding(path, free) ?? byEnding.get(path);
    if (found === undefined || !free.delete(found)) return path;
    return found;
  };
  return items.map((item) => ({
    ...item,
    files: item.files.map(({ path, file }) => ({ path: match(path), file })),
  }));
}

/** From every ending of a path, behind a slash, to the path; undefined where several have it. */
function endings(paths: ReadonlySet<string>): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const ending = path.slice(slash + 1);
      found.set(ending, found.has(ending) ? undefined : path);
    }
  }
  return found;
}

function longestEnding(path: string, wanted: ReadonlySet<string>): string | undefined {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const ending = path.slice(slash + 1);
    if (wanted.has(ending)) return ending;
  }
  return undefined;
}
