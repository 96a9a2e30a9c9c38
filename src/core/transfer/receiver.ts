import type { Bytes } from '../bytes.ts';
import { equalBytes, fromHex, toHex } from '../bytes.ts';
import type { ErrorCode } from '../errors.ts';
import { TransferError } from '../errors.ts';
import type { Frames } from '../wire/control-frame.ts';
import type { ChunkRecord } from '../wire/frames/chunk.ts';
import { KIND_TEXT } from '../wire/frames/offer.ts';
import { MANIFEST_WINDOW_PAGES, MAX_HAVE_PAGES } from '../wire/limits.ts';
import { BLOCK_MAP_PAGE_BYTES, HASH_BYTES, pagesOf } from './blocks.ts';
import { BlockIntake } from './block-intake.ts';
import { BlockLedger } from './block-ledger.ts';
import type { TransferContext } from './context.ts';
import { violation } from './context.ts';
import { ExistingFiles } from './existing-files.ts';
import { isFinalFailure } from './failure.ts';
import type { ManifestClaim } from './incoming-manifest.ts';
import { IncomingManifest } from './incoming-manifest.ts';
import type {
  AnswerInput,
  CommandInput,
  IoOutput,
  JournalBlockPage,
  JournalHeader,
  JournalManifestPage,
  TransferKind,
  TransferState,
} from './machine.ts';
import { Pausing } from './pausing.ts';
import { Prover } from './prover.ts';
import { ReceiverClaims } from './receiver-claims.ts';

/*
 * One incoming transfer. It outlives its links, and through the journal the page itself.
 *
 * offered -> beginning -> running -> sealing -> proving -> proved -> recording -> verified
 *
 *   offered     the manifest is arriving; a person is being asked
 *   beginning   accepted; header and manifest are being written into the journal
 *   running     blocks come, while there is a link
 *   sealing     every block is verified on disk; the last checkpoint is being written
 *   proving     the root is being computed from the journal
 *   proved      our root is there, the sender's is not
 *   recording   they are equal; that is being written down
 *   verified    done, and VERIFIED was sent if there is a link
 *
 * From any of them: declined (from offered), cancelled, failed. A failed one, unless that is final, is shown as paused,
 * and goes on where it was when it is offered again. Which link it is on, if any, is `#number`; no phase depends on it.
 *
 * Long because it is one table of phases; what could be told apart is elsewhere: the manifest (`incoming-manifest.ts`),
 * chunks and disk (`block-intake.ts`), the journal's pages (`block-ledger.ts`), the root (`prover.ts`),
 * what a crash left on the disk, or a picked folder had before (`receiver-claims.ts`, `existing-files.ts`).
 */

/** Frames that a sender sends about its transfer. */
export type ReceiverFrame = Frames['manifest' | 'cancel' | 'halt' | 'root' | 'pause' | 'withdraw' | 'confirm'];

type Phase =
  | { readonly name: 'offered' | 'running' | 'sealing' | 'declined' | 'cancelled' }
  | { readonly name: 'beginning'; readonly pages: readonly JournalManifestPage[] }
  | { readonly name: 'proving'; readonly prover: Prover }
  | { readonly name: 'proved' | 'recording'; readonly root: Bytes }
  | { readonly name: 'verified'; readonly root: string }
  | { readonly name: 'failed'; readonly code: ErrorCode; readonly isFinal: boolean };

/** Stands for the blocks of a withdrawn file. */
const NO_HASH: Bytes = new Uint8Array(HASH_BYTES);
/** Claims that a restored transfer makes at most. */
const MAX_UNSURE_BLOCKS = 1024;

/** Between PROGRESS frames: as often as a screen shows it. Each costs both sides a packet. */
const PROGRESS_INTERVAL_MS = 250;

export class Receiver {
  readonly transferId: string;
  readonly #context: TransferContext;
  readonly #kind: TransferKind;
  readonly #claim: ManifestClaim;
  readonly #ledger: BlockLedger;
  readonly #intake: BlockIntake;
  readonly #claims = new ReceiverClaims();
  readonly #existing = new ExistingFiles();
  readonly #pausing = new Pausing();
  /** Files that the sender does not send. */
  readonly #withdrawn = new Set<number>();
  #manifest: IncomingManifest;
  #phase: Phase = { name: 'offered' };
  /** On the link, while it is offered or running there. */
  #number: number | undefined;
  /** ACCEPT was sent on this link. */
  #isAnnounced = false;
  /** ROOT of this link. */
  #senderRoot: Bytes | undefined;
  /** The journal has header and first pages. */
  #isBegun = false;
  #createdEpochMs = 0;
  /** It goes straight into a folder that the person picked. */
  #folderName: string | undefined;
  /** About what the next flush makes the browser copy: the file that is being written, as far as it goes. */
  #flushedBytes = 0;
  #storedBytes = 0;
  #bytesDone = 0;
  #progressSentMs = Number.NEGATIVE_INFINITY;
  /** Pages of the checkpoint that is being written. */
  #checkpointing: readonly JournalBlockPage[] | undefined;
  /** Pages of the manifest that are being written. */
  #storingManifest: readonly JournalManifestPage[] | undefined;
  /** Empty files that have to be created. */
  #emptyFiles: number[] = [];
  /** Outputs without answer, but for blocks. */
  #inFlight = 0;
  /** What the person was told last. */
  #reported: string | undefined;
  #isShownWhole = false;
  /** The files go, and the transfer's place in the list too. */
  #isDiscarded = false;
  #isRemoving = false;
  #isGone = false;

