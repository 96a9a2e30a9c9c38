import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import type { TransferOptions } from '../../src/core/transfer/options.ts';
import type { TransferKind } from '../../src/ports/transfer-engine.ts';
import type { Mischief } from './simulated-channel.ts';
import type { Side } from './simulated-link.ts';
import { SeededRandom } from './seeded-random.ts';

/*
 * Everything that is going to happen in one simulation, drawn from its seed before it begins, so that a failing one can
 * be printed whole. The order in which messages arrive, and when disks and time get their turn, is drawn as it goes, from
 * the same seed.
 */

export interface Schedule {
  readonly seed: number;
  readonly options: Partial<TransferOptions>;
  readonly transfers: readonly PlannedTransfer[];
  /** One for each link. After the last come links on which nothing goes wrong, until everything is over. */
  readonly links: readonly PlannedLink[];
  /** So often people go on with what is paused, on each link, before they make room or mend anything; none: at once. */
  readonly vainResumes?: number;
}

export interface PlannedTransfer {
  readonly id: string;
  readonly from: Side;
  readonly kind: TransferKind;
  readonly files: readonly PlannedFile[];
  readonly isDeclined: boolean;
  /** Sent before this link opens (by index into `links`). */
  readonly link: number;
}

export interface PlannedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isFolder?: true;
}

export interface PlannedLink {
  /** In the order of `frame`. */
  readonly acts: readonly PlannedAct[];
  /** The link is cut when so many frames were delivered on it; undefined: when nothing moves any more. */
  readonly cutAfter: number | undefined;
  /** Whose pages die as the link is cut. What was under way is then lost; otherwise it still comes to its end. */
  readonly reloads: readonly Side[];
  /** Only the browsers died, and not the power: what was written to files is there, flushed or not. */
  readonly keepsWrites?: boolean;
}

export interface PlannedAct {
  /** When so many frames were delivered on the link. */
  readonly frame: number;
  readonly side: Side;
  readonly act: Act;
}

export type Act =
  /** The disk of `side`. */
  | { readonly type: 'stall' | 'unstall' }
  | { readonly type: 'slowDisk'; readonly writeMs: number }
  /** The next such operation fails, once. */
  | { readonly type: 'failDisk'; readonly operation: 'open' | 'write' | 'read' | 'flush' }
  | { readonly type: 'failJournal' }
  | { readonly type: 'corruptReads'; readonly count: number }
  /** Room for so much more, in bytes; until it is mended, when nothing moves any more. */
  | { readonly type: 'fillDisk'; readonly roomBytes: number }
  /** The person at `side`, about the transfer with that index. */
  | { readonly type: 'pause' | 'resume' | 'cancel'; readonly transfer: number }
  /** Something that no honest peer sends, from `side` to the other. */
  | { readonly type: 'forge'; readonly lane: 'control' | 'data'; readonly hex: string }
  /** A lane other than the first is lost, one of those that are there. `seenBy`: who notices at once. */
  | { readonly type: 'cutLane'; readonly lane: number; readonly seenBy: readonly Side[] }
  | { readonly type: 'disturb'; readonly lane: 'control' | 'data'; readonly mischief: Mischief };

/** Characters of a transfer that are printed. */
const MAX_SHOWN = 4000;

export function drawSchedule(seed: number): Schedule {
  const random = new SeededRandom(seed);
  const linkCount = random.between(1, 5);
  const transfers = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, (_, index) =>
    drawTransfer(random, index, linkCount),
  );
  const links = Array.from({ length: linkCount }, () => drawLink(random, transfers.length));
  return { seed, options: drawOptions(random), transfers, links, vainResumes: random.pick([0, 0, 1, 2, 5]) };
}

/** The same with several lanes, some of which are lost. */
export function drawLanesSchedule(seed: number): Schedule {
  const schedule = drawSchedule(seed);
  const random = new SeededRandom(seed ^ 0x1a4e);
  const links = schedule.links.map((link): PlannedLink => {
    const cuts = Array.from({ length: random.pick([0, 1, 2, 4]) }, (): PlannedAct => {
      const seenBy = random.pick([[], ['a'], ['b'], ['a', 'b']] as const);
      const act = { type: 'cutLane', lane: random.between(0, 4), seenBy } as const;
      return { frame: drawFrame(random), side: random.pick(['a', 'b'] as const), act };
    });
    return { ...link, acts: [...link.acts, ...cuts].toSorted((x, y) => x.frame - y.frame) };
  });
  const lanes = { firstLanes: random.between(2, 5), stripeBytes: random.pick([16, 32, 64]) * 1024 };
  // Short ones are over before there are lanes.
  const long = Array.from({ length: 3 }, (_, i): PlannedFile => ({
    path: `long ${i}`,
    sizeBytes: 3 * BLOCK_BYTES - i,
  }));
  const transfers = schedule.transfers.map((transfer) =>
    transfer.kind === 'files' && random.chance(0.7)
      ? { ...transfer, files: [...transfer.files, ...long.slice(0, random.between(1, 3))] }
      : transfer,
  );
  return { ...schedule, options: { ...schedule.options, ...lanes }, transfers, links };
}

