import type { ManifestEntry } from '../wire/frames/manifest.ts';

export interface FileMatch {
  /** For each file of the transfer: the index of the given file that it is, or undefined. */
  readonly sources: readonly (number | undefined)[];
  /** Of the transfer: nothing was given for these. */
  readonly missing: readonly number[];
  /** Of the transfer: what was given has another size. */
  readonly changed: readonly number[];
  /** Of the transfer: same size, another time. Their blocks have to be compared with what is known of them. */
  readonly touched: readonly number[];
}

/**
 * Finds the files of a transfer among files that were chosen again: by path, else, where only one comes into question,
 * by name and size (a person may choose files by themselves instead of the folder that they are in).
 *
 * @param isWanted false for files that need no source
 */
export function matchFiles(
  files: readonly ManifestEntry[],
  given: readonly ManifestEntry[],
  isWanted: (fileIndex: number) => boolean = () => true,
): FileMatch {
  const byPath = new Map<string, number[]>();
  for (const [index, { path }] of given.entries()) byPath.set(path, [...(byPath.get(path) ?? []), index]);
  const byName = new Map<string, number | 'several'>();
  for (const [index, file] of given.entries()) {
    const key = nameKey(file);
    byName.set(key, byName.has(key) ? 'several' : index);
  }
  const sources: (number | undefined)[] = [];
  const missing: number[] = [];
  const changed: number[] = [];
  const touched: number[] = [];
  for (const [index, file] of files.entries()) {
    if (!isWanted(index)) {
      sources.push(undefined);
      continue;
    }
    const namesake = byName.get(nameKey(file));
    const source =
      takeBest(byPath.get(file.path) ?? [], file, given) ?? (namesake === 'several' ? undefined : namesake);
    const found = source === undefined ? undefined : given[source];
    if (found === undefined) missing.push(index);
    else if (found.sizeBytes !== file.sizeBytes || found.isFolder !== file.isFolder) changed.push(index);
    else if (found.lastModifiedEpochMs !== file.lastModifiedEpochMs) touched.push(index);
    sources.push(source);
  }
  return { sources, missing, changed, touched };
}

/** Two files may have one path, from different folders: each is taken once, the one that looks most alike. */
function takeBest(candidates: number[], wanted: ManifestEntry, given: readonly ManifestEntry[]): number | undefined {
  const likeness = (index: number): number => {
    const { sizeBytes, lastModifiedEpochMs } = given[index] ?? wanted;
    return (sizeBytes === wanted.sizeBytes ? 2 : 0) + (lastModifiedEpochMs === wanted.lastModifiedEpochMs ? 1 : 0);
  };
  const best = candidates.toSorted((a, b) => likeness(b) - likeness(a))[0];
  if (best !== undefined) candidates.splice(candidates.indexOf(best), 1);
  return best;
}

function nameKey({ path, sizeBytes }: ManifestEntry): string {
  return `${sizeBytes} ${path.slice(path.lastIndexOf('/') + 1)}`;
}
