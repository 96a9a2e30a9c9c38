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
import type { TransferContext } from './context.ts';
import { violation } from './context.ts';
import { FileTable } from './file-table.ts';
import { HashPages } from './hash-pages.ts';
import type { TransferKind, TransferState } from './machine.ts';
import { manifestDigest, manifestPage } from './manifest-pages.ts';
import { TransferRoot } from './merkle.ts';
import { ReadAhead } from './read-ahead.ts';
import { isFinalFailure } from './failure.ts';

/** Frames that a receiver sends about a transfer of ours. */
export type SenderFrame = Frames[
  | 'manifestAck'
  | 'have'
  | 'accept'
  | 'decline'
  | 'cancel'
  | 'halt'
  | 'retry'
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
  readonly retries: Map<number, number>;
  root: Bytes | undefined;
  /** The receipt came before we knew the root ourselves. */
  receipt: Bytes | undefined;
}

type Phase =
  | { readonly name: 'queued' | 'interrupted' | 'verified' | 'declined' | 'cancelled' }
  /** `isFinal`: offering it again is of no use. */
  | { readonly name: 'failed'; readonly isFinal: boolean }
  | { readonly name: 'offered' | 'running'; readonly run: Run };

/**
 * One outgoing transfer. Outlives its links: hashes stay, so that after a cut only what the receiver misses is read
 * again. Frames that are illegal in the state throw 'protocol-violation', 'remote', which the endpoint catches.
 */
export class Sender {
  readonly transferId: string;
  readonly #kind: TransferKind;
  readonly #table = new FileTable();
  readonly #digest: Bytes;
  readonly #context: TransferContext;
  readonly #hashes = new HashPages();
  #phase: Phase = { name: 'queued' };
  #wasOffered = false;
  #wasAccepted = false;
  #nextSlabId = 0;
  #bytesDone = 0;
  #wireBytes = 0;

  constructor(transferId: string, kind: TransferKind, files: readonly ManifestEntry[], context: TransferContext) {
    this.transferId = transferId;
    this.#kind = kind;
    this.#context = context;
    for (const file of files) this.#table.add(file);
    this.#digest = manifestDigest(files);
    context.event({
      type: 'transfer',
      transferId,
      direction: 'sending',
      kind,
      state: 'queued',
      needsFiles: false,
      files,
      fileCount: files.length,
      totalBytes: this.#table.totalBytes,
      bytesDone: 0,
    });
  }

  get state(): TransferState {
    return this.#phase.name;
  }

  /** The transfer's number on this link, while it is offered or running. */
  get number(): number | undefined {
    return this.#run()?.number;
  }

  /** It may go to whoever is at the other end: nobody has accepted it yet. */
  get isForAnyPeer(): boolean {
    return !this.#wasAccepted && (this.state === 'queued' || this.state === 'interrupted');
  }