  private constructor(transferId: string, kind: TransferKind, claim: ManifestClaim, context: TransferContext) {
    this.transferId = transferId;
    this.#kind = kind;
    this.#claim = claim;
    this.#context = context;
    this.#manifest = new IncomingManifest(claim);
    this.#ledger = new BlockLedger(claim.blockCount);
    this.#intake = new BlockIntake(transferId, context, this.#ledger);
  }

  /** A transfer that was not known. */
  static offered(offer: Frames['offer'], context: TransferContext): Receiver {
    const receiver = new Receiver(
      offer.transferId,
      offer.kind === KIND_TEXT ? 'text' : 'files',
      claimOf(offer),
      context,
    );
    receiver.#number = offer.number;
    if (offer.isAgain) context.send({ name: 'manifestAck', number: offer.number, filesKnown: 0 });
    return receiver;
  }

  /** A transfer that the journal knows. */
  static restored(input: Extract<CommandInput, { type: 'restored' }>, context: TransferContext): Receiver {
    const { header, files, pages } = input;
    const claim = { ...header, digest: header.manifestDigest };
    const receiver = new Receiver(header.transferId, header.kind, claim, context);
    receiver.#isBegun = true;
    receiver.#createdEpochMs = header.createdEpochMs;
    // A manifest that is not whole comes again from the start: its digest can be checked only over all of it.
    if (files.length === header.fileCount) receiver.#manifest = IncomingManifest.restored(claim, files);
    receiver.#restorePages(pages);
    for (const fileIndex of header.withdrawn ?? []) receiver.#withdrawn.add(fileIndex);
    receiver.#folderName = header.folderName;
    receiver.#phase = restoredPhase(header);
    receiver.#bytesDone = header.state === 'active' ? receiver.#storedBytes : header.totalBytes;
    if (header.folderName !== undefined && header.blockCount > 0) {
      // What was listed while it had no folder; less, where the person has deleted something in there.
      const listedBytes = Math.floor((header.totalBytes * header.storedBlocks) / header.blockCount);
      receiver.#bytesDone = Math.max(receiver.#bytesDone, listedBytes);
    }
    receiver.#show(files);
    if (receiver.#phase.name === 'running') {
      receiver.#addExisting(input.existing);
      receiver.#queueEmptyFiles(0);
      for (const block of receiver.#unsureBlocks()) receiver.#claims.suspect(block, block + 1);
    }
    return receiver;
  }

  get number(): number | undefined {
    return this.#number;
  }

  /** The person knows of it. */
  get isShown(): boolean {
    return this.#reported !== undefined;
  }

  /** It is in the journal, or on its way there. */
  get isBegun(): boolean {
    return this.#isBegun || this.#phase.name === 'beginning';
  }

  /** Nothing of it is left here. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Outputs without answer: nothing is removed under them. */
  get #outstanding(): number {
    return this.#inFlight + this.#intake.storesInFlight;
  }

  /** A RESUME for it makes sense while the link is already up. */
  get wantsOffer(): boolean {
    const state = this.#state();
    return this.#number === undefined && (state === 'interrupted' || state === 'paused');
  }

