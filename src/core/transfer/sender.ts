import type { Bytes } from '../bytes.ts';
import { equalBytes, toHex } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import type { Frames } from '../wire/control-frame.ts';
import { KIND_FILES, KIND_TEXT } from '../wire/frames/offer.ts';
import type { ManifestEntry } from '../wire/frames/manifest.ts';
import { MANIFEST_WINDOW_PAGES, MAX_BLOCK_ATTEMPTS } from '../wire/limits.ts';
import { BLOCKS_PER_PAGE } from './blocks.ts';
import { BlockMap, hasBit } from './block-map.ts';
import type { ChunkFiller } from './chunk-filler.ts';
import { BlockDelivery } from './block-delivery.ts';
import type { TransferContext } from './context.ts';
import { violation } from './context.ts';
import { FileTable } from './file-table.ts';
import { isFinalFailure } from './failure.ts';
import type {
  AnswerInput,
  CommandInput,
  FileOutcome,
  JournalHeader,
  JournalManifestPage,
  TransferKind,
  TransferState,
} from './machine.ts';
import { manifestDigest, manifestPage } from './manifest-pages.ts';
import { matchFiles } from './match-files.ts';
import { Pausing } from './pausing.ts';
import type { Need } from './read-ahead.ts';
import { ReadAhead } from './read-ahead.ts';
import { SenderClaims } from './sender-claims.ts';
import type { SentRecord } from './sent-frames.ts';
import type { FreshHash } from './send-journal.ts';
import { SendJournal } from './send-journal.ts';

/** Frames that a receiver sends about a transfer of ours. */
export type SenderFrame = Frames[
  | 'manifestAck'
  | 'have'
  | 'accept'
  | 'decline'
  | 'cancel'
  | 'halt'
  | 'retry'
  | 'pause'
  | 'claim'
  | 'progress'
  | 'verified'];

/** What belongs to one offer on one link; gone with the link. */
interface Run {
  readonly number: number;
  /** The receiver has to say first which entries of the manifest it knows. */
  isHeldBack: boolean;
  filesSent: number;
  filesKnown: number;
  /** For each manifest page that was not acknowledged: the file after its last. */
  readonly pageEnds: number[];
  /** What the receiver has; blocks that we send are not added. */
  readonly have: BlockMap;
  readonly readAhead: ReadAhead;
  readonly claims: SenderClaims;
  readonly retries: Map<number, number>;
  /** Blocks that are on their way over several lanes. */
  readonly delivery: BlockDelivery;
  /** Of what is in `readAhead`: bytes that were lost with their lane. Credit was used for them. */
  paidBytes: number;
  /** Files whose WITHDRAW has to be sent once the receiver knows them. */
  readonly withdrawing: Set<number>;
  root: Bytes | undefined;
  /** The receipt came before we knew the root ourselves. */
  receipt: Bytes | undefined;
}

type Phase =
  | { readonly name: 'queued' | 'interrupted' | 'verified' | 'declined' | 'cancelled' | 'failed' }
  /** It left the link because of something that can be mended. */
  | { readonly name: 'halted' }
  | { readonly name: 'offered' | 'running'; readonly run: Run };

/**
 * One outgoing transfer. Outlives its links, and through the journal the page itself: hashes stay, so that after a cut
 * only what the receiver misses is read again. Frames that are illegal in the state throw 'protocol-violation', 'remote',
 * which the endpoint catches.
 */
export class Sender {
  readonly transferId: string;
  readonly #kind: TransferKind;
  readonly #table = new FileTable();
  readonly #digest: Bytes;
  readonly #context: TransferContext;
  readonly #journal: SendJournal;
  readonly #pausing = new Pausing();
  readonly #createdEpochMs: number;
  /** Files that changed, or cannot be read: they do not travel. */
  readonly #withdrawn = new Set<number>();
  /** Files chosen again whose time is another: every known hash is compared before it counts again. */
  readonly #touched = new Set<number>();
  /** Files that nothing can be read from, since a reload. */
  #sourceless: Set<number>;
  #phase: Phase;
  #reported = '';
  #wasOffered = false;
  #wasAccepted = false;
  #nextSlabId = 0;
  /** Number of the last offer on the link that is up. */
  #lastNumber: number | undefined;
  #isDiscarded = false;
  #isGone = false;
  #bytesDone = 0;
  #wireBytes = 0;

