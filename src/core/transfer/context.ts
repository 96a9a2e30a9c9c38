import { TransferError } from '../errors.ts';
import type { ControlFrame } from '../wire/control-frame.ts';
import type { IoOutput, MachineEvent, Output } from './machine.ts';
import type { TransferOptions } from './options.ts';

/** What a sender or receiver has from the endpoint that it lives in. */
export interface TransferContext {
  readonly options: TransferOptions;
  readonly peerFingerprint: string;
  /** Counts links, so that what comes back late from an older one is told apart. */
  readonly linkEpoch: number;
  emit(output: IoOutput | Extract<Output, { type: 'release' }>): void;
  event(event: MachineEvent): void;
  /** Only while a number is held: then there is a link. */
  send(frame: ControlFrame): void;
  /** Both peers can do with several lanes: the chunks of a block come in any order. */
  readonly hasLanes: boolean;
  /** Credit that was used for payload which was lost with its lane, and will not be sent after all. */
  refundCredit(bytes: number): void;
  /** Gives received payload back to the sender as credit, unless its link is gone. */
  releaseCredit(bytes: number, linkEpoch: number): void;
}

/** A well-formed frame that is not allowed now. */
export function violation(message: string): TransferError {
  return new TransferError('protocol-violation', 'remote', message);
}

export function limitExceeded(message: string): TransferError {
  return new TransferError('limit-exceeded', 'remote', message);
}
