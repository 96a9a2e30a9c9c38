import type { Hello } from '../wire/frames/hello.ts';
import { CAPABILITY, MAX_FRAME_BYTES, MAX_VERSION, MIN_VERSION } from '../wire/limits.ts';
import { TransferError } from '../errors.ts';
import { GivenCredit, TakenCredit } from './link-credit.ts';
import type { LinkLanes } from './link-lanes.ts';
import type { Receiver } from './receiver.ts';
import type { Sender } from './sender.ts';

/** What belongs to one link, from its opening to its end. */
export type LinkState =
  | { readonly name: 'none' }
  /** Our HELLO was sent, theirs has not come. */
  | { readonly name: 'greeting'; readonly nonce: string; readonly deadlineMs: number }
  | ReadyLink;

export interface ReadyLink {
  readonly name: 'ready';
  readonly nonce: string;
  readonly peerNonce: string;
  /** Bits that both HELLOs have set. */
  readonly capabilities: number;
  /** Longest data frame that we send. */
  readonly frameBytes: number;
  /** Where both peers can do with several. */
  lanes: LinkLanes | undefined;
  /** In data frames so far. */
  sentFrameBytes: number;
  /** Since the lanes' last timeout a lane had room, and there was nothing to put on it. */
  isStarved: boolean;
  readonly given: GivenCredit;
  readonly taken: TakenCredit;
  /** By number; a transfer that has another number, or none, has ended on this link under that one. */
  readonly senders: Map<number, Sender>;
  readonly receivers: Map<number, Receiver>;
  /** Numbers only go up: one that is not above these was offered, and a late frame for it is no violation. */
  lastSenderNumber: number;
  lastReceiverNumber: number;
  /** RESUME tokens that came. */
  readonly wanted: Set<string>;
  /** How many, the same one again included. */
  resumeTokens: number;
}

const OUR_CAPABILITIES = CAPABILITY.healing | CAPABILITY.lanes;

export function ownHello(nonce: string): Hello {
  return {
    name: 'hello',
    minVersion: MIN_VERSION,
    maxVersion: MAX_VERSION,
    capabilities: OUR_CAPABILITIES,
    maxFrameBytes: MAX_FRAME_BYTES,
    nonce,
  };
}

/** Throws 'protocol-version', 'remote', when there is no version that both speak: the same on both sides. */
export function agree(nonce: string, hello: Hello, frameBytes: number, windowBytes: number): ReadyLink {
  if (hello.maxVersion < MIN_VERSION || hello.minVersion > MAX_VERSION) {
    const older = hello.maxVersion < MIN_VERSION ? 'the peer' : 'this side';
    throw new TransferError(
      'protocol-version',
      'remote',
      `peer speaks ${hello.minVersion}..${hello.maxVersion}, we ${MIN_VERSION}..${MAX_VERSION}: ${older} must update`,
    );
  }
  return {
    name: 'ready',
    nonce,
    peerNonce: hello.nonce,
    capabilities: hello.capabilities & OUR_CAPABILITIES,
    frameBytes: Math.min(frameBytes, hello.maxFrameBytes),
    lanes: undefined,
    sentFrameBytes: 0,
    isStarved: false,
    given: new GivenCredit(windowBytes),
    taken: new TakenCredit(),
    senders: new Map(),
    receivers: new Map(),
    lastSenderNumber: 0,
    lastReceiverNumber: 0,
    wanted: new Set(),
    resumeTokens: 0,
  };
}
