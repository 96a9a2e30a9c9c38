import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import { TransferError } from '../../src/core/errors.ts';
import { hasBit } from '../../src/core/transfer/block-map.ts';
import { DEFAULT_OPTIONS } from '../../src/core/transfer/options.ts';
import { decodeControlFrame } from '../../src/core/wire/control-frame.ts';
import { readChunkRecords } from '../../src/core/wire/frames/chunk.ts';
import { MemorySource } from './memory-source.ts';
import { fastHasher } from './node-hasher.ts';
import type { PlannedAct, PlannedLink, PlannedTransfer, Schedule } from './schedule.ts';
import { checkOutcome, isOver } from './schedule-outcome.ts';
import { SeededRandom } from './seeded-random.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import { blockContents, blockPlaces } from './simulated-device.ts';
import type { PayloadMeter, Side, SimulatedLink } from './simulated-link.ts';
import { settle, Simulation } from './simulation.ts';

/** Links on which nothing goes wrong, in the end. One is enough, unless what came before has used it up. */
const CALM_LINKS = 3;
const CALM: PlannedLink = { acts: [], cutAfter: undefined, reloads: [] };
const MAX_STEPS = 5000;
/** So often in a row nothing moved, and 100 ms passed each time. */
const IDLE_STEPS = 12;
/** With lanes it takes longer until one counts as stuck. */
const IDLE_STEPS_WITH_LANES = 70;
/** Times on one link that what is stuck is mended by the people at both ends. */
const MENDINGS = 3;
/** What may come of frames that an honest peer never sends. */
const WRONG_INPUT_CODES: readonly ErrorCode[] = ['malformed-frame', 'protocol-violation', 'limit-exceeded'];

/** What a schedule came to, for tests of what all of them together covered. */
export interface RunTally {
  readonly frames: ReadonlyMap<string, number>;
  readonly acts: readonly string[];
  readonly links: number;
  readonly reloads: number;
  readonly outcomes: readonly string[];
  readonly linkFailures: readonly string[];
  /** Payload that was lost with lanes, on links that went on. */
  readonly lostBytes: number;
}

/**
 * Runs a schedule, and throws where a promise is broken:
 *
 * - the bytes are equal in the end, or the transfer ended as the schedule says (declined, cancelled, a bad disk);
 * - what a checkpoint vouches for is on the disk, byte for byte, after any crash;
 * - each block is written once per checkpointed life, and what is there does not travel again;
 * - credit is never exceeded, and a receiver holds no more than its window;
 * - progress never goes back, and what is verified stays so;
 * - a wrong frame ends its link, with the right error at the end that got it, and nothing else ends a link with an error.
 */
export async function runSchedule(schedule: Schedule): Promise<RunTally> {
  return new ScheduleRun(schedule).run();
}

