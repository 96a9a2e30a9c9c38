import { toHex } from '../bytes.ts';
import type { Frames } from '../wire/control-frame.ts';
import type { ManifestEntry } from '../wire/frames/manifest.ts';
import { MANIFEST_HEADER_BYTES } from '../wire/frames/manifest.ts';
import { MANIFEST_WINDOW_PAGES, MAX_MANIFEST_BYTES, MAX_MANIFEST_PAGE_BYTES } from '../wire/limits.ts';
import { limitExceeded, violation } from './context.ts';
import { FileTable } from './file-table.ts';
import type { JournalManifestPage } from './machine.ts';
import { sanitisePath, UniquePaths } from './names.ts';
import { Sha256 } from '../sha256.ts';

/** What the offer said about the manifest before it came. */
export interface ManifestClaim {
  readonly fileCount: number;
  readonly totalBytes: number;
  readonly blockCount: number;
  /** 64 lower-case hex digits. */
  readonly digest: string;
}

/**
 * The manifest as it arrives: checked against the offer, with paths that are safe and unique. Pages wait here until the
 * journal has them; only then may blocks of their files come.
 */
export class IncomingManifest {
  readonly claim: ManifestClaim;
  readonly table: FileTable;
  readonly #paths = new UniquePaths();
  readonly #digest = new Sha256();
  #encodedBytes = 0;
  #pageCount = 0;
  #waiting: JournalManifestPage[] = [];
  /** Files in pages that were handed to the journal. */
  #handedFiles = 0;
  #storedFiles = 0;
  /** For each page of this link that was not acknowledged: the file after its last. */
  #pageEnds: number[] = [];

  constructor(claim: ManifestClaim) {
    this.claim = claim;
    this.table = new FileTable(claim.fileCount);
  }

  /** From the journal, whole. Paths are safe already. */
  static restored(claim: ManifestClaim, files: readonly ManifestEntry[]): IncomingManifest {
    const manifest = new IncomingManifest(claim);
    for (const file of files) manifest.table.add(file);
    manifest.#handedFiles = files.length;
    manifest.#storedFiles = files.length;
    return manifest;
  }

  get pageCount(): number {
    return this.#pageCount;
  }

  get isComplete(): boolean {
    return this.table.fileCount === this.claim.fileCount;
  }

  /** Files whose entries the journal keeps. */
  get storedFiles(): number {
    return this.#storedFiles;
  }

  get isStored(): boolean {
    return this.#storedFiles === this.claim.fileCount;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Throws 'protocol-violation' or 'limit-exceeded', 'remote'. */
  addPage(frame: Frames['manifest']): void {
    if (frame.firstFile !== this.table.fileCount) {
      throw violation(`MANIFEST from file ${frame.firstFile}, expected ${this.table.fileCount}`);
    }
    const pageBytes = MANIFEST_HEADER_BYTES + frame.encodedEntries.length;
    if (pageBytes > MAX_MANIFEST_PAGE_BYTES) throw limitExceeded(`MANIFEST of ${pageBytes} bytes`);
    if (this.#pageEnds.length >= MANIFEST_WINDOW_PAGES) {
      throw limitExceeded(`more than ${MANIFEST_WINDOW_PAGES} pages that were not acknowledged`);
    }
    this.#encodedBytes += frame.encodedEntries.length;
    if (this.#encodedBytes > MAX_MANIFEST_BYTES) throw limitExceeded(`manifest above ${MAX_MANIFEST_BYTES} bytes`);
    this.#digest.update(frame.encodedEntries);
    const files = frame.files.map((file) => ({
      ...file,
      path: this.#paths.claim(sanitisePath(file.path), file.isFolder === true ? 'folder' : 'file'),
    }));
    for (const file of files) this.table.add(file);
    this.#checkClaim();
    this.#waiting.push({ pageIndex: this.#pageCount, firstFile: frame.firstFile, files });
    this.#pageCount++;
    this.#pageEnds.push(this.table.fileCount);
  }

  /** The sender was told that so many entries are known. */
  acknowledged(filesKnown: number): void {
    this.#pageEnds = this.#pageEnds.filter((end) => end > filesKnown);
  }

  /** What was not acknowledged does not count on the next one. */
  linkLost(): void {
    this.#pageEnds = [];
  }

  /** Pages for the journal: each is given once. */
  takeWaiting(): readonly JournalManifestPage[] {
    const pages = this.#waiting;
    this.#waiting = [];
    this.#handedFiles = this.table.fileCount;
    return pages;
  }

  /** The journal has all pages that were taken. */
  stored(): void {
    this.#storedFiles = this.#handedFiles;
  }

  /** The journal refused the pages; they have to be written again. */
  putBack(pages: readonly JournalManifestPage[]): void {
    this.#waiting = [...pages, ...this.#waiting];
  }

  #checkClaim(): void {
    const { fileCount, totalBytes, blockCount } = this.table;
    const { claim } = this;
    const isTooMuch = fileCount > claim.fileCount || totalBytes > claim.totalBytes || blockCount > claim.blockCount;
    const isTooLittle = this.isComplete && (totalBytes !== claim.totalBytes || blockCount !== claim.blockCount);
    if (isTooMuch || isTooLittle) {
      throw violation(
        `manifest of ${fileCount} files, ${totalBytes} bytes, ${blockCount} blocks is not what was offered`,
      );
    }
    if (this.isComplete && toHex(this.#digest.digest()) !== claim.digest) throw violation('manifest digest differs');
  }
}
