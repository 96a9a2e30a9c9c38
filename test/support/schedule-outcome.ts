import type { TransferState } from '../../src/ports/transfer-engine.ts';
import type { MemorySource } from './memory-source.ts';
import type { PlannedTransfer } from './schedule.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import type { Side } from './simulated-link.ts';
import type { Simulation } from './simulation.ts';

/** A block that came back wrong from the disk so often that the receiver gave up. WIRE.md §5.9. */
const HOPELESS_READS = 3;

/** Nothing more is going to happen to the transfer. */
export function isOver(
  sender: SimulatedDevice,
  receiver: SimulatedDevice,
  id: string,
  cancelledBy: Side | undefined,
): boolean {
  const [from, to] = [stateOf(sender, id), stateOf(receiver, id)];
  if (from === 'verified' && to === 'verified') return true;
  if (from === 'declined' && (to === 'declined' || isHopeless(receiver, id))) return true;
  if (from === 'failed' && to === 'failed') return isHopeless(receiver, id);
  return cancelledBy !== undefined && isEnd(from) && (isEnd(to) || to === undefined);
}

/**
 * Throws where the transfer did not end as it had to.
 *
 * @param isForgetful the sender's journal has failed, and its page was reloaded
 * @returns how it ended, for the tally
 */
export function checkOutcome(
  simulation: Simulation,
  { id, from, isDeclined }: PlannedTransfer,
  files: readonly MemorySource[],
  cancelledBy: Side | undefined,
  isForgetful: boolean,
): string {
  const [sender, receiver] = from === 'a' ? [simulation.a, simulation.b] : [simulation.b, simulation.a];
  const [sent, received] = [stateOf(sender, id), stateOf(receiver, id)];
  const outcome = `${sent ?? 'gone'}/${received ?? 'gone'}`;
  if (sent === 'verified' && received === 'verified') {
    checkReceived(sender, receiver, id, files);
    return outcome;
  }
  if (isDeclined && DECLINED_OUTCOMES.slice(0, cancelledBy === undefined ? 1 : 4).includes(outcome)) return outcome;
  if (cancelledBy !== undefined) return checkCancelled(receiver, id, outcome);
  // The person is not told by DECLINE why, when the HALT itself was lost.
  const isGivenUp = (sent === 'failed' || sent === 'declined' || sent === undefined) && isHopeless(receiver, id);
  if (isGivenUp) return outcome;
  // A sender whose journal failed goes on without it, and knows of nothing after a reload.
  if (isForgetful && sent === undefined) return outcome;
  throw new Error(
    `transfer ${id} ended as ${outcome} (${sender.failures.get(id) ?? ''}/${receiver.failures.get(id) ?? ''})`,
  );
}

function checkReceived(
  sender: SimulatedDevice,
  receiver: SimulatedDevice,
  id: string,
  files: readonly MemorySource[],
): void {
  const root = sender.roots.get(id);
  if (root === undefined || root !== receiver.roots.get(id)) throw new Error(`transfer ${id}: the roots differ`);
  for (const [index, { bytes, isFolder }] of files.entries()) {
    const contents = receiver.receivedBytes(id, index, files);
    const isRight = isFolder === true || (contents !== undefined && Buffer.compare(contents, bytes) === 0);
    if (!isRight) throw new Error(`transfer ${id}: file ${index} is not what was sent`);
  }
}

/** Where a cancel has reached the receiver, nothing is left of what it had. */
function checkCancelled(receiver: SimulatedDevice, id: string, outcome: string): string {
  if (!CANCELLED_OUTCOMES.has(outcome)) throw new Error(`transfer ${id} was cancelled and ended as ${outcome}`);
  const hasFiles = receiver.store.has(id) || receiver.journal.has(id);
  const isKept = ['verified', 'interrupted', 'paused'].some((state) => outcome.endsWith(state));
  if (hasFiles !== isKept) throw new Error(`transfer ${id}, ${outcome}: files are ${hasFiles ? 'there' : 'gone'}`);
  return outcome;
}

/** The first without anybody's cancelling it. */
const DECLINED_OUTCOMES = ['declined/declined', 'cancelled/declined', 'declined/cancelled', 'gone/declined'];

const CANCELLED_OUTCOMES: ReadonlySet<string> = new Set([
  'cancelled/cancelled',
  // The receiver was ready before it heard of it.
  'cancelled/verified',
  'gone/verified',
  // The page that knew of it has gone.
  'cancelled/gone',
  'interrupted/gone',
  'gone/gone',
  'gone/cancelled',
  'gone/interrupted',
  // The receiver had left the link, for a bad disk, before it could hear of it.
  'gone/paused',
  // Its page died before the files were deleted.
  'interrupted/interrupted',
]);

function stateOf(device: SimulatedDevice, id: string): TransferState | undefined {
  return device.states.get(id) ?? device.outcomes.get(id);
}

function isEnd(state: TransferState | undefined): boolean {
  return state === 'verified' || state === 'declined' || state === 'cancelled';
}

function isHopeless(receiver: SimulatedDevice, id: string): boolean {
  return stateOf(receiver, id) === 'failed' && isWorn(receiver, id);
}

/** One of its blocks was read back wrong so often. */
function isWorn(receiver: SimulatedDevice, id: string): boolean {
  return [...receiver.disk.corruptionsEver].some(([key, count]) => key.startsWith(id) && count >= HOPELESS_READS);
}