/** A schedule as text: one line for each transfer and link. */
export function describeSchedule({ seed, options, transfers, links, vainResumes = 0 }: Schedule): string {
  return [
    `seed ${seed} ${JSON.stringify(options)} vainResumes ${vainResumes}`,
    ...transfers.map((transfer) => `  transfer ${JSON.stringify(transfer).slice(0, MAX_SHOWN)}`),
    ...links.map((link, index) => `  link ${index} ${JSON.stringify(link)}`),
  ].join('\n');
}

function drawOptions(random: SeededRandom): Partial<TransferOptions> {
  const sendersAtOnce = random.pick([1, 2, 3]);
  return {
    sendersAtOnce,
    // A block is credited when it is whole: with less room than blocks begun at once nothing would ever move.
    windowBytes: (sendersAtOnce + random.between(1, 2)) * BLOCK_BYTES,
    checkpointBytes: random.pick([1, BLOCK_BYTES, 2 * BLOCK_BYTES]),
    frameBytes: random.pick([16, 64, 64, 256]) * 1024,
    storesAtOnce: random.pick([1, 3, 16]),
    readsAtOnce: random.pick([1, 4, 32]),
  };
}

const PATHS = ['a', 'b/x', 'b', '../x', 'con', 'A', 'b/c/d'];

function drawTransfer(random: SeededRandom, index: number, linkCount: number): PlannedTransfer {
  const kind = random.chance(0.1) ? 'text' : 'files';
  return {
    id: `${index}${(random.between(1, 0xfff) | 0x1000).toString(16)}`.padEnd(32, '5eed'),
    from: random.chance(index === 0 ? 0.8 : 0.4) ? 'a' : 'b',
    kind,
    files: kind === 'text' ? [{ path: 'text', sizeBytes: random.between(0, 5000) }] : drawFiles(random),
    isDeclined: random.chance(0.03),
    link: random.chance(0.7) ? 0 : random.between(0, linkCount - 1),
  };
}

const LONG_FOLDERS = `${'folder '.repeat(30)}/`.repeat(18);

function drawFiles(random: SeededRandom): readonly PlannedFile[] {
  if (random.chance(0.06)) {
    return Array.from({ length: random.between(100, 300) }, (_, i) => ({
      path: `${random.pick(PATHS)}${i % 7 === 0 ? '' : i}`,
      sizeBytes: random.between(0, 500),
    }));
  }
  if (random.chance(0.003)) {
    // More pages of the manifest than may wait for their acknowledgement.
    return Array.from({ length: random.between(270, 400) }, (_, i) => ({ path: `${LONG_FOLDERS}${i}`, sizeBytes: i }));
  }
  const hasBlocks = random.chance(0.35);
  const sizes = hasBlocks
    ? [0, random.between(2, 90_000), BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1]
    : [0, 1, random.between(2, 5000), random.between(2, 90_000)];
  return Array.from({ length: random.between(1, 4) }, (_, i): PlannedFile => {
    const path = random.pick(PATHS);
    if (random.chance(0.08)) return { path, sizeBytes: 0, isFolder: true };
    const isLong = i === 0 && hasBlocks && random.chance(0.25);
    return { path, sizeBytes: isLong ? 3 * BLOCK_BYTES : random.pick(sizes) };
  });
}

function drawLink(random: SeededRandom, transferCount: number): PlannedLink {
  const acts = Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => drawAct(random, transferCount));
  return {
    acts: acts.toSorted((x, y) => x.frame - y.frame),
    cutAfter: random.chance(0.2) ? undefined : drawFrame(random),
    reloads: (['a', 'b'] as const).filter(() => random.chance(0.3)),
    keepsWrites: random.chance(0.5),
  };
}

/** Most links see some dozen frames. */
function drawFrame(random: SeededRandom): number {
  return random.chance(0.7) ? random.between(0, 30) : random.between(20, 120);
}

function drawAct(random: SeededRandom, transferCount: number): PlannedAct {
  const transfer = random.between(0, transferCount - 1);
  const lane = random.pick(['control', 'data'] as const);
  const acts: readonly (() => Act)[] = [
    () => ({ type: 'stall' }),
    () => ({ type: 'slowDisk', writeMs: random.between(20, 900) }),
    () => ({ type: 'failDisk', operation: random.pick(['open', 'write', 'read', 'flush'] as const) }),
    () => ({ type: 'failJournal' }),
    () => ({ type: 'corruptReads', count: random.between(1, 3) }),
    () => ({ type: 'fillDisk', roomBytes: random.pick([0, random.between(0, 3 * BLOCK_BYTES)]) }),
    () => ({ type: 'pause', transfer }),
    () => ({ type: 'resume', transfer }),
    () => (random.chance(0.3) ? { type: 'cancel', transfer } : { type: 'unstall' }),
    () => ({ type: 'forge', lane, hex: drawGarbage(random) }),
    () => ({ type: 'disturb', lane, mischief: random.pick(['duplicate', 'swap'] as const) }),
    () => ({ type: 'disturb', lane: 'control', mischief: 'truncate' }),
  ];
  return { frame: drawFrame(random), side: random.pick(['a', 'b'] as const), act: random.pick(acts)() };
}

/** Bytes that are no frame of this version, with any first byte. */
function drawGarbage(random: SeededRandom): string {
  return Buffer.from(random.bytes(random.between(0, 40))).toString('hex');
}