  private constructor(
    transferId: string,
    kind: TransferKind,
    files: readonly ManifestEntry[],
    createdEpochMs: number,
    context: TransferContext,
    phase: 'queued' | 'interrupted',
  ) {
    this.transferId = transferId;
    this.#kind = kind;
    this.#context = context;
    this.#createdEpochMs = createdEpochMs;
    this.#phase = { name: phase };
    for (const file of files) this.#table.add(file);
    this.#digest = manifestDigest(files);
    this.#sourceless = new Set();
    this.#journal = new SendJournal(transferId, this.#table.blockCount, context, () => this.#header());
  }

  static queued(input: Extract<CommandInput, { type: 'send' }>, context: TransferContext): Sender {
    const { transferId, kind, files, epochMs } = input;
    const sender = new Sender(transferId, kind, files, epochMs, context, 'queued');
    sender.#show();
    sender.#journal.begin(sender.#manifestPages());
    return sender;
  }

  /**
   * From the journal, after a reload. Its files have to be chosen again.
   * @returns undefined where the list of files is not whole: the page died while it was written
   */
  static restored(input: Extract<CommandInput, { type: 'restored' }>, context: TransferContext): Sender | undefined {
    const { header, files, pages } = input;
    const sender = new Sender(header.transferId, header.kind, files, header.createdEpochMs, context, 'interrupted');
    if (toHex(sender.#digest) !== header.manifestDigest) return undefined;
    sender.#wasOffered = true;
    sender.#wasAccepted = header.isForAnyPeer !== true;
    for (const fileIndex of header.withdrawn ?? []) sender.#withdrawn.add(fileIndex);
    sender.#sourceless = new Set(files.flatMap((file, index) => (file.isFolder === true ? [] : [index])));
    const { blockCount, storedBlocks, totalBytes } = header;
    sender.#bytesDone = blockCount === 0 ? 0 : Math.floor((totalBytes * storedBlocks) / blockCount);
    sender.#journal.restore(pages);
    sender.#show();
    return sender;
  }

  get state(): TransferState {
    const { name } = this.#phase;
    if (name === 'halted') return 'paused';
    return name === 'running' && this.#pausing.isPaused ? 'paused' : name;
  }

  /** It has a place among those that are read and sent. */
  get isActive(): boolean {
    return this.#phase.name === 'running' && !this.#pausing.isPaused;
  }

  /** After a reload: its files have to be chosen again. */
  get needsFiles(): boolean {
    return this.#sourceless.size > 0;
  }

  /** The transfer's number on this link, while it is offered or running. */
  get number(): number | undefined {
    return this.#run()?.number;
  }

  /** It was offered on the link that is up, with this number; it may have left it since. */
  get lastNumber(): number | undefined {
    return this.#lastNumber;
  }

  /** Nothing of it is left here. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** It may go to whoever is at the other end: nobody has accepted it yet. */
  get isForAnyPeer(): boolean {
    const { name } = this.#phase;
    return !this.#wasAccepted && !this.needsFiles && (name === 'queued' || name === 'interrupted');
  }

  /** It may be offered again to a receiver that knows it. */
  get canResume(): boolean {
    const { name } = this.#phase;
    return !this.needsFiles && (name === 'queued' || name === 'interrupted' || name === 'halted');
  }

  /** Tells a receiver, which knows the transfer, on a new link that it was cancelled here. */
  get isTombstone(): boolean {
    return this.#phase.name === 'cancelled';
  }

  offer(number: number): void {
    const run = this.#newRun(number);
    this.#sendOffer(number);
    this.#wasOffered = true;
    this.#lastNumber = number;
    this.#pausing.isPausedThere = false;
    this.#enter({ name: 'offered', run });
    if (this.#pausing.isPausedHere) this.#sendPause(number);
    this.#sendManifest(run);
  }

  /** For a transfer that was cancelled while there was no link. */
  offerCancelled(number: number): void {
    this.#sendOffer(number);
    this.#context.send({ name: 'cancel', number, role: 'sender' });
  }

  linkLost(): void {
    this.#lastNumber = undefined;
    // Halted before anybody accepted it: the receiver may have no trace of it left, and would not ask by RESUME.
    const isForgotten = this.#phase.name === 'halted' && !this.#wasAccepted;
    if (this.#run() !== undefined || isForgotten) this.#enter({ name: 'interrupted' });
  }

  cancel(): void {
    if (this.isOver) return;
    const { number } = this;
    if (number !== undefined) this.#context.send({ name: 'cancel', number, role: 'sender' });
    this.#enter({ name: 'cancelled' });
  }

  /** Ends it, and forgets it. */
  discard(): void {
    this.cancel();
    this.#isDiscarded = true;
    this.#forget();
  }

  /** Nothing will happen with it any more. */
  get isOver(): boolean {
    const { name } = this.#phase;
    return name === 'verified' || name === 'declined' || name === 'cancelled' || name === 'failed';
  }

  pause(): void {
    if (this.isOver || this.#pausing.isPausedHere) return;
    this.#pausing.isPausedHere = true;
    if (this.number !== undefined) this.#sendPause(this.number);
    this.#report();
  }

  /** Takes this side's pause back. */
  resume(): void {
    if (this.isOver) return;
    if (this.#pausing.isPausedHere) {
      this.#pausing.isPausedHere = false;
      if (this.number !== undefined) this.#sendPause(this.number);
    }
    this.#report();
    this.wake();
  }

  /**
   * Files were chosen again. The runner reads from `sources` of the event from here on.
   * @param withoutMissing what is not among them will not travel
   */
  attach(given: readonly ManifestEntry[], withoutMissing: boolean): void {
    const { files } = this.#table;
    const match = matchFiles(files, given, (fileIndex) => this.#sourceless.has(fileIndex));
    const paths = (indexes: readonly number[]) => indexes.map((index) => files[index]?.path ?? '');
    const { transferId } = this;
    const [missing, changed] = [paths(match.missing), paths(match.changed)];
    this.#context.event({ type: 'attached', transferId, sources: match.sources, missing, changed });
    this.#sourceless = new Set(match.missing);
    for (const fileIndex of match.touched) this.#touched.add(fileIndex);
    for (const fileIndex of match.changed) this.#withdraw(fileIndex);
    if (withoutMissing) for (const fileIndex of match.missing) this.#withdraw(fileIndex);
    if (this.isOver) return;
    this.#show();
    this.wake();
  }

  handleFrame(frame: SenderFrame): void {
    const phase = this.#phase;
    if (phase.name !== 'offered' && phase.name !== 'running') return;
    const { run } = phase;
    switch (frame.name) {
      case 'manifestAck':
        return this.#manifestAcked(run, frame.filesKnown);
      case 'decline':
        if (phase.name !== 'offered') throw violation('DECLINE after ACCEPT');
        return this.#enter({ name: 'declined' });
      case 'cancel':
        return this.#enter({ name: 'cancelled' });
      case 'halt':
        return this.#fail(new TransferError(frame.code, 'remote', `the receiver halted: ${frame.code}`));
      case 'have':
        if (phase.name !== 'offered') throw violation('HAVE after ACCEPT');
        return this.#addHave(run, frame);
      case 'accept':
        if (phase.name !== 'offered') throw violation('second ACCEPT');
        return this.#accepted(run);
      case 'pause':
        this.#pausing.isPausedThere = frame.isPaused;
        this.#report();
        return this.wake();
      case 'claim':
        return this.#claimed(run, frame.claims);
      case 'retry':
        return this.#retry(phase, frame.block);
      case 'progress':
        if (frame.receivedBytes > this.#table.totalBytes) throw violation(`PROGRESS ${frame.receivedBytes}`);
        return this.#progressed(frame.receivedBytes);
      case 'verified':
        return this.#receipt(phase, frame.root);
    }
  }

  readDone(slabId: number, bytes: Bytes): void {
    this.#run()?.readAhead.readDone(slabId, bytes);
  }

  hashed(fresh: FreshHash, nowMs: number): void {
    const place = this.#table.place(fresh.block);
    if (place === undefined || this.#withdrawn.has(place.fileIndex)) return;
    const verdict = this.#journal.compare(fresh);
    if (verdict === 'later') return;
    // What was sent of the file belongs to another one.
    if (verdict === 'different') return this.#withdraw(place.fileIndex);
    if (verdict === 'new') this.#journal.add(fresh.block, place.length, fresh.hash, nowMs);
    const run = this.#run();
    run?.readAhead.hashed(fresh.slabId, fresh.block, fresh.hash);
    this.#journal.checkpointIfDue(nowMs);
    if (run !== undefined) this.#plan(run);
  }

  /** A read or a hash failed: the file changed, or cannot be read. The others go on. */
  readFailed(slabId: number | undefined, error: TransferError): void {
    const fileIndex = slabId === undefined ? undefined : this.#run()?.readAhead.fileOf(slabId);
    if (error.code !== 'source-changed' && error.code !== 'file-unreadable') this.#halt(error);
    else if (fileIndex !== undefined) this.#withdraw(fileIndex);
  }

  /** Answers about the journal. */
  handleAnswer(input: Exclude<AnswerInput, { type: 'readDone' | 'hashed' }>, nowMs: number): void {
    const fresh = this.#journal.handleAnswer(input);
    for (const hash of fresh) this.hashed(hash, nowMs);
    if (input.type === 'ioFailed' && input.operation === 'loadPage') this.#halt(input.error);
    const run = this.#run();
    if (input.type === 'pageLoaded' && run !== undefined) this.#plan(run);
    if (this.#isDiscarded) this.#forget();
  }

  deadlineMs(): number | undefined {
    return this.#journal.deadlineMs();
  }

  checkpointIfDue(nowMs: number): void {
    this.#journal.checkpointIfDue(nowMs);
  }

  /** On our side, and not because of one file. */
  #halt(error: TransferError): void {
    const { number } = this;
    if (number === undefined) return;
    this.#context.send({ name: 'halt', number, role: 'sender', code: error.code });
    this.#fail(error);
  }

  /**
   * Adds chunk records to a data frame.
   * @param log gets what was added, where it has to be known until it has arrived
   * @returns bytes of credit that this took
   */
  fill(filler: ChunkFiller, log: SentRecord[] | undefined): number {
    if (this.#phase.name !== 'running' || this.#pausing.isPaused) return 0;
    const { run } = this.#phase;
    if (run.readAhead.isWorthWaiting(this.#context.options.frameBytes)) return 0;
    let creditBytes = 0;
    for (let head = run.readAhead.head(); head !== undefined; head = run.readAhead.head()) {
      const { block } = head;
      // The receiver keeps only so many blocks that are not whole.
      if (log !== undefined && !head.isBegun && run.delivery.isFull) break;
      const added = filler.add(run.number, head);
      if (added === undefined) break;
      const { offset, payloadBytes, isLast, isPaid } = added;
      this.#wireBytes += payloadBytes;
      if (isPaid) run.paidBytes -= payloadBytes;
      else creditBytes += payloadBytes;
      if (log !== undefined) {
        log.push({ sender: this, number: run.number, block, offset, payloadBytes, isLast });
        // What comes whole is never begun.
        if (!isLast || payloadBytes < head.length) run.delivery.sent(block);
      }
      if (!run.readAhead.isHeadDone) continue;
      run.readAhead.takeHead();
      run.delivery.allSent(block);
    }
    this.#plan(run);
    return creditBytes;
  }

  /** A record of ours has arrived. */
  arrived({ number, block }: SentRecord): void {
    const run = this.#run();
    if (run?.number === number) run.delivery.arrived(block);
  }

  /**
   * A record of ours was lost with its lane, and is sent again.
   * @returns false where there is no need: its credit is free again
   */
  lost({ number, block, offset, payloadBytes, isLast }: SentRecord): boolean {
    const run = this.#run();
    const fileIndex = this.#table.place(block)?.fileIndex ?? 0;
    if (run?.number !== number || this.#withdrawn.has(fileIndex)) return false;
    run.delivery.lost(block);
    run.readAhead.resend(block, offset, offset + payloadBytes, isLast);
    this.#nextSlabId = run.readAhead.nextSlabId;
    run.paidBytes += payloadBytes;
    return true;
  }

  /** Reads ahead; called when a turn to send has come, too. */
  wake(): void {
    if (this.#phase.name === 'running') this.#plan(this.#phase.run);
  }

  #run(): Run | undefined {
    return this.#phase.name === 'offered' || this.#phase.name === 'running' ? this.#phase.run : undefined;
  }

  #newRun(number: number): Run {
    const have = new BlockMap();
    const claims = new SenderClaims();
    const readAhead = new ReadAhead(
      this.transferId,
      this.#table,
      this.#context.options,
      this.#nextSlabId,
      (block) => this.#need(block, have, claims),
      (block, hash) => claims.isRight(block, hash),
      (output) => this.#context.emit(output),
    );
    return {
      number,
      isHeldBack: this.#wasOffered,
      filesSent: 0,
      filesKnown: 0,
      pageEnds: [],
      have,
      readAhead,
      claims,
      retries: new Map(),
      delivery: new BlockDelivery(),
      paidBytes: 0,
      withdrawing: new Set(this.#withdrawn),
      root: undefined,
      receipt: undefined,
    };
  }

  #need(block: number, have: BlockMap, claims: SenderClaims): Need {
    const fileIndex = this.#table.place(block)?.fileIndex ?? 0;
    if (this.#withdrawn.has(fileIndex)) return 'skip';
    if (have.has(block)) return this.#journal.has(block) && !this.#touched.has(fileIndex) ? 'skip' : 'hash';
    return claims.has(block) ? 'check' : 'send';
  }

  #sendPause(number: number): void {
    this.#context.send({ name: 'pause', number, role: 'sender', isPaused: this.#pausing.isPausedHere });
  }

  #sendOffer(number: number): void {
    this.#context.send({
      name: 'offer',
      number,
      isAgain: this.#wasOffered,
      kind: this.#kind === 'text' ? KIND_TEXT : KIND_FILES,
      transferId: this.transferId,
      fileCount: this.#table.fileCount,
      totalBytes: this.#table.totalBytes,
      blockCount: this.#table.blockCount,
      manifestDigest: this.#digest,
    });
  }

  #sendManifest(run: Run): void {
    if (run.isHeldBack) return;
    while (run.filesSent < this.#table.fileCount && run.pageEnds.length < MANIFEST_WINDOW_PAGES) {
      const page = manifestPage(this.#table.files, run.filesSent);
      this.#context.send({ name: 'manifest', number: run.number, firstFile: run.filesSent, ...page });
      run.filesSent += page.files.length;
      run.pageEnds.push(run.filesSent);
    }
  }

  #manifestAcked(run: Run, filesKnown: number): void {
    if (run.isHeldBack) {
      if (filesKnown > this.#table.fileCount) throw violation(`MANIFEST_ACK ${filesKnown}, above all files`);
      run.isHeldBack = false;
      run.filesSent = filesKnown;
    }
    if (filesKnown < run.filesKnown || filesKnown > run.filesSent) {
      throw violation(`MANIFEST_ACK ${filesKnown} not in ${run.filesKnown}..${run.filesSent}`);
    }
    run.filesKnown = filesKnown;
    while ((run.pageEnds[0] ?? Number.POSITIVE_INFINITY) <= filesKnown) run.pageEnds.shift();
    this.#sendManifest(run);
    this.#plan(run);
  }

  #addHave(run: Run, frame: Frames['have']): void {
    const firstBlock = frame.firstPage * BLOCKS_PER_PAGE;
    for (let bit = 0; bit < frame.blockMap.length * 8; bit++) {
      if (!hasBit(frame.blockMap, bit)) continue;
      if (firstBlock + bit >= this.#table.blockCount) throw violation(`HAVE block ${firstBlock + bit}`);
      run.have.add(firstBlock + bit);
    }
  }

  #accepted(run: Run): void {
    if (!this.#wasAccepted) {
      // From here on it is this peer's, after a reload too.
      this.#wasAccepted = true;
      this.#journal.checkpoint();
    }
    this.#enter({ name: 'running', run });
    this.#plan(run);
  }

  #claimed(run: Run, claims: Frames['claim']['claims']): void {
    const endBlock = this.#table.firstBlock(run.filesKnown);
    for (const claim of claims) {
      const { block } = claim;
      if (block >= endBlock || run.have.has(block)) throw violation(`CLAIM of block ${block}`);
      const { fileIndex } = this.#table.place(block) ?? { fileIndex: 0 };
      // On its way already, or not wanted any more: it needs no answer.
      if (run.readAhead.isPast(block) || this.#withdrawn.has(fileIndex)) continue;
      run.claims.add(claim);
    }
    this.#plan(run);
  }

  /** The file does not travel with this transfer. Where none is left, there is nothing to go on with. */
  #withdraw(fileIndex: number): void {
    if (this.#withdrawn.has(fileIndex) || this.isOver) return;
    this.#withdrawn.add(fileIndex);
    this.#sourceless.delete(fileIndex);
    this.#touched.delete(fileIndex);
    this.#journal.checkpoint();
    this.#outcome(fileIndex, 'withdrawn');
    if (this.#withdrawn.size === this.#table.fileCount) {
      const error = new TransferError('source-changed', 'host', 'every file changed or cannot be read');
      if (this.number === undefined) this.#fail(error);
      else this.#halt(error);
      return;
    }
    const run = this.#run();
    if (run === undefined) return;
    run.withdrawing.add(fileIndex);
    const [firstBlock, endBlock] = [this.#table.firstBlock(fileIndex), this.#table.firstBlock(fileIndex + 1)];
    const paidBytes = run.readAhead.drop(firstBlock, endBlock);
    run.paidBytes -= paidBytes;
    this.#context.refundCredit(paidBytes);
    run.delivery.drop(firstBlock, endBlock);
    run.claims.drop(firstBlock, endBlock);
    this.#plan(run);
  }

  #outcome(fileIndex: number, outcome: FileOutcome): void {
    this.#context.event({ type: 'file', transferId: this.transferId, fileIndex, outcome });
  }

  #retry(phase: Phase & { readonly run: Run }, block: number): void {
    const { run } = phase;
    if (phase.name !== 'running') throw violation('RETRY before ACCEPT');
    const fileIndex = this.#table.place(block)?.fileIndex;
    // The file went while the frame was on its way.
    if (fileIndex !== undefined && this.#withdrawn.has(fileIndex)) return;
    if (!this.#journal.has(block) || run.have.has(block))
      throw violation(`RETRY of block ${block}, which was not sent`);
    const retries = (run.retries.get(block) ?? 0) + 1;
    if (retries >= MAX_BLOCK_ATTEMPTS) throw violation(`RETRY ${retries} of block ${block}`);
    run.retries.set(block, retries);
    run.readAhead.again(block);
    // While it is paused nothing is planned: the next run must not give this read's number to another.
    this.#nextSlabId = run.readAhead.nextSlabId;
  }

  #receipt(phase: Phase & { readonly run: Run }, receipt: Bytes): void {
    const { run } = phase;
    if (phase.name === 'running' && run.root === undefined) throw violation('VERIFIED before ROOT');
    run.receipt = receipt;
    if (phase.name === 'offered') {
      // It was verified on an earlier link. Nothing travels any more; what has no hash here yet is read for its hash.
      for (let block = 0; block < this.#table.blockCount; block++) run.have.add(block);
      run.isHeldBack = false;
      run.filesKnown = this.#table.fileCount;
      this.#accepted(run);
    }
    this.#compareReceipt(run);
  }

  #compareReceipt(run: Run): void {
    if (run.receipt === undefined || run.root === undefined) return;
    if (equalBytes(run.receipt, run.root)) {
      this.#progressed(this.#table.totalBytes);
      this.#enter({ name: 'verified' }, { root: toHex(run.root) });
    } else {
      this.#fail(new TransferError('root-mismatch', 'remote', `receipt for ${toHex(run.receipt)}`));
    }
  }

  #plan(run: Run): void {
    if (this.#phase.name !== 'running') return;
    this.#sendWithdrawn(run);
    const endBlock = this.#table.firstBlock(run.filesKnown);
    if (!this.#pausing.isPaused) run.readAhead.plan(endBlock);
    this.#nextSlabId = run.readAhead.nextSlabId;
    this.#confirm(run);
    const isAllSent = run.filesKnown === this.#table.fileCount && run.readAhead.isDone(endBlock);
    if (!isAllSent || run.root !== undefined) return;
    run.root = this.#journal.prove(this.#table, this.#digest, this.#withdrawn);
    if (run.root === undefined) return;
    if (run.receipt === undefined) this.#context.send({ name: 'root', number: run.number, root: run.root });
    else this.#compareReceipt(run);
  }

  /** Tells of files that do not travel, as soon as the receiver knows them. */
  #sendWithdrawn(run: Run): void {
    for (const fileIndex of run.withdrawing) {
      if (fileIndex >= run.filesKnown) continue;
      run.withdrawing.delete(fileIndex);
      this.#context.send({ name: 'withdraw', number: run.number, fileIndex });
    }
  }

  #confirm(run: Run): void {
    for (let blocks = run.claims.takeConfirmed(); blocks !== undefined; blocks = run.claims.takeConfirmed()) {
      for (const block of blocks) run.have.add(block);
      this.#context.send({ name: 'confirm', number: run.number, blocks });
    }
  }

  #progressed(bytesDone: number): void {
    this.#bytesDone = Math.max(this.#bytesDone, bytesDone);
    this.#context.event({
      type: 'progress',
      transferId: this.transferId,
      bytesDone: this.#bytesDone,
      wireBytes: this.#wireBytes,
    });
  }

  #fail(error: TransferError): void {
    this.#enter({ name: isFinalFailure(error.code) ? 'failed' : 'halted' }, { error });
  }

  #enter(phase: Phase, details: { readonly error?: TransferError; readonly root?: string } = {}): void {
    const before = this.#run();
    this.#phase = phase;
    if (before !== undefined && before !== this.#run()) this.#context.refundCredit(before.paidBytes);
    this.#report(details);
    if (this.isOver) this.#forget();
  }

  /** What is over need not be known after a reload. */
  #forget(): void {
    this.#journal.remove();
    if (!this.#isDiscarded || this.#isGone || !this.#journal.isEmpty) return;
    this.#isGone = true;
    this.#context.event({ type: 'removed', transferId: this.transferId });
  }

  #report(details: { readonly error?: TransferError; readonly root?: string } = {}): void {
    const { state } = this;
    const pausedBy = state === 'paused' && details.error === undefined ? this.#pausing.pausedBy : undefined;
    const report = `${state} ${pausedBy}`;
    if (report === this.#reported) return;
    this.#reported = report;
    const paused = pausedBy === undefined ? {} : { pausedBy };
    this.#context.event({ type: 'state', transferId: this.transferId, state, ...paused, ...details });
  }

  #show(): void {
    const { transferId, state, needsFiles } = this;
    this.#reported = `${state} undefined`;
    this.#context.event({
      type: 'transfer',
      transferId,
      direction: 'sending',
      kind: this.#kind,
      state,
      needsFiles,
      files: this.#table.files,
      fileCount: this.#table.fileCount,
      totalBytes: this.#table.totalBytes,
      bytesDone: this.#bytesDone,
    });
  }

  #header(): JournalHeader {
    const { blockCount, totalBytes } = this.#table;
    return {
      transferId: this.transferId,
      direction: 'sending',
      kind: this.#kind,
      state: 'active',
      createdEpochMs: this.#createdEpochMs,
      fileCount: this.#table.fileCount,
      totalBytes,
      blockCount,
      storedBlocks: totalBytes === 0 ? 0 : Math.floor((blockCount * this.#bytesDone) / totalBytes),
      peerFingerprint: this.#context.peerFingerprint,
      manifestDigest: toHex(this.#digest),
      ...(this.#wasAccepted ? {} : { isForAnyPeer: true }),
      ...(this.#withdrawn.size === 0 ? {} : { withdrawn: [...this.#withdrawn] }),
    };
  }

  #manifestPages(): readonly JournalManifestPage[] {
    const { files, fileCount } = this.#table;
    const pages: JournalManifestPage[] = [];
    for (let firstFile = 0; firstFile < fileCount;) {
      const page = files.slice(firstFile, firstFile + FILES_PER_JOURNAL_PAGE);
      pages.push({ pageIndex: pages.length, firstFile, files: page });
      firstFile += page.length;
    }
    return pages;
  }
}

/** Our own pages, not those of the wire: no encoding is needed to cut them. */
const FILES_PER_JOURNAL_PAGE = 512;
