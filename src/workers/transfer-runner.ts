import type { Bytes } from '../core/bytes.ts';
import { equalBytes, toHex, unreachable } from '../core/bytes.ts';
import { TransferError } from '../core/errors.ts';
import { Endpoint } from '../core/transfer/endpoint.ts';
import type { Input, IoOutput, MachineEvent, Output } from '../core/transfer/machine.ts';
import { sanitisePath } from '../core/transfer/names.ts';
import type { TransferOptions } from '../core/transfer/options.ts';
import { DEFAULT_OPTIONS } from '../core/transfer/options.ts';
import type { ManifestEntry } from '../core/wire/frames/manifest.ts';
import { MAX_BLOCKS, MAX_FILES, MAX_PATH_BYTES } from '../core/wire/limits.ts';
import { blocksOf } from '../core/transfer/blocks.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hasher, Random } from '../ports/crypto.ts';
import type { SourceFile } from '../ports/file-source.ts';
import type { FolderStore } from '../ports/folder-store.ts';
import type { Journal, TransferHeader } from '../ports/journal.ts';
import type {
  EngineCommand,
  EngineEvent,
  EngineFailure,
  OutgoingFile,
  TransferState,
  TransferSummary,
} from '../ports/transfer-engine.ts';
import type { TransferLocks } from '../ports/transfer-locks.ts';
import type { TransferStorage } from './transfer/io-performer.ts';
import { asTransferError, IoPerformer } from './transfer/io-performer.ts';
import { HeldTransfers } from './transfer/held-transfers.ts';
import type { LinkEvents } from './transfer/link-channels.ts';
import { LinkPair } from './transfer/link-channels.ts';
import { ProgressThrottle } from './transfer/progress-throttle.ts';
import type { Restored } from './transfer/restore.ts';
import { listKnown, restoreTransfer, withinFiles } from './transfer/restore.ts';

export interface RunnerPorts {
  /** Called once. Where it rejects, nothing can be received; sending works. */
  readonly openStorage: () => Promise<TransferStorage>;
  readonly hasher: Hasher;
  readonly random: Random;
  readonly clock: Clock;
  readonly locks: TransferLocks;
  readonly openSource: (file: OutgoingFile) => SourceFile;
  readonly openFolder: (folder: FileSystemDirectoryHandle) => FolderStore;
}

/**
 * The first frame into an empty data channel is short enough for one packet. It is on its way before the long ones are
 * queued, which is what makes Firefox (153, dcsctp) report `bufferedAmount` while it falls: otherwise it stays as it was
 * until everything has been sent, the event of the low watermark comes at zero, and the network runs dry each time.
 */
const FIRST_FRAME_BYTES = 1100;

/**
 * Runs the transfer machine against the ports: feeds it messages, commands, answers and time, and does what comes out.
 * The only place of the engine where anything waits. The same in a worker and on the main thread.
 */
export class TransferRunner {
  readonly #ports: RunnerPorts;
  readonly #emit: (event: EngineEvent) => void;
  readonly #endpoint: Endpoint;
  readonly #storage: Promise<TransferStorage>;
  readonly #io: IoPerformer;
  readonly #progress: ProgressThrottle;
  readonly #held: HeldTransfers;
  readonly #links = new Map<number, LinkPair>();
  /** One for all data frames: `send` has copied it when it returns. */
  readonly #frame: Bytes;
  #current: LinkPair | undefined;
  /** Why the current link is being closed, for `linkClosed`. */
  #closeReason: TransferError | undefined;
  /** Files that were chosen again, while the machine matches them. */
  #given: readonly SourceFile[] = [];
  /** Transfers into a folder that the page may not use since it was reloaded: the machine does not know of them. */
  readonly #withoutFolder = new Map<string, Restored>();
  #isRestored = false;
  #isDraining = false;
  #timer: { readonly atMs: number; readonly stop: () => void } | undefined;

  constructor(ports: RunnerPorts, emit: (event: EngineEvent) => void, options: TransferOptions = DEFAULT_OPTIONS) {
    this.#ports = ports;
    this.#emit = emit;
    this.#endpoint = new Endpoint(options);
    this.#storage = ports.openStorage();
    this.#io = new IoPerformer(this.#storage, ports.hasher, (transferId) => this.#held.need(transferId));
    this.#progress = new ProgressThrottle(ports.clock, emit);
    this.#held = new HeldTransfers(ports.locks);
    this.#frame = new Uint8Array(options.frameBytes);
  }