class ScheduleRun {
  readonly #schedule: Schedule;
  readonly #simulation: Simulation;
  readonly #sources: ReadonlyMap<string, readonly MemorySource[]>;
  /** Of each transfer's blocks, in the order of their numbers. */
  readonly #places: ReadonlyMap<string, readonly string[]>;
  readonly #windowBytes: number;
  readonly #idleSteps: number;
  readonly #sent = new Set<string>();
  /** Who cancelled what. */
  readonly #cancelled = new Map<string, Side>();
  /** Whose journal has failed, and who was reloaded then. */
  readonly #failedJournals = new Set<Side>();
  readonly #forgetful = new Set<Side>();
  readonly #acts: string[] = [];
  readonly #frames = new Map<string, number>();
  #reloads = 0;
  /** Codes that links may end with, on the link of now. */
  #allowedFailures: ReadonlySet<string> = new Set();
  /** A frame was forged on the link of now that has to end it. */
  #mustFail = false;
  #isDisturbed = false;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#simulation = new Simulation(schedule.seed ^ 0x5eed, schedule.options, fastHasher);
    this.#idleSteps = (schedule.options.firstLanes ?? 1) > 1 ? IDLE_STEPS_WITH_LANES : IDLE_STEPS;
    this.#windowBytes = schedule.options.windowBytes ?? DEFAULT_OPTIONS.windowBytes;
    this.#sources = new Map(schedule.transfers.map((transfer, index) => [transfer.id, sourcesOf(transfer, index)]));
    this.#places = new Map([...this.#sources].map(([id, files]) => [id, blockPlaces(files)]));
    for (const device of [this.#simulation.a, this.#simulation.b]) device.choosesAgain = true;
    for (const { id, from, isDeclined } of schedule.transfers) {
      if (isDeclined) this.#device(other(from)).declines.add(id);
    }
  }

  async run(): Promise<RunTally> {
    const { links, transfers } = this.#schedule;
    for (let index = 0; index < links.length + CALM_LINKS && !this.#isOver(); index++) {
      const plan = links[index] ?? CALM;
      if (plan === CALM) this.#endFaults();
      for (const transfer of transfers) if (transfer.link === index) this.#send(transfer);
      await this.#runLink(plan);
    }
    await this.#comeToRest();
    const outcomes = transfers.map((transfer) =>
      checkOutcome(
        this.#simulation,
        transfer,
        this.#sources.get(transfer.id) ?? [],
        this.#cancelled.get(transfer.id),
        this.#forgetful.has(transfer.from),
      ),
    );
    const { a, b, links: used } = this.#simulation;
    const linkFailures = [...a.linkFailures, ...b.linkFailures];
    return {
      frames: this.#frames,
      acts: this.#acts,
      links: used.length,
      reloads: this.#reloads,
      outcomes,
      linkFailures,
      lostBytes: used.reduce((sum, { meters }) => sum + meters.ab.lostBytes + meters.ba.lostBytes, 0),
    };
  }

  /** What is still being written, or deleted, comes to its end. */
  async #comeToRest(): Promise<void> {
    this.#endFaults();
    for (let i = 0; i < 3; i++) {
      await settle();
      this.#simulation.clock.pass(1000);
    }
    await settle();
    this.#simulation.check();
  }

  async #runLink(plan: PlannedLink): Promise<void> {
    const link = await this.#simulation.connect();
    const start = this.#startOfLink();
    const acts = [...plan.acts];
    const isCut = () => link.deliveries >= (plan.cutAfter ?? Number.POSITIVE_INFINITY);
    const isEnded = () => {
      while (acts[0] !== undefined && acts[0].frame <= link.deliveries) this.#perform(acts.shift(), link);
      this.#checkMemory(link, start);
      return this.#isOver() || isCut() || (!link.isOpen && link.isIdle);
    };
    const { vainResumes = 0 } = this.#schedule;
    for (let mendings = -vainResumes; mendings <= MENDINGS; mendings++) {
      await this.#simulation.run(isEnded, MAX_STEPS, this.#idleSteps);
      this.#simulation.check();
      if (this.#isOver() || isCut() || !link.isOpen) break;
      if (this.#mustFail) throw new Error('a frame that is never legal was swallowed');
      if (mendings < 0) this.#resumeAll();
      else this.#mend();
    }
    await this.#endLink(plan, link);
    this.#checkLinkFailures(start);
    this.#checkTravelled(link, start);
    this.#checkWrites();
    for (const [name, count] of link.seen) this.#frames.set(name, (this.#frames.get(name) ?? 0) + count);
  }

  #startOfLink() {
    this.#allowedFailures = new Set(['link-lost']);
    this.#mustFail = false;
    this.#isDisturbed = false;
    const { a, b } = this.#simulation;
    return { a: countsOf(a), b: countsOf(b) };
  }

  /** The link is cut, pages die; what was under way at the others comes to its end. */
  async #endLink(plan: PlannedLink, link: SimulatedLink): Promise<void> {
    if (this.#isOver()) return;
    const dying = plan.reloads;
    for (const side of dying) this.#device(side).reload(plan.keepsWrites);
    link.cut();
    await settle();
    for (const side of dying) await this.#believeOnlyCheckpoints(this.#device(side));
    for (const side of dying) if (this.#failedJournals.has(side)) this.#forgetful.add(side);
    this.#reloads += dying.length;
  }

  /** After a crash: what the journal vouches for has to be on the disk; all else is gone. */
  async #believeOnlyCheckpoints(device: SimulatedDevice): Promise<void> {
    const { disk } = device;
    disk.forgetCounts();
    for (const { transferId, direction } of await device.journal.listTransfers()) {
      const files = this.#sources.get(transferId);
      if (direction !== 'receiving' || files === undefined) continue;
      const page = await device.journal.getBlockPage(transferId, 0);
      for (const [block, place] of (this.#places.get(transferId) ?? []).entries()) {
        if (page === undefined || !hasBit(page.blockMap, block)) continue;
        this.#checkOnDisk(device, transferId, place, blockContents(files)[block] ?? new Uint8Array(0));
        disk.believe(`${transferId}/${place}`);
      }
    }
  }

  #checkOnDisk(device: SimulatedDevice, id: string, place: string, wanted: Uint8Array): void {
    const [storedIndex = 0, offset = 0] = place.split('/').map(Number);
    const stored = device.store.contents(id, storedIndex) ?? new Uint8Array(0);
    const onDisk = stored.subarray(offset, offset + wanted.length);
    if (Buffer.compare(onDisk, wanted) !== 0) throw new Error(`${id}: block ${place} is in a checkpoint, not on disk`);
  }

