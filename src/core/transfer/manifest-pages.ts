import type { Bytes } from '../bytes.ts';
import { concatBytes } from '../bytes.ts';
import type { ManifestEntry } from '../wire/frames/manifest.ts';
import { encodeManifestEntry, MANIFEST_HEADER_BYTES } from '../wire/frames/manifest.ts';
import { MAX_MANIFEST_PAGE_BYTES } from '../wire/limits.ts';
import { Sha256 } from '../sha256.ts';

/** Entries in a page; its count is u16, and a page should be one small record in the journal. */
const MAX_PAGE_FILES = 1024;

/** The entries of a page and their encoding. */
export interface ManifestPage {
  readonly files: readonly ManifestEntry[];
  readonly encodedEntries: Bytes;
}

/**
 * Cuts the page of a manifest that begins at `firstFile`: as many entries as fit. Always the same for the same files, so
 * that a page that comes again on a later link takes the place of itself in the journal.
 */
export function manifestPage(files: readonly ManifestEntry[], firstFile: number): ManifestPage {
  const encoded: Bytes[] = [];
  let roomBytes = MAX_MANIFEST_PAGE_BYTES - MANIFEST_HEADER_BYTES;
  for (const file of files.slice(firstFile, firstFile + MAX_PAGE_FILES)) {
    const entry = encodeManifestEntry(file);
    if (entry.length > roomBytes) break;
    roomBytes -= entry.length;
    encoded.push(entry);
  }
  return { files: files.slice(firstFile, firstFile + encoded.length), encodedEntries: concatBytes(...encoded) };
}

/** SHA-256 over all entries as they are on the wire, wherever pages begin. WIRE.md §7. */
export function manifestDigest(files: readonly ManifestEntry[]): Bytes {
  const hash = new Sha256();
  for (const file of files) hash.update(encodeManifestEntry(file));
  return hash.digest();
}