  /** It may be offered again to a receiver that knows it. */
  get canResume(): boolean {
    const { name } = this.#phase;
    return name === 'queued' || name === 'interrupted' || (name === 'failed' && !this.#phase.isFinal);
  }

  /** Tells a receiver, which knows the transfer, on a new link that it was cancelled here. */
  get isTombstone(): boolean {
    return this.state === 'cancelled';
  }

  offer(number: number): void {
    const run = this.#newRun(number);
    this.#sendOffer(number);
    this.#wasOffered = true;
    this.#enter({ name: 'offered', run });
    this.#sendManifest(run);
  }

  /** For a transfer that was cancelled while there was no link. */
  offerCancelled(number: number): void {
    this.#sendOffer(number);
    this.#context.send({ name: 'cancel', number, role: 'sender' });
  }

  linkLost(): void {
    // Halted before anybody accepted it: the receiver may have no trace of it left, and would not ask by RESUME.
    const isForgotten = this.#phase.name === 'failed' && !this.#phase.isFinal && !this.#wasAccepted;
    if (this.#run() !== undefined || isForgotten) this.#enter({ name: 'interrupted' });
  }

  /** @returns false where it had ended already */
  cancel(): boolean {
    if (this.state === 'verified' || this.state === 'declined' || this.state === 'cancelled') return false;
    const { number } = this;
    if (number !== undefined) this.#context.send({ name: 'cancel', number, role: 'sender' });
    this.#enter({ name: 'cancelled' });
    return true;
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

  hashed(slabId: number, block: number, hash: Bytes): void {
    const run = this.#run();
    if (run === undefined) return;
    const known = this.#hashes.get(block);
    if (known !== undefined && !equalBytes(known, hash)) {
      return this.fail(new TransferError('source-changed', 'host', `block ${block} was different the first time`));
    }
    this.#hashes.set(block, hash);
    run.readAhead.hashed(slabId, block, hash);
    this.#plan(run);
  }

  /** On our side: the file cannot be read, say. */
  fail(error: TransferError): void {
    const { number } = this;
    if (number === undefined) return;
    this.#context.send({ name: 'halt', number, role: 'sender', code: error.code });
    this.#fail(error);
  }

  /** Adds chunk records to a data frame. */
  fill(filler: ChunkFiller): number {
    if (this.#phase.name !== 'running') return 0;
    const { run } = this.#phase;
    if (run.readAhead.isWorthWaiting(this.#context.options.frameBytes)) return 0;
    let payloadBytes = 0;
    for (let head = run.readAhead.head(); head !== undefined; head = run.readAhead.head()) {
      const added = filler.add(run.number, head);
      payloadBytes += added.payloadBytes;
      if (added.result !== 'done') break;
      run.readAhead.takeHead();
    }
    this.#wireBytes += payloadBytes;
    this.#plan(run);
    return payloadBytes;
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
    const readAhead = new ReadAhead(
      this.transferId,
      this.#table,
      this.#context.options,
      this.#nextSlabId,
      (block) => (!have.has(block) ? 'send' : this.#hashes.known.has(block) ? 'skip' : 'hash'),
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
      retries: new Map(),
      root: undefined,
      receipt: undefined,
    };
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
    this.#wasAccepted = true;
    this.#enter({ name: 'running', run });
    this.#plan(run);
  }

  #retry(phase: Phase & { readonly run: Run }, block: number): void {
    const { run } = phase;
    if (phase.name !== 'running') throw violation('RETRY before ACCEPT');
    if (!this.#hashes.known.has(block) || run.have.has(block))
      throw violation(`RETRY of block ${block}, which was not sent`);
    const retries = (run.retries.get(block) ?? 0) + 1;
    if (retries >= MAX_BLOCK_ATTEMPTS) throw violation(`RETRY ${retries} of block ${block}`);
    run.retries.set(block, retries);
    run.readAhead.again(block);
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
    const endBlock = this.#table.firstBlock(run.filesKnown);
    run.readAhead.plan(endBlock);
    this.#nextSlabId = run.readAhead.nextSlabId;
    const isAllSent = run.filesKnown === this.#table.fileCount && run.readAhead.isDone(endBlock);
    if (!isAllSent || run.root !== undefined) return;
    run.root = this.#computeRoot();
    if (run.receipt === undefined) this.#context.send({ name: 'root', number: run.number, root: run.root });
    else this.#compareReceipt(run);
  }

  #computeRoot(): Bytes {
    const root = new TransferRoot();
    for (let fileIndex = 0; fileIndex < this.#table.fileCount; fileIndex++) {
      for (let block = this.#table.firstBlock(fileIndex); block < this.#table.firstBlock(fileIndex + 1); block++) {
        root.block(this.#hashes.get(block) ?? NO_HASH);
      }
      root.endFile(this.#table.sizeBytes(fileIndex));
    }
    return root.finish(this.#digest);
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
    this.#enter({ name: 'failed', isFinal: isFinalFailure(error.code) }, { error });
  }

  #enter(phase: Phase, details: { readonly error?: TransferError; readonly root?: string } = {}): void {
    const hasChanged = phase.name !== this.#phase.name;
    this.#phase = phase;
    if (hasChanged) this.#context.event({ type: 'state', transferId: this.transferId, state: phase.name, ...details });
  }
}

/** Stands where a hash is missing: the root is then wrong, and the receiver says so. All hashes are known by then. */
const NO_HASH: Bytes = new Uint8Array(32);