  /** Lists what the journal knows. Links wait for it: an offer may be of something in there. Never rejects. */
  async start(): Promise<void> {
    try {
      const { store, journal, limits } = await this.#storage;
      this.#emit({ type: 'storage', kind: store.kind, isTemporary: false, roomBytes: undefined, ...limits });
      for (const header of await listKnown(store, journal)) await this.#restore(journal, header);
      this.#emit({ type: 'restored' });
    } catch (error) {
      this.#emit({ type: 'failed', failure: failureOf(asTransferError(error, 'restoring transfers')) });
    }
    this.#isRestored = true;
    this.#useNewestLink();
  }

  /** What another tab has is only listed, until that tab lets go of it. What is over needs no holder. */
  async #restore(journal: Journal, { transferId, state }: TransferHeader): Promise<void> {
    const isMine = state !== 'active' || (await this.#held.take(transferId));
    const restored = await restoreTransfer(journal, transferId);
    if (restored === undefined) return this.#held.release(transferId);
    if (isMine) return this.#admit(restored);
    this.#emit({ type: 'transfer', transfer: listed(restored, 'elsewhere') });
    this.#takeOver(journal, transferId).catch((error: unknown) => {
      this.#emit({ type: 'failed', failure: failureOf(asTransferError(error, 'taking a transfer over')) });
    });
  }

  async #takeOver(journal: Journal, transferId: string): Promise<void> {
    await this.#held.takeWhenFree(transferId);
    const restored = await restoreTransfer(journal, transferId);
    if (restored !== undefined) return this.#admit(restored);
    this.#held.release(transferId);
    this.#emit({ type: 'removed', transferId });
  }

  /** What goes into a folder waits until the person has let the page use it again. */
  #admit(restored: Restored): void {
    const { transferId, direction, state, folderName } = restored.header;
    if (direction !== 'receiving' || state !== 'active' || folderName === undefined) return this.#handle(restored);
    this.#withoutFolder.set(transferId, restored);
    this.#emit({ type: 'transfer', transfer: listed(restored, 'paused') });
    this.#refused(transferId, new TransferError('folder-refused', 'host', `${folderName}: not granted after a reload`));
  }

  #refused(transferId: string, error: TransferError): void {
    this.#emit({ type: 'state', transferId, state: 'paused', failure: failureOf(error) });
  }

  attach(linkId: number, control: Channel, data: Channel): void {
    const link = new LinkPair(linkId, control, data, this.#ports.clock, this.#linkEvents());
    this.#links.set(linkId, link);
    link.start();
  }

  /** The data channel of a further connection of a link. */
  attachLane(linkId: number, lane: number, channel: Channel): void {
    const link = this.#links.get(linkId);
    if (link === this.#current && link !== undefined) link.addLane(lane, channel);
    else channel.close();
  }

  post(command: EngineCommand): void {
    switch (command.type) {
      case 'send':
        return this.#send(command);
      case 'attachFiles':
        return this.#attach(command);
      case 'accept':
        return this.#accept(command);
      case 'cancel':
      case 'discard':
        return this.#giveUp(command);
      case 'decline':
      case 'pause':
      case 'resume':
      case 'markSaved':
        return this.#handle(command);
      case 'linkPeer':
        return this.#linkPeer(command.linkId, command.peerFingerprint);
      case 'pageFrame':
        if (command.linkId === this.#current?.linkId) this.#handle({ type: 'pageFrame', frame: command.frame });
        return;
      case 'laneFailed':
        if (command.linkId !== this.#current?.linkId) return;
        this.#current.closeLane(command.lane);
        return this.#handle({ type: 'laneClosed', lane: command.lane });
      case 'detach':
        return this.#detach(command);
    }
  }

  #send(command: Extract<EngineCommand, { type: 'send' }>): void {
    const { transferId } = command;
    const sources = command.files.map((file) => this.#ports.openSource(file));
    const files = sources.map(entryOf);
    const blockCount = files.reduce((sum, file) => sum + blocksOf(file.sizeBytes), 0);
    if (files.length === 0 || files.length > MAX_FILES || blockCount > MAX_BLOCKS) {
      const message = `${files.length} files, ${blockCount} blocks`;
      const failure = { code: 'limit-exceeded', origin: 'host', message } as const;
      this.#emit({ type: 'state', transferId, state: 'failed', failure });
      return;
    }
    this.#io.addSources(transferId, sources);
    this.#handle({ type: 'send', transferId, kind: command.kind, files, epochMs: this.#ports.clock.epochMs() });
  }

  #accept({ transferId, folder }: Extract<EngineCommand, { type: 'accept' }>): void {
    if (folder === undefined) {
      return this.#handle({ type: 'accept', transferId, epochMs: this.#ports.clock.epochMs() });
    }
    this.#acceptInto(transferId, this.#ports.openFolder(folder)).catch((error: unknown) => {
      this.#refused(transferId, asTransferError(error, 'accepting into a folder'));
    });
  }

  /** For the first time, or again with the same folder. */
  async #acceptInto(transferId: string, folder: FolderStore): Promise<void> {
    const { journal } = await this.#storage;
    const known = await restoreTransfer(journal, transferId);
    if (known === undefined) {
      await this.#io.useFolder(transferId, folder);
      this.#handle({ type: 'accept', transferId, epochMs: this.#ports.clock.epochMs(), folderName: folder.name });
    } else {
      await this.#regain(known, folder);
    }
    this.#handle({ type: 'resume', transferId });
  }

  async #regain(known: Restored, folder: FolderStore): Promise<void> {
    const { transferId, folderName } = known.header;
    const { existing, presentBytes } = await folder.recall(known.files);
    const left = withinFiles(known, presentBytes);
    const isWaiting = this.#withoutFolder.has(transferId);
    // The machine would go on believing in what it knows.
    if (folder.name !== folderName || (!isWaiting && hasLost(known, left))) {
      throw new TransferError('folder-refused', 'host', `${folder.name} is not the folder ${folderName} of before`);
    }
    await this.#io.useFolder(transferId, folder);
    if (this.#withoutFolder.delete(transferId)) this.#handle({ ...left, existing });
  }

  /** What waits for its folder can be ended without: what is in there stays. */
  #giveUp(command: Extract<EngineCommand, { type: 'cancel' | 'discard' }>): void {
    const waiting = this.#withoutFolder.get(command.transferId);
    this.#withoutFolder.delete(command.transferId);
    if (waiting !== undefined) this.#handle(waiting);
    this.#handle(command);
  }

  #attach({ transferId, files, withoutMissing }: Extract<EngineCommand, { type: 'attachFiles' }>): void {
    this.#given = files.map((file) => this.#ports.openSource(file));
    const given = this.#given.map(entryOf);
    this.#handle({ type: 'attach', transferId, files: given, withoutMissing: withoutMissing === true });
    this.#given = [];
  }

  #detach({ linkId, reason }: Extract<EngineCommand, { type: 'detach' }>): void {
    if (reason !== undefined && linkId === this.#current?.linkId) {
      this.#handle({ type: 'refuseLink', error: new TransferError(reason.code, reason.origin, reason.message) });
    }
    this.#links.get(linkId)?.close();
  }

  #linkPeer(linkId: number, peerFingerprint: string): void {
    const link = this.#links.get(linkId);
    if (link === undefined) return;
    link.peerFingerprint = peerFingerprint;
    if (link === this.#current) this.#handle({ type: 'peerKnown', peerFingerprint });
  }

  #linkEvents(): LinkEvents {
    return {
      opened: (link) => {
        // The newest is the one that opened last: a standby may have been attached long before.
        this.#links.delete(link.linkId);
        this.#links.set(link.linkId, link);
        this.#useNewestLink();
      },
      closed: (link) => this.#linkClosed(link),
      control: (link, bytes) => {
        if (link === this.#current) this.#handle({ type: 'controlFrame', bytes });
      },
      data: (link, lane, bytes) => {
        if (link === this.#current) this.#handle({ type: 'dataFrame', lane, bytes });
      },
      drained: (link) => {
        if (link === this.#current) this.#drain();
      },
      laneOpened: (link, lane) => {
        if (link === this.#current) this.#handle({ type: 'laneOpened', lane });
      },
      laneClosed: (link, lane) => {
        if (link === this.#current) this.#handle({ type: 'laneClosed', lane });
      },
    };
  }

  /** Makes the newest open link the current one, and closes older ones. */
  #useNewestLink(): void {
    if (!this.#isRestored) return;
    const open = [...this.#links.values()].filter((link) => link.isOpen);
    const newest = open.at(-1);
    if (newest === undefined || newest === this.#current) return;
    for (const older of open.slice(0, -1)) older.close();
    this.#current = newest;
    const nonce = toHex(this.#ports.random.bytes(16));
    this.#handle({ type: 'linkOpened', nonce, peerFingerprint: newest.peerFingerprint });
    newest.release();
  }

  #linkClosed(link: LinkPair): void {
    this.#links.delete(link.linkId);
    const reason = link === this.#current ? this.#closeReason : undefined;
    if (link === this.#current) {
      this.#current = undefined;
      this.#closeReason = undefined;
      this.#handle({ type: 'linkClosed' });
    }
    const failure = reason === undefined ? {} : { failure: failureOf(reason) };
    this.#emit({ type: 'linkClosed', linkId: link.linkId, ...failure });
  }

  #handle(input: Input): void {
    try {
      this.#endpoint.handle(input, this.#ports.clock.nowMs());
    } catch (error) {
      this.#emit({ type: 'failed', failure: failureOf(asTransferError(error, `input ${input.type}`)) });
    }
    this.#drain();
  }

  /** Does everything that the machine wants, and keeps the lanes filled. */
  #drain(): void {
    // Doing it may close a link, which comes back here: the outer call goes on with what that adds.
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      let isBusy = true;
      while (isBusy) {
        const hasPerformed = this.#performAll();
        isBusy = this.#fillLanes() || hasPerformed;
      }
    } finally {
      this.#isDraining = false;
    }
    this.#startTimer();
  }

  /** @returns true where there was anything to do */
  #performAll(): boolean {
    let hasPerformed = false;
    for (let output = this.#endpoint.poll(); output !== undefined; output = this.#endpoint.poll()) {
      hasPerformed = true;
      this.#perform(output);
    }
    return hasPerformed;
  }

  /** @returns true where a frame was sent: the machine may have new outputs */
  #fillLanes(): boolean {
    let hasFilled = false;
    for (let lanes = this.#current?.lanesWithRoom() ?? []; lanes.length > 0;) {
      let isSending = false;
      // One frame for each in turn: what is next to be sent does not all end up on one.
      for (const lane of lanes) if (this.#fillLane(lane)) isSending = true;
      if (!isSending) return hasFilled;
      hasFilled = true;
      lanes = this.#current?.lanesWithRoom() ?? [];
    }
    return hasFilled;
  }

  /** @returns false where there is nothing to put on it */
  #fillLane(lane: number): boolean {
    const link = this.#current;
    if (link === undefined) return false;
    const buffer = link.isDrained(lane) ? this.#frame.subarray(0, FIRST_FRAME_BYTES) : this.#frame;
    const length = this.#endpoint.fillDataFrame(buffer, lane, this.#ports.clock.nowMs());
    if (length === 0) return false;
    const frame = buffer.subarray(0, length);
    if (lane === 0) this.#trySend(link, () => link.sendData(lane, frame));
    else this.#trySendOn(link, lane, frame);
    return true;
  }

  /** A further lane that cannot be sent on is lost, and what was on it is sent again; the link goes on. */
  #trySendOn(link: LinkPair, lane: number, frame: Bytes): void {
    try {
      link.sendData(lane, frame);
    } catch {
      // Whatever the reason: `send` throws for nothing but a channel that is of no use any more.
      link.closeLane(lane);
      this.#handle({ type: 'laneClosed', lane });
    }
  }

  #perform(output: Output): void {
    switch (output.type) {
      case 'sendControl': {
        const link = this.#current;
        if (link !== undefined) this.#trySend(link, () => link.sendControl(output.bytes));
        return;
      }
      case 'closeLink':
        this.#closeReason = output.error;
        this.#current?.close();
        return;
      case 'event':
        return this.#machineEvent(output.event);
      case 'release':
        return this.#io.release(output.transferId, output.fileIndex, output.bytes);
      case 'read':
      case 'hash':
      case 'store':
      case 'probe':
      case 'create':
      case 'begin':
      case 'storeManifest':
      case 'checkpoint':
      case 'loadPage':
      case 'remove':
        return void this.#performIo(output);
      default:
        return unreachable(output);
    }
  }

  /** A link that cannot be sent on is lost. */
  #trySend(link: LinkPair, send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#closeReason ??= asTransferError(error, 'sending');
      link.close();
    }
  }

  async #performIo(output: IoOutput): Promise<void> {
    this.#handle(await this.#io.perform(output));
    if (output.type !== 'remove') return;
    this.#held.release(output.transferId);
    this.#io.dropFolder(output.transferId);
  }

  #machineEvent(event: MachineEvent): void {
    switch (event.type) {
      case 'pageFrame':
        if (this.#current !== undefined) this.#emit({ ...event, linkId: this.#current.linkId });
        return;
      case 'openLane':
        if (this.#current !== undefined) this.#emit({ ...event, linkId: this.#current.linkId });
        return;
      case 'closeLane':
        this.#current?.closeLane(event.lane);
        if (this.#current !== undefined) this.#emit({ ...event, linkId: this.#current.linkId });
        return;
      case 'linkReady':
        if (this.#current !== undefined) this.#emit({ ...event, type: 'linkOpen', linkId: this.#current.linkId });
        return;
      case 'linkSilent':
      case 'linkHeard':
        if (this.#current !== undefined) this.#emit({ ...event, linkId: this.#current.linkId });
        return;
      case 'transfer': {
        const { type: _, ...transfer } = event;
        const files = [...event.files];
        return this.#emit({ type: 'transfer', transfer: { ...transfer, files } });
      }
      case 'file':
        return this.#emit(event);
      case 'attached': {
        const { sources, ...attached } = event;
        const given = sources.map((index) => (index === undefined ? undefined : this.#given[index]));
        this.#io.addSources(event.transferId, given);
        return this.#emit(attached);
      }
      case 'progress':
        return this.#progress.progress(event);
      case 'state': {
        const { error, ...state } = event;
        this.#progress.flush(event.transferId);
        if (event.state === 'verified') this.#io.dropFolder(event.transferId);
        if (FINAL.has(event.state)) {
          this.#io.dropSources(event.transferId);
          this.#held.release(event.transferId);
        }
        return this.#emit(error === undefined ? state : { ...state, failure: failureOf(error) });
      }
      case 'removed':
        this.#progress.forget(event.transferId);
        this.#io.dropSources(event.transferId);
        return this.#emit(event);
    }
  }

  #startTimer(): void {
    const atMs = this.#endpoint.deadlineMs();
    if (atMs === this.#timer?.atMs) return;
    this.#timer?.stop();
    this.#timer = undefined;
    if (atMs === undefined) return;
    const delayMs = Math.max(0, atMs - this.#ports.clock.nowMs());
    const stop = this.#ports.clock.startTimer(delayMs, () => {
      this.#timer = undefined;
      this.#handle({ type: 'timeout', bufferedBytes: this.#current?.bufferedBytes ?? 0 });
    });
    this.#timer = { atMs, stop };
  }
}

const FINAL: ReadonlySet<TransferState> = new Set(['verified', 'cancelled', 'declined', 'failed']);

/** @returns whether `left` has fewer blocks */
function hasLost(known: Restored, left: Restored): boolean {
  return known.pages.some((page, index) => !equalBytes(page.blockMap, left.pages[index]?.blockMap ?? page.blockMap));
}

/** What the machine does not have. */
function listed({ header, files }: Restored, state: 'elsewhere' | 'paused'): TransferSummary {
  const { transferId, direction, kind, fileCount, totalBytes, blockCount, storedBlocks, folderName } = header;
  // As near as the header tells.
  const bytesDone = blockCount === 0 ? 0 : Math.floor((totalBytes * storedBlocks) / blockCount);
  const folder = folderName === undefined ? {} : { folderName };
  return { transferId, direction, kind, state, needsFiles: false, files, fileCount, totalBytes, bytesDone, ...folder };
}

function failureOf(error: TransferError): EngineFailure {
  return { code: error.code, origin: error.origin, message: error.message };
}

/** What the manifest says about a file of ours. */
function entryOf(source: SourceFile): ManifestEntry {
  const { sizeBytes } = source;
  // Longer than any path that a file picker gives: cut by the same rules as at the receiver.
  const isTooLong = source.path.length * 3 > MAX_PATH_BYTES || source.path === '';
  const path = isTooLong ? sanitisePath(source.path) : source.path;
  // Before 1970, or nonsense: some file systems have it.
  const lastModifiedEpochMs = Math.min(Math.max(0, Math.floor(source.lastModifiedEpochMs)), Number.MAX_SAFE_INTEGER);
  return { path, sizeBytes, lastModifiedEpochMs, ...(source.isFolder === true ? { isFolder: true } : {}) };
}