  /** A known transfer is offered on a new link, or on the same after it had failed. */
  offeredAgain(offer: Frames['offer']): void {
    const { number } = offer;
    if (this.#number !== undefined) throw violation(`OFFER ${number} of a transfer that has number ${this.#number}`);
    if (!offer.isAgain) throw violation(`OFFER ${number} of a known transfer does not say so`);
    const send = this.#context.send.bind(this.#context);
    if (!isSameClaim(this.#claim, claimOf(offer))) return send({ name: 'decline', number, code: 'source-changed' });
    switch (this.#phase.name) {
      case 'declined':
        return send({ name: 'decline', number, code: undefined });
      case 'cancelled':
        return send({ name: 'cancel', number, role: 'receiver' });
      case 'verified':
        return send({ name: 'verified', number, root: fromHex(this.#phase.root) ?? new Uint8Array(32) });
      case 'failed':
        if (this.#phase.isFinal) return send({ name: 'decline', number, code: this.#phase.code });
        this.#phase = { name: this.#isBegun ? 'running' : 'offered' };
        this.#intake.forgetAttempts();
        break;
      case 'offered':
      case 'beginning':
      case 'running':
      case 'sealing':
      case 'proving':
      case 'proved':
      case 'recording':
        break;
    }
    this.#number = number;
    this.#pausing.isPausedThere = false;
    if (this.#pausing.isPausedHere) this.#sendPause(number);
    if (this.#phase.name === 'offered') {
      send({ name: 'manifestAck', number, filesKnown: this.#manifest.table.fileCount });
      if (this.#createdEpochMs !== 0) this.accept(this.#createdEpochMs);
    }
    this.#advance();
  }

  linkLost(): void {
    this.#leaveLink();
    this.#intake.dropPartials();
    this.#report();
  }

  handleFrame(frame: ReceiverFrame, nowMs: number): void {
    switch (frame.name) {
      case 'manifest':
        return this.#addManifest(frame);
      case 'cancel':
        return this.#end('cancelled');
      case 'halt':
        this.#leaveLink();
        return this.#fail(new TransferError(frame.code, 'remote', `the sender halted: ${frame.code}`));
      case 'pause':
        this.#pausing.isPausedThere = frame.isPaused;
        return this.#report();
      case 'withdraw':
        return this.#withdraw(frame.fileIndex, nowMs);
      case 'confirm':
        for (const block of frame.blocks) this.#confirmed(block, nowMs);
        this.#progress(nowMs);
        return this.#advance();
      case 'root':
        if (!this.#isAnnounced) throw violation('ROOT before ACCEPT');
        if (this.#senderRoot !== undefined) throw violation('second ROOT');
        this.#senderRoot = frame.root;
        return this.#advance();
    }
  }

  /** One record of a data frame. */
  chunk(record: ChunkRecord, nowMs: number): void {
    if (!this.#isAnnounced) throw violation(`chunk of transfer ${record.number}, which was not accepted`);
    const { table, storedFiles } = this.#manifest;
    const place = table.place(record.block);
    if (place === undefined || place.fileIndex >= storedFiles)
      throw violation(`chunk of unknown block ${record.block}`);
    this.#claims.refused(record.block);
    this.#intake.add(record, place, table);
    this.#progress(nowMs);
  }

  /** @param folderName of a folder that it goes straight into */
  accept(epochMs: number, folderName?: string): void {
    if (this.#phase.name !== 'offered' || !this.isShown) return;
    this.#createdEpochMs = epochMs;
    this.#folderName ??= folderName;
    const pages = this.#manifest.takeWaiting();
    this.#phase = { name: 'beginning', pages };
    this.#emit({ type: 'begin', transferId: this.transferId, header: this.#header('active'), pages });
    this.#report();
  }

  decline(): void {
    if (this.#phase.name !== 'offered') return;
    if (this.#number !== undefined) this.#context.send({ name: 'decline', number: this.#number, code: undefined });
    this.#end('declined');
  }

  cancel(): void {
    if (this.#isEnded()) return;
    if (this.#number !== undefined) this.#context.send({ name: 'cancel', number: this.#number, role: 'receiver' });
    this.#end('cancelled');
  }

  pause(): void {
    if (this.#isEnded() || this.#phase.name === 'offered' || this.#pausing.isPausedHere) return;
    this.#pausing.isPausedHere = true;
    if (this.#number !== undefined) this.#sendPause(this.#number);
    this.#report();
  }

  /** Takes this side's pause back. Where it left the link, whoever calls has to ask for it by RESUME. */
  resume(): void {
    if (!this.#pausing.isPausedHere) return;
    this.#pausing.isPausedHere = false;
    if (this.#number !== undefined) this.#sendPause(this.#number);
    this.#report();
  }

  discard(): void {
    this.cancel();
    this.#isDiscarded = true;
    this.#removeWhenIdle();
  }

  markSaved(): void {
    if (this.#phase.name === 'verified') this.#checkpoint([], this.#header('saved', this.#phase.root), false);
  }

  handleAnswer(input: Exclude<AnswerInput, { type: 'readDone' | 'hashed' }>, nowMs: number): void {
    // Blocks are counted by the intake.
    if (input.type !== 'stored' && !(input.type === 'ioFailed' && input.operation === 'store')) this.#inFlight--;
    switch (input.type) {
      case 'stored':
        this.#stored(input, nowMs);
        break;
      case 'created':
        break;
      case 'probed':
        this.#probed(input.block, input.hash);
        break;
      case 'begun':
        this.#begun(input.existing);
        break;
      case 'manifestStored':
        this.#storingManifest = undefined;
        this.#manifestStored(input.existing);
        break;
      case 'checkpointed':
        this.#checkpointed();
        break;
      case 'pageLoaded':
        if (this.#phase.name === 'proving') this.#phase.prover.addPage(input.page.hashes);
        break;
      case 'removed':
        this.#removed();
        break;
      case 'ioFailed':
        this.#ioFailed(input, nowMs);
        break;
    }
    this.#intake.pump(this.#manifest.table);
    this.#removeWhenIdle();
    this.#advance();
    this.checkpointIfDue(nowMs);
  }

  checkpointIfDue(nowMs: number): void {
    if (!this.#mayCheckpoint) return;
    const isMuch = this.#ledger.dirtyBytes >= this.#checkpointBytes;
    if (!isMuch && nowMs < (this.deadlineMs() ?? Number.POSITIVE_INFINITY)) return;
    const isFinal = this.#phase.name === 'failed' && this.#phase.isFinal;
    const header = this.#header(isFinal ? 'failed' : 'active');
    this.#checkpoint(this.#ledger.takeDirty(), header, this.#phase.name === 'failed');
  }

  /** When the next checkpoint is due. */
  deadlineMs(): number | undefined {
    const { dirtySinceMs } = this.#ledger;
    if (!this.#mayCheckpoint || dirtySinceMs === undefined) return undefined;
    const isFlowing = this.#phase.name === 'running' && this.#number !== undefined && !this.#pausing.isPaused;
    return this.#isCopying && isFlowing ? undefined : dirtySinceMs + this.#context.options.checkpointMs;
  }

  /** One that follows a failure closes the files: it waits for what is still being written. */
  get #mayCheckpoint(): boolean {
    const { name } = this.#phase;
    if (this.#checkpointing !== undefined) return false;
    return name === 'running' || (name === 'failed' && this.#outstanding === 0);
  }

  /** Each flush copies the file. */
  get #isCopying(): boolean {
    return this.#folderName !== undefined;
  }

  get #checkpointBytes(): number {
    const { checkpointBytes, copyingCheckpointBytes } = this.#context.options;
    return this.#isCopying ? Math.max(copyingCheckpointBytes, this.#flushedBytes / 2) : checkpointBytes;
  }

  #isMissing(block: number): boolean {
    return !this.#ledger.stored.has(block) && !this.#intake.has(block);
  }

  /** Goes on to whatever is possible now. Safe to call at any time. */
  #advance(): void {
    this.#writeManifest();
    this.#createEmptyFiles();
    this.#probe();
    this.#announce();
    this.#sendClaims();
    this.#seal();
    this.#prove();
    this.#compareRoots();
    this.#report();
  }

  #addManifest(frame: Frames['manifest']): void {
    this.#manifest.addPage(frame);
    const { isComplete, pageCount, table } = this.#manifest;
    if (isComplete || (pageCount >= MANIFEST_WINDOW_PAGES && !this.isShown)) this.#show(table.files);
    this.#advance();
  }

  #begun(existing: readonly number[] | undefined): void {
    this.#isBegun = true;
    if (this.#phase.name === 'beginning') this.#phase = { name: 'running' };
    this.#manifestStored(existing);
  }

  #manifestStored(existing: readonly number[] | undefined): void {
    const firstFile = this.#manifest.storedFiles;
    this.#manifest.stored();
    this.#addExisting(existing);
    this.#queueEmptyFiles(firstFile);
    if (this.#isAnnounced) this.#acknowledgeManifest();
  }

  #acknowledgeManifest(): void {
    if (this.#number === undefined) return;
    const filesKnown = this.#manifest.storedFiles;
    this.#manifest.acknowledged(filesKnown);
    this.#context.send({ name: 'manifestAck', number: this.#number, filesKnown });
  }

  #writeManifest(): void {
    if (this.#phase.name !== 'running' || this.#storingManifest !== undefined || !this.#manifest.hasWaiting) return;
    this.#storingManifest = this.#manifest.takeWaiting();
    this.#emit({ type: 'storeManifest', transferId: this.transferId, pages: this.#storingManifest });
  }

  #queueEmptyFiles(firstFile: number): void {
    const { table, storedFiles } = this.#manifest;
    for (let i = firstFile; i < storedFiles; i++) {
      const isFolder = table.files[i]?.isFolder === true;
      const isWanted = isFolder ? this.#folderName !== undefined : !this.#existing.isIdentical(i);
      if (table.sizeBytes(i) === 0 && isWanted && !this.#withdrawn.has(i)) this.#emptyFiles.push(i);
    }
  }

  #createEmptyFiles(): void {
    if (this.#phase.name !== 'running') return;
    while (this.#emptyFiles.length > 0 && this.#outstanding < this.#context.options.storesAtOnce) {
      const fileIndex = this.#emptyFiles.pop();
      if (fileIndex !== undefined) this.#emit({ type: 'create', transferId: this.transferId, fileIndex });
    }
  }

  /** Says what is here, and asks for the rest: once per link, when nothing is on its way to the disk. */
  #announce(): void {
    const number = this.#number;
    const { name } = this.#phase;
    const isWanted = name === 'running' || name === 'sealing' || name === 'proving' || name === 'proved';
    if (number === undefined || this.#isAnnounced || !isWanted) return;
    if (!this.#intake.isSettled || !this.#claims.isSettled) return;
    // It may close files under new blocks; or fail, and take blocks away again.
    if (this.#checkpointing !== undefined && name === 'running') return;
    // What is acknowledged is where the sender goes on: pages that are here, but not in the journal, would come again.
    if (this.#storingManifest !== undefined || this.#manifest.hasWaiting) return;
    this.#isAnnounced = true;
    this.#acknowledgeManifest();
    this.#sendClaims();
    const pageCount = pagesOf(this.#claim.blockCount);
    for (let page = 0; page < pageCount; page += MAX_HAVE_PAGES) this.#sendHave(number, page, pageCount);
    this.#context.send({ name: 'accept', number });
  }

  #sendClaims(): void {
    const number = this.#number;
    if (number === undefined || !this.#isAnnounced) return;
    for (const claims of this.#claims.takeClaims()) this.#context.send({ name: 'claim', number, claims });
  }

  /** One frame for the pages from `firstPage` to the last of the next 64 that has a bit set. */
  #sendHave(number: number, firstPage: number, pageCount: number): void {
    let end = Math.min(firstPage + MAX_HAVE_PAGES, pageCount);
    while (end > firstPage && this.#ledger.stored.page(end - 1) === undefined) end--;
    if (end === firstPage) return;
    const blockMap = new Uint8Array((end - firstPage) * BLOCK_MAP_PAGE_BYTES);
    for (let page = firstPage; page < end; page++) {
      const bits = this.#ledger.stored.page(page);
      if (bits !== undefined) blockMap.set(bits, (page - firstPage) * BLOCK_MAP_PAGE_BYTES);
    }
    this.#context.send({ name: 'have', number, firstPage, blockMap });
  }

  /** Looks at what a crash may have left on the disk. */
  #probe(): void {
    if (this.#phase.name !== 'running') return;
    const { table } = this.#manifest;
    const { storesAtOnce } = this.#context.options;
    const next = () => this.#claims.nextProbe(storesAtOnce, (block) => this.#isMissing(block));
    for (let block = next(); block !== undefined; block = next()) {
      const place = table.place(block);
      if (place === undefined) this.#claims.probeFailed();
      else {
        const { fileIndex, offset, length } = place;
        const fileSizeBytes = table.sizeBytes(fileIndex);
        const stored = table.storedPlace(fileIndex);
        const { transferId } = this;
        this.#emit({ type: 'probe', transferId, fileIndex, fileSizeBytes, stored, block, offset, length });
      }
    }
  }

  #probed(block: number, hash: Bytes | undefined): void {
    const length = this.#manifest.table.place(block)?.length ?? 0;
    this.#claims.probed(block, length, this.#isMissing(block) ? hash : undefined);
  }

  /** Files that were in the folder before: what they have is claimed, and does not travel. */
  #addExisting(fileIndexes: readonly number[] = []): void {
    const { table } = this.#manifest;
    for (const fileIndex of fileIndexes) {
      if (this.#withdrawn.has(fileIndex) || fileIndex >= this.#manifest.storedFiles) continue;
      const [first, end] = [table.firstBlock(fileIndex), table.firstBlock(fileIndex + 1)];
      let blocksLeft = end - first;
      for (let block = first; block < end; block++) if (this.#ledger.stored.has(block)) blocksLeft--;
      if (this.#existing.add(fileIndex, blocksLeft)) this.#identical(fileIndex);
      else this.#claims.suspect(first, end);
    }
  }

  #identical(fileIndex: number): void {
    this.#context.event({ type: 'file', transferId: this.transferId, fileIndex, outcome: 'identical' });
  }

  /** Blocks that may have been written after the last checkpoint: senders go through a transfer in order. */
  #unsureBlocks(): readonly number[] {
    const { table } = this.#manifest;
    const { windowBytes, checkpointBytes } = this.#context.options;
    const blocks: number[] = [];
    let bytes = 0;
    for (let block = 0; block < table.blockCount && blocks.length < MAX_UNSURE_BLOCKS; block++) {
      if (this.#ledger.stored.has(block)) continue;
      bytes += table.place(block)?.length ?? 0;
      if (bytes > windowBytes + checkpointBytes) break;
      blocks.push(block);
    }
    return blocks;
  }

  #confirmed(block: number, nowMs: number): void {
    const hash = this.#claims.confirmed(block);
    const place = this.#manifest.table.place(block);
    if (hash === undefined || place === undefined) throw violation(`CONFIRM of block ${block}, which was not claimed`);
    if (this.#ledger.stored.has(block)) return;
    this.#ledger.add(block, place.length, hash, nowMs);
    this.#storedBytes += place.length;
    if (this.#existing.same(place.fileIndex)) this.#identical(place.fileIndex);
  }

  /** Its blocks count as done, with no hash: the root says that the file is not there. */
  #withdraw(fileIndex: number, nowMs: number): void {
    if (!this.#isAnnounced) throw violation('WITHDRAW before ACCEPT');
    const { table, storedFiles } = this.#manifest;
    if (fileIndex >= storedFiles) throw violation(`WITHDRAW of unknown file ${fileIndex}`);
    if (this.#withdrawn.has(fileIndex)) return;
    this.#withdrawn.add(fileIndex);
    this.#existing.drop(fileIndex);
    this.#emptyFiles = this.#emptyFiles.filter((index) => index !== fileIndex);
    for (let block = table.firstBlock(fileIndex); block < table.firstBlock(fileIndex + 1); block++) {
      this.#claims.refused(block);
      this.#intake.dropPartial(block);
      if (this.#ledger.stored.has(block)) continue;
      const length = table.place(block)?.length ?? 0;
      this.#ledger.add(block, length, NO_HASH, nowMs);
      this.#storedBytes += length;
    }
    this.#context.event({ type: 'file', transferId: this.transferId, fileIndex, outcome: 'withdrawn' });
    this.#progress(nowMs);
    this.#advance();
  }

  #sendPause(number: number): void {
    this.#context.send({ name: 'pause', number, role: 'receiver', isPaused: this.#pausing.isPausedHere });
  }

  #stored({ block, hash, isInPlace }: Extract<AnswerInput, { type: 'stored' }>, nowMs: number): void {
    const wasStored = this.#ledger.stored.has(block);
    const verdict = this.#intake.stored(block, hash, nowMs);
    const { fileIndex, offset, length } = this.#manifest.table.place(block) ?? { fileIndex: 0, offset: 0, length: 0 };
    this.#claims.refused(block);
    if (isInPlace !== true) {
      this.#existing.differs(fileIndex);
      const isCopy = this.#existing.isCopy(fileIndex);
      this.#flushedBytes = isCopy ? this.#manifest.table.sizeBytes(fileIndex) : offset + length;
    }
    if (!wasStored && this.#ledger.stored.has(block)) {
      this.#storedBytes += length;
      if (isInPlace === true && this.#existing.same(fileIndex)) this.#identical(fileIndex);
      this.#progress(nowMs);
    }
    if (verdict === 'hopeless' && !this.#isEnded()) {
      this.#fail(new TransferError('block-corrupt', 'remote', `block ${block} did not match its hash again and again`));
    } else if (verdict === 'again' && this.#isAnnounced && this.#number !== undefined) {
      this.#context.send({ name: 'retry', number: this.#number, block });
    }
  }

  #seal(): void {
    const isAllHere = this.#manifest.isStored && this.#ledger.isComplete && this.#emptyFiles.length === 0;
    if (this.#phase.name !== 'running' || !isAllHere || this.#outstanding > 0) return;
    this.#phase = { name: 'sealing' };
    this.#checkpoint(this.#ledger.takeDirty(), this.#header('active'), true);
  }

  #prove(): void {
    if (this.#phase.name !== 'proving' || this.#outstanding > 0) return;
    const { prover } = this.#phase;
    for (let page = prover.nextPage; page !== undefined; page = prover.nextPage) {
      const hashes = this.#ledger.hashes(page);
      if (hashes === undefined) return this.#emit({ type: 'loadPage', transferId: this.transferId, pageIndex: page });
      prover.addPage(hashes);
    }
    this.#phase = { name: 'proved', root: prover.finish() };
  }

  #compareRoots(): void {
    if (this.#phase.name !== 'proved' || this.#senderRoot === undefined) return;
    const { root } = this.#phase;
    if (!equalBytes(root, this.#senderRoot)) {
      return this.#fail(
        new TransferError('root-mismatch', 'remote', `root ${toHex(this.#senderRoot)}, on disk ${toHex(root)}`),
      );
    }
    this.#phase = { name: 'recording', root };
    this.#checkpoint([], this.#header('verified', toHex(root)), true);
  }

  #checkpoint(pages: readonly JournalBlockPage[], header: JournalHeader, closesFiles: boolean): void {
    this.#checkpointing = pages;
    this.#emit({ type: 'checkpoint', transferId: this.transferId, pages, header, closesFiles });
  }

  #checkpointed(): void {
    this.#ledger.checkpointed(this.#checkpointing ?? []);
    this.#checkpointing = undefined;
    if (this.#phase.name === 'sealing') {
      const digest = fromHex(this.#claim.digest) ?? new Uint8Array(32);
      this.#phase = { name: 'proving', prover: new Prover(this.#manifest.table, digest, this.#withdrawn) };
    } else if (this.#phase.name === 'recording') {
      this.#verified(this.#phase.root);
    }
  }

  #verified(root: Bytes): void {
    this.#phase = { name: 'verified', root: toHex(root) };
    this.#showProgress();
    if (this.#number !== undefined) this.#context.send({ name: 'verified', number: this.#number, root });
    this.#leaveLink();
    this.#report();
  }

  #ioFailed(input: Extract<AnswerInput, { type: 'ioFailed' }>, nowMs: number): void {
    switch (input.operation) {
      case 'store':
        if (input.block !== undefined) this.#intake.storeFailed(input.block);
        break;
      case 'begin':
        if (this.#phase.name === 'beginning') this.#manifest.putBack(this.#phase.pages);
        break;
      case 'storeManifest':
        this.#manifest.putBack(this.#storingManifest ?? []);
        this.#storingManifest = undefined;
        break;
      case 'checkpoint':
        if (this.#isCopying) this.#forgetUnflushed(nowMs);
        else this.#ledger.putBack(this.#checkpointing ?? []);
        this.#checkpointing = undefined;
        break;
      case 'create':
        this.#queueEmptyFilesAgain();
        break;
      case 'probe':
        // Then it comes again over the link; if the disk is broken, that shows soon enough.
        this.#claims.probeFailed();
        return;
      case 'remove':
        this.#isRemoving = false;
        this.#isDiscarded = false;
        break;
      case 'loadPage':
      case 'read':
      case 'hash':
        break;
    }
    if (input.operation === 'remove') this.#phase = { name: 'running' };
    // What ended meanwhile does not care, and what is verified stays so, though 'saved' could not be noted.
    if (!this.#isEnded()) this.#fail(input.error);
  }

  /** A swap file was lost, or did not hold what was written: what no checkpoint covers has to come again. */
  #forgetUnflushed(nowMs: number): void {
    for (const block of this.#ledger.forgetDirty()) {
      const { fileIndex, length } = this.#manifest.table.place(block) ?? { fileIndex: 0, length: 0 };
      if (this.#withdrawn.has(fileIndex)) {
        this.#ledger.add(block, length, NO_HASH, nowMs);
        continue;
      }
      this.#storedBytes -= length;
      this.#existing.unsettle(fileIndex);
    }
  }

  /** Creating is idempotent: all of them, rather than remembering which. */
  #queueEmptyFilesAgain(): void {
    this.#emptyFiles = [];
    this.#queueEmptyFiles(0);
  }

  #fail(error: TransferError): void {
    const number = this.#number;
    if (number !== undefined) this.#context.send({ name: 'halt', number, role: 'receiver', code: error.code });
    this.#leaveLink();
    this.#intake.clear();
    this.#phase = { name: 'failed', code: error.code, isFinal: isFinalFailure(error.code) };
    this.#report(error);
    if (this.#phase.isFinal && this.#isBegun) this.#checkpoint([], this.#header('failed'), true);
  }

  #end(name: 'declined' | 'cancelled'): void {
    this.#leaveLink();
    this.#intake.clear();
    this.#phase = { name };
    // What was never accepted is remembered only by its id.
    if (!this.#isBegun && this.#outstanding === 0) this.#manifest = new IncomingManifest(this.#claim);
    this.#report();
    this.#removeWhenIdle();
  }

  #removeWhenIdle(): void {
    const isUnwanted = this.#isDiscarded || this.#phase.name === 'cancelled';
    if (!isUnwanted || this.#outstanding > 0 || this.#isRemoving || this.#isGone) return;
    if (!this.#isBegun) return this.#removed();
    this.#isRemoving = true;
    this.#emit({ type: 'remove', transferId: this.transferId });
  }

  #removed(): void {
    this.#isBegun = false;
    this.#isRemoving = false;
    if (!this.#isDiscarded) return;
    this.#isGone = true;
    this.#context.event({ type: 'removed', transferId: this.transferId });
  }

  #leaveLink(): void {
    this.#manifest.linkLost();
    this.#claims.offerEnded();
    this.#number = undefined;
    this.#isAnnounced = false;
    this.#senderRoot = undefined;
  }

  #isEnded(): boolean {
    const { name } = this.#phase;
    return (
      name === 'verified' || name === 'declined' || name === 'cancelled' || (name === 'failed' && this.#phase.isFinal)
    );
  }

  #restorePages(pages: readonly JournalBlockPage[]): void {
    for (const page of pages) this.#ledger.restore(page);
    const { table } = this.#manifest;
    for (let block = 0; block < table.blockCount; block++) {
      if (this.#ledger.stored.has(block)) this.#storedBytes += table.place(block)?.length ?? 0;
    }
  }

  /** For both screens. */
  #progress(nowMs: number): void {
    const receivedBytes = this.#showProgress();
    if (this.#number === undefined || nowMs < this.#progressSentMs + PROGRESS_INTERVAL_MS) return;
    this.#progressSentMs = nowMs;
    this.#context.send({ name: 'progress', number: this.#number, receivedBytes });
  }

  /** @returns what there is, bytes */
  #showProgress(): number {
    const isOver = this.#phase.name === 'verified';
    const receivedBytes = isOver ? this.#claim.totalBytes : this.#storedBytes + this.#intake.pendingBytes;
    if (receivedBytes > this.#bytesDone || isOver) {
      this.#bytesDone = receivedBytes;
      const { wireBytes } = this.#intake;
      this.#context.event({ type: 'progress', transferId: this.transferId, bytesDone: receivedBytes, wireBytes });
    }
    return receivedBytes;
  }

  #header(state: JournalHeader['state'], root?: string): JournalHeader {
    const { fileCount, totalBytes, blockCount, digest } = this.#claim;
    return {
      transferId: this.transferId,
      direction: 'receiving',
      kind: this.#kind,
      state,
      createdEpochMs: this.#createdEpochMs,
      fileCount,
      totalBytes,
      blockCount,
      storedBlocks: this.#ledger.stored.size,
      peerFingerprint: this.#context.peerFingerprint,
      manifestDigest: digest,
      ...(root === undefined ? {} : { root }),
      ...(this.#folderName === undefined ? {} : { folderName: this.#folderName }),
      ...(this.#withdrawn.size === 0 ? {} : { withdrawn: [...this.#withdrawn] }),
    };
  }

  #state(): TransferState {
    const { name } = this.#phase;
    if (name === 'verified' || name === 'declined' || name === 'cancelled') return name;
    if (name === 'failed') return this.#phase.isFinal ? name : 'paused';
    if (this.#number === undefined) return 'interrupted';
    if (name === 'offered') return name;
    return this.#pausing.isPaused ? 'paused' : 'running';
  }

  #show(files: Extract<CommandInput, { type: 'restored' }>['files']): void {
    if (this.#isShownWhole) return;
    this.#isShownWhole = files.length === this.#claim.fileCount;
    const state = this.#state();
    this.#reported = `${state} undefined`;
    const { fileCount, totalBytes } = this.#claim;
    const bytesDone = this.#bytesDone;
    const { transferId } = this;
    this.#context.event({
      type: 'transfer',
      transferId,
      direction: 'receiving',
      kind: this.#kind,
      state,
      needsFiles: false,
      files,
      fileCount,
      totalBytes,
      bytesDone,
      ...(this.#folderName === undefined ? {} : { folderName: this.#folderName }),
    });
    if (this.#phase.name === 'verified') {
      this.#context.event({ type: 'state', transferId, state: 'verified', root: this.#phase.root });
    }
    for (const fileIndex of this.#withdrawn) {
      this.#context.event({ type: 'file', transferId, fileIndex, outcome: 'withdrawn' });
    }
  }

  #report(error?: TransferError): void {
    const state = this.#state();
    const pausedBy = state === 'paused' && this.#phase.name !== 'failed' ? this.#pausing.pausedBy : undefined;
    if (!this.isShown || `${state} ${pausedBy}` === this.#reported) return;
    this.#reported = `${state} ${pausedBy}`;
    const root = this.#phase.name === 'verified' ? { root: this.#phase.root } : {};
    const failure = error === undefined ? {} : { error };
    const paused = pausedBy === undefined ? {} : { pausedBy };
    this.#context.event({ type: 'state', transferId: this.transferId, state, ...paused, ...root, ...failure });
  }

  #emit(output: IoOutput): void {
    this.#inFlight++;
    this.#context.emit(output);
  }
}

function claimOf(offer: Frames['offer']): ManifestClaim {
  const { fileCount, totalBytes, blockCount, manifestDigest } = offer;
  return { fileCount, totalBytes, blockCount, digest: toHex(manifestDigest) };
}

function isSameClaim(a: ManifestClaim, b: ManifestClaim): boolean {
  return (
    a.digest === b.digest &&
    a.fileCount === b.fileCount &&
    a.totalBytes === b.totalBytes &&
    a.blockCount === b.blockCount
  );
}

function restoredPhase(header: JournalHeader): Phase {
  if (header.state === 'verified' || header.state === 'saved') return { name: 'verified', root: header.root ?? '' };
  // What exactly it was is not kept; it was final.
  if (header.state === 'failed') return { name: 'failed', code: 'storage-failed', isFinal: true };
  return { name: 'running' };
}