  #send(transfer: PlannedTransfer): void {
    this.#sent.add(transfer.id);
    this.#device(transfer.from).send(transfer.id, this.#sources.get(transfer.id) ?? [], transfer.kind);
  }

  #perform(planned: PlannedAct | undefined, link: SimulatedLink): void {
    if (planned === undefined) return;
    const { side, act } = planned;
    const device = this.#device(side);
    this.#acts.push('mischief' in act ? act.mischief : act.type);
    switch (act.type) {
      case 'stall':
        device.faults.isStalled = true;
        return;
      case 'unstall':
        return device.unstall();
      case 'slowDisk':
        device.faults.writeMs = act.writeMs;
        return;
      case 'failDisk':
        return device.store.failNext(act.operation);
      case 'failJournal':
        this.#failedJournals.add(side);
        return device.journal.failNext();
      case 'corruptReads':
        device.faults.corruptReads += act.count;
        return;
      case 'fillDisk':
        device.store.quotaBytes = device.store.usedBytes + act.roomBytes;
        return;
      case 'pause':
      case 'resume':
      case 'cancel':
        return this.#command(side, act.type, act.transfer);
      case 'forge':
        return this.#forge(link, side, act.lane, Buffer.from(act.hex, 'hex'));
      case 'cutLane': {
        const open = [...link.lanes].filter(([, lane]) => lane[side].state === 'open');
        const [number] = open[act.lane % Math.max(1, open.length)] ?? [];
        if (number !== undefined) link.cutLane(number, act.seenBy);
        return;
      }
      case 'disturb':
        this.#isDisturbed = true;
        this.#allow(WRONG_INPUT_CODES);
        return link[side][act.lane].disturb(act.mischief);
    }
  }

  #command(side: Side, type: 'pause' | 'resume' | 'cancel', index: number): void {
    const transferId = this.#schedule.transfers[index]?.id ?? '';
    const device = this.#device(side);
    const state = device.states.get(transferId);
    if (state === undefined || state === 'verified' || state === 'declined' || state === 'cancelled') return;
    if (type === 'cancel') this.#cancelled.set(transferId, side);
    device.post({ type, transferId });
  }

  #forge(link: SimulatedLink, side: Side, lane: 'control' | 'data', frame: Uint8Array): void {
    if (!link.isOpen) return;
    const bytes = new Uint8Array(frame);
    const code = codeOf(lane, bytes);
    // What it would be if it were legal is not for a simulation of honest peers.
    if (code === undefined && (lane === 'data' || (bytes[0] ?? 0) < 0x80)) return;
    link[side][lane].forge(bytes);
    this.#isDisturbed = true;
    // Before HELLO any frame is out of turn.
    this.#allow(code === undefined ? [] : [code, 'protocol-violation']);
    this.#mustFail ||= code !== undefined;
  }

  #allow(codes: readonly string[]): void {
    this.#allowedFailures = new Set([...this.#allowedFailures, ...codes]);
  }

  /** Nothing moves any more: people make room, and go on with what is paused. */
  #mend(): void {
    for (const device of [this.#simulation.a, this.#simulation.b]) {
      device.unstall();
      device.store.quotaBytes = Number.POSITIVE_INFINITY;
    }
    this.#resumeAll();
  }

  #resumeAll(): void {
    for (const device of [this.#simulation.a, this.#simulation.b]) {
      for (const [transferId, state] of device.states) {
        if (state !== 'paused') continue;
        this.#acts.push(device.store.quotaBytes === Number.POSITIVE_INFINITY ? 'resume' : 'resumeWhileFull');
        device.post({ type: 'resume', transferId });
      }
    }
  }

  #endFaults(): void {
    for (const device of [this.#simulation.a, this.#simulation.b]) {
      device.unstall();
      device.store.quotaBytes = Number.POSITIVE_INFINITY;
      device.store.clearFaults();
      device.journal.clearFaults();
      device.faults.corruptReads = 0;
    }
  }

  #isOver(): boolean {
    return this.#schedule.transfers.every(
      ({ id, from }) =>
        this.#sent.has(id) && isOver(this.#device(from), this.#device(other(from)), id, this.#cancelled.get(id)),
    );
  }

  /** Payload that was delivered and is not on disk is never more than the window; nor is credit beyond it. */
  #checkMemory(link: SimulatedLink, start: LinkStart): void {
    const check = (meter: PayloadMeter, side: Side): void => {
      const { storedBytes, drops } = this.#device(side);
      const heldBytes = meter.deliveredBytes - (storedBytes - start[side].storedBytes);
      const hasDropped = drops > start[side].drops || this.#isDisturbed;
      if (!hasDropped && heldBytes > this.#windowBytes) throw new Error(`${side} holds ${heldBytes} bytes`);
      const openBytes = meter.givenBytes - meter.deliveredBytes;
      // A frame that came twice is credited twice.
      if (openBytes > this.#windowBytes && !this.#isDisturbed)
        throw new Error(`${side} has given credit for ${openBytes} more bytes`);
    };
    check(link.meters.ab, 'b');
    check(link.meters.ba, 'a');
  }

  #checkLinkFailures(start: LinkStart): void {
    for (const side of ['a', 'b'] as const) {
      for (const code of this.#device(side).linkFailures.slice(start[side].linkFailures)) {
        if (!this.#allowedFailures.has(code)) throw new Error(`the link failed at ${side}: ${code}`);
      }
    }
  }

  /** What was on disk and verified before the link opened does not travel on it; unless HAVE came too late. */
  #checkTravelled(link: SimulatedLink, start: LinkStart): void {
    if (this.#isDisturbed) return;
    const check = (meter: PayloadMeter, side: Side): void => {
      for (const key of meter.blocksById) {
        const [id = '', block = ''] = key.split('/');
        const place = `${id}/${this.#places.get(id)?.[Number(block)] ?? ''}`;
        if (start[side].believed.has(place)) throw new Error(`block ${place} travelled though it was there`);
      }
    };
    check(link.meters.ab, 'b');
    check(link.meters.ba, 'a');
  }

  /** Each block is written once, and once more for each time that it could not be read back. */
  #checkWrites(): void {
    for (const { disk } of [this.#simulation.a, this.#simulation.b]) {
      for (const [key, count] of disk.writes) {
        const allowed = 1 + (disk.corruptions.get(key) ?? 0);
        if (count > allowed) throw new Error(`block ${key} was written ${count} times, ${allowed} would do`);
      }
    }
  }

  #device(side: Side): SimulatedDevice {
    return this.#simulation[side];
  }
}

