import { MAX_PATH_BYTES } from '../wire/limits.ts';
import { encodeUtf8 } from '../wire/utf8.ts';

/** The longest name that all common file systems take (ext4, APFS: 255 bytes; NTFS: 255 UTF-16 units). */
const MAX_NAME_BYTES = 255;
/** Deeper folders are folded into the last one, and so are those that make a path too long. */
const MAX_DEPTH = 32;

/** What a name becomes when nothing is left of it. */
const NAMELESS = 'file';

/**
 * Control characters, bidi controls and other invisible format characters that make a name look like another
 * (UTR #36), lone surrogates, and what Windows refuses in names.
 */
const FORBIDDEN =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb<>:"|?*]/gu;

/** Windows takes these for devices, whatever the extension (`con.txt`). */
const RESERVED =
  /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$|clock\$)(?=\s*\.|$)/iu;

/**
 * Makes a path from a peer safe to show, and to save under, on any system: relative, without `.` and `..`, drive
 * letters, separators of any system, characters and names that are not allowed somewhere, and with names of at most 255
 * bytes. Any text gives a path, and a safe path is left as it is. In NFC.
 *
 * Not unique: see `UniquePaths`.
 */
export function sanitisePath(path: string): string {
  const names = path
    .replace(/^[a-z]:(?=[/\\]|$)/iu, '')
    .split(/[/\\]/u)
    .filter((name) => name !== '' && name !== '.' && name !== '..')
    .map(sanitiseName);
  if (names.length === 0) return NAMELESS;
  const folders = names.slice(0, -1).slice(0, MAX_DEPTH - 1);
  const name = names.slice(-1);
  while (encodeUtf8([...folders, ...name].join('/')).length > MAX_PATH_BYTES) folders.pop();
  return [...folders, ...name].join('/');
}

/** One name of a path. */
function sanitiseName(name: string): string {
  const clean = trimEnd(name.replace(FORBIDDEN, '_').normalize('NFC').trimStart());
  const allowed = clean.replace(RESERVED, '$&_');
  return shorten(allowed === '' ? NAMELESS : allowed, '');
}

/** Windows drops dots and spaces at the end of a name, which makes two names one. */
function trimEnd(name: string): string {
  return name.replace(/[.\s]+$/u, '');
}

/** Puts `suffix` before the extension, and cuts the rest of the name so that it has at most 255 bytes. */
function shorten(name: string, suffix: string): string {
  if (encodeUtf8(name).length + suffix.length <= MAX_NAME_BYTES) {
    const dot = suffix === '' ? -1 : extensionAt(name);
    return dot < 0 ? name + suffix : name.slice(0, dot) + suffix + name.slice(dot);
  }
  const dot = extensionAt(name);
  const extension = dot < 0 ? '' : name.slice(dot);
  const stem = dot < 0 ? name : name.slice(0, dot);
  const roomBytes = MAX_NAME_BYTES - suffix.length - encodeUtf8(extension).length;
  return trimEnd(cut(stem, roomBytes)) + suffix + extension;
}

/** A path for what cannot have `path` itself: `a/b.txt` becomes `a/b (2).txt`. Not unique either. */
export function numberedPath(path: string, number: number): string {
  const nameAt = path.lastIndexOf('/') + 1;
  return path.slice(0, nameAt) + shorten(path.slice(nameAt), ` (${number})`);
}

/** Where the extension begins, or -1. One above 32 bytes is no extension. */
function extensionAt(name: string): number {
  const dot = name.lastIndexOf('.');
  return dot > 0 && encodeUtf8(name.slice(dot)).length <= 32 ? dot : -1;
}

/** The longest beginning of whole characters within `maxBytes`. */
function cut(text: string, maxBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += encodeUtf8(character).length;
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}

/**
 * Gives every file of a transfer a path of its own, on file systems that ignore case and normalisation too: the second
 * `a.txt` becomes `a (2).txt`. A file never takes the place of a folder, nor the other way round.
 */
export class UniquePaths {
  /** By key: what is there. */
  readonly #taken = new Map<string, 'file' | 'folder'>();
  /** By key: the next number to try, so that a thousand equal names take a thousand steps. */
  readonly #nextSuffix = new Map<string, number>();

  /** @param path sanitised, of a file or of an empty folder */
  claim(path: string, kind: 'file' | 'folder' = 'file'): string {
    const names = path.split('/');
    let folder = '';
    for (const name of names.slice(0, -1)) folder = `${this.#claimName(folder, name, 'folder')}/`;
    return this.#claimName(folder, names.at(-1) ?? NAMELESS, kind);
  }

  /** Nothing was given this path, and no file that of a folder on the way to it. */
  isFree(path: string, kind: 'file' | 'folder' = 'file'): boolean {
    const names = path.split('/');
    return names.every((_, index) => {
      const isLast = index === names.length - 1;
      return this.#isFree(keyOf(names.slice(0, index + 1).join('/')), isLast ? kind : 'folder');
    });
  }

  #claimName(folder: string, name: string, kind: 'file' | 'folder'): string {
    const first = folder + name;
    const firstKey = keyOf(first);
    let candidate = first;
    let key = firstKey;
    // A folder is looked for from the start: it may be one of those that have a number.
    let suffix = kind === 'folder' ? 2 : (this.#nextSuffix.get(firstKey) ?? 2);
    while (!this.#isFree(key, kind)) {
      candidate = folder + shorten(name, ` (${suffix})`);
      key = keyOf(candidate);
      suffix++;
    }
    if (kind === 'file' && suffix > 2) this.#nextSuffix.set(firstKey, suffix);
    this.#taken.set(key, kind);
    return candidate;
  }

  /** Files in one folder share it. */
  #isFree(key: string, kind: 'file' | 'folder'): boolean {
    const taken = this.#taken.get(key);
    return taken === undefined || (taken === 'folder' && kind === 'folder');
  }
}

/** What file systems that ignore case (NTFS, APFS, exFAT) take for the same. */
function keyOf(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