interface Counts {
  readonly believed: ReadonlySet<string>;
  readonly storedBytes: number;
  readonly drops: number;
  readonly linkFailures: number;
}

type LinkStart = Readonly<Record<Side, Counts>>;

function countsOf({ disk, storedBytes, drops, linkFailures }: SimulatedDevice): Counts {
  return { believed: new Set(disk.good), storedBytes, drops, linkFailures: linkFailures.length };
}

function other(side: Side): Side {
  return side === 'a' ? 'b' : 'a';
}

/** What the end that gets this frame has to say; undefined where it may be legal. */
function codeOf(lane: 'control' | 'data', bytes: Uint8Array<ArrayBuffer>): ErrorCode | undefined {
  try {
    if (lane === 'control') decodeControlFrame(bytes);
    else readChunkRecords(bytes, () => {});
    return undefined;
  } catch (error) {
    if (error instanceof TransferError) return error.code;
    throw error;
  }
}

/** What files are cut from: cheaper than new noise for each. */
const NOISE = new SeededRandom(1).bytes(3 * BLOCK_BYTES + 4096);

function sourcesOf(transfer: PlannedTransfer, index: number): readonly MemorySource[] {
  return transfer.files.map(({ path, sizeBytes, isFolder }, i) => {
    const at = ((index * 31 + i) * 97) % 4096;
    return new MemorySource(path, NOISE.subarray(at, at + sizeBytes), isFolder === true ? 'folder' : 'file');
  });
}
