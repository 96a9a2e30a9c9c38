import { equalBytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import type { Candidate } from '../sdp/candidate.ts';
import { isMdnsName } from '../sdp/address.ts';
import type { Description } from '../sdp/description.ts';
import { ticketId, type Ticket } from '../ticket/ticket.ts';
import { dtlsRole, looksLikeFirefox } from './role.ts';

/*
 * Order-free pairing (PAIRING.md is normative).
 *
 * Each device makes one description of itself, shows it, and applies the other's as a synthesised answer as soon as
 * it has read it. Nothing here depends on who reads first: the DTLS role is a function of the two descriptions.
 * What does depend on time is when the active side may start its handshake: see `ApplyAs`.
 *
 * One machine lives for the whole pairing screen. A connection that was given up (fresh codes, or the person read a
 * code of another device) is replaced by the next generation; inputs of older generations are ignored.
 */

/** Both were read this long ago and nothing opened: say what may be in the way. DESIGN: about 4 s. */
export const SLOW_AFTER_MS = 4_000;
/** How often a waiting connection is given candidates (PAIRING.md §3.1): names again, and to Firefox a dummy. */
export const NUDGE_EVERY_MS = 2_000;
/** Every second nudge: Firefox gives up 5 to 11 s after the last new candidate (Firefox ESR 153, 2026-11). */
const NUDGES_PER_DUMMY = 2;

/** How to apply the peer's description. */
export type ApplyAs =
  /** DTLS server: may wait without limit. */
  | 'passive'
  /** DTLS client, at once. */
  | 'active'
  /**
   * DTLS client, but only once the peer is known to have applied mine: ICE starts now (and opens firewalls), the
   * ClientHello waits for `peerSeen`.
   */
  | 'activeWhenSeen';

export type PairingInput =
  /** Enter the pairing screen, or ask for fresh codes. Gives up whatever was there. */
  | { readonly type: 'start' }
  /** The connection of this generation has gathered its candidates. */
  | { readonly type: 'made'; readonly generation: number; readonly description: Description }
  /** A code was scanned, pasted or opened. */
  | ({ readonly type: 'read' } & Reading)
  /** The peer's ICE agent checks us with our credentials: it has applied our description. */
  | { readonly type: 'peerSeen'; readonly generation: number }
  /** The data channels are open. */
  | { readonly type: 'opened'; readonly generation: number }
  /** The connection of this generation failed, or could not be made. */
  | { readonly type: 'failed'; readonly generation: number; readonly error: TransferError }
  /** The person left the pairing screen. */
  | { readonly type: 'stop' }
  | { readonly type: 'timeout' };

export interface Reading {
  readonly ticket: Ticket;
  /** By this device's camera, so from the device that it looked at, and from nobody in between. */
  readonly isBySight: boolean;
}

export type PairingOutput =
  /** Open a connection and gather; answered by `made` or `failed`. */
  | { readonly type: 'make'; readonly generation: number }
  /** Close the connection of this generation. */
  | { readonly type: 'close'; readonly generation: number }
  /** Show this as my code. */
  | { readonly type: 'show'; readonly description: Description; readonly repliesTo: number | undefined }
  | {
      readonly type: 'apply';
      readonly generation: number;
      readonly description: Description;
      readonly as: ApplyAs;
    }
  /** The peer has applied mine: an `activeWhenSeen` connection goes on to be active. */
  | { readonly type: 'commit'; readonly generation: number; readonly description: Description }
  /** Add these remote candidates to the ones of the description that was applied; some may be there already. */
  | { readonly type: 'addCandidates'; readonly generation: number; readonly candidates: readonly Candidate[] }
  /** A code was read that is of no use; what was there stays as it is. */
  | { readonly type: 'rejected'; readonly error: TransferError }
  /** The channels are open: who is at the other end, as far as the codes say. */
  | {
      readonly type: 'paired';
      readonly generation: number;
      readonly mine: Description;
      readonly theirs: Description;
      readonly isBySight: boolean;
    }
  | { readonly type: 'changed'; readonly state: PairingState };

/** What the person sees. */
export type PairingState =
  | { readonly name: 'idle' }
  | { readonly name: 'making' }
  /** My code is on show, nothing was read. */
  | { readonly name: 'waiting' }
  /** I have applied theirs; they may or may not have read mine. */
  | { readonly name: 'applied' }
  /** Both have applied; waiting for the data channels. */
  | { readonly name: 'connecting' }
  /** `connecting` for SLOW_AFTER_MS. */
  | { readonly name: 'slow' }
  | { readonly name: 'connected' }
  | { readonly name: 'failed'; readonly error: TransferError };

type Phase =
  | { readonly name: 'idle' }
  /** `read` is a code that was read before mine was made. */
  | { readonly name: 'making'; readonly read: Reading | undefined }
  | { readonly name: 'waiting'; readonly mine: Description }
  | Applied<'applied'>
  | Applied<'connecting'>
  | Applied<'slow'>
  | { readonly name: 'connected' }
  /** `mine` is what was on show, so that it is still recognised as our own. */
  | { readonly name: 'failed'; readonly error: TransferError; readonly mine: Description | undefined };

interface Applied<Name extends string> {
  readonly name: Name;
  readonly mine: Description;
  readonly theirs: Description;
  readonly as: ApplyAs;
  readonly isBySight: boolean;
}

/**
 * Which inputs mean something in which phase. A missing entry is ignored: every one of them is a late echo (of a
 * connection event, or of a code that the camera still sees), never an error of the peer.
 */
const heeds = {
  idle: ['start'],
  making: ['start', 'stop', 'made', 'read', 'failed'],
  waiting: ['start', 'stop', 'read', 'peerSeen', 'failed'],
  applied: ['start', 'stop', 'read', 'peerSeen', 'opened', 'failed', 'timeout'],
  connecting: ['start', 'stop', 'read', 'opened', 'failed', 'timeout'],
  slow: ['start', 'stop', 'read', 'opened', 'failed', 'timeout'],
  connected: ['start', 'stop'],
  failed: ['start', 'stop', 'read'],
} as const satisfies Record<Phase['name'], readonly PairingInput['type'][]>;

/** Call `handle`, then `poll` until it gives undefined, then wait for an input or for `deadlineMs`. */
export class Pairing {
  #phase: Phase = { name: 'idle' };
  #generation = 0;
  /** The peer was seen checking us before we had read its code. */
  #seen = false;
  #slowAtMs: number | undefined;
  #nudgeAtMs: number | undefined;
  #nudgeCount = 0;
  readonly #outputs: PairingOutput[] = [];

  get state(): PairingState {
    const phase = this.#phase;
    return phase.name === 'failed' ? { name: 'failed', error: phase.error } : { name: phase.name };
  }

  /** @param nowMs monotonic milliseconds, never going back */
  handle(input: PairingInput, nowMs: number): void {
    if ('generation' in input && input.generation !== this.#generation) return;
    const heeded: readonly PairingInput['type'][] = heeds[this.#phase.name];
    if (!heeded.includes(input.type)) return;
    switch (input.type) {
      case 'start':
        return this.#start(undefined);
      case 'made':
        return this.#made(input.description, nowMs);
      case 'read':
        return this.#read(input, nowMs);
      case 'peerSeen':
        return this.#peerSeen(nowMs);
      case 'opened':
        return this.#opened();
      case 'failed':
        return this.#enter({ name: 'failed', error: input.error, mine: this.#mine() });
      case 'stop':
        this.#giveUp();
        return this.#enter({ name: 'idle' });
      case 'timeout':
        return this.#timeout(nowMs);
      default:
        return input satisfies never;
    }
  }

  poll(): PairingOutput | undefined {
    return this.#outputs.shift();
  }

  /** When `timeout` is due, on the same clock as `handle`. */
  deadlineMs(): number | undefined {
    if (this.#slowAtMs === undefined) return this.#nudgeAtMs;
    if (this.#nudgeAtMs === undefined) return this.#slowAtMs;
    return Math.min(this.#slowAtMs, this.#nudgeAtMs);
  }

  /** A fresh connection and so a fresh code. `read` is applied as soon as it is made. */
  #start(read: Reading | undefined): void {
    this.#giveUp();
    this.#generation += 1;
    this.#seen = false;
    this.#outputs.push({ type: 'make', generation: this.#generation });
    this.#enter({ name: 'making', read });
  }

  #giveUp(): void {
    if (this.#generation > 0 && this.#phase.name !== 'idle' && this.#phase.name !== 'connected') {
      this.#outputs.push({ type: 'close', generation: this.#generation });
    }
  }

  #made(mine: Description, nowMs: number): void {
    const read = this.#phase.name === 'making' ? this.#phase.read : undefined;
    this.#enter({ name: 'waiting', mine });
    if (read !== undefined) this.#read(read, nowMs);
    if (this.#phase.name === 'waiting') this.#show(mine, undefined);
  }

  #opened(): void {
    const phase = this.#phase;
    if ('theirs' in phase) {
      const { mine, theirs, isBySight } = phase;
      this.#outputs.push({ type: 'paired', generation: this.#generation, mine, theirs, isBySight });
    }
    this.#enter({ name: 'connected' });
  }

  #read(reading: Reading, nowMs: number): void {
    const phase = this.#phase;
    const { ticket } = reading;
    switch (phase.name) {
      case 'making':
        // Mine is not there yet: keep the newest, and judge it in `#made`.
        this.#phase = { name: 'making', read: reading };
        return;
      case 'waiting':
        return this.#readFirst(reading, phase.mine, nowMs);
      case 'applied':
      case 'connecting':
      case 'slow':
        return this.#readAgain(reading, phase, nowMs);
      case 'failed':
        if (phase.mine !== undefined && isSame(ticket.description, phase.mine)) return this.#rejectOwn();
        // The old connection is spent. An open code can be answered by a fresh one; a reply was meant for the old.
        if (ticket.kind === 'open') return this.#start(reading);
        return this.#reject('stale-ticket', 'a reply was read after the connection it answers had failed');
      case 'idle':
      case 'connected':
        return;
      default:
        return phase satisfies never;
    }
  }

  #readFirst({ ticket, isBySight }: Reading, mine: Description, nowMs: number): void {
    if (isSame(ticket.description, mine)) return this.#rejectOwn();
    if (ticket.kind === 'reply' && ticket.repliesTo !== ticketId(mine)) {
      return this.#reject('reply-to-other', `reply to ${ticket.repliesTo}, mine is ${ticketId(mine)}`);
    }
    const theirs = ticket.description;
    // A reply proves that its maker has applied mine; so do its connectivity checks.
    const isSeen = ticket.kind === 'reply' || this.#seen;
    const as = howToApply(mine, theirs, isSeen);
    this.#outputs.push({ type: 'apply', generation: this.#generation, description: theirs, as });
    this.#show(mine, ticketId(theirs));
    if (isSeen) {
      this.#slowAtMs = nowMs + SLOW_AFTER_MS;
      this.#enter({ name: 'connecting', mine, theirs, as, isBySight });
    } else {
      this.#enter({ name: 'applied', mine, theirs, as, isBySight });
    }
    this.#nudge(mine, theirs, nowMs);
  }

  /** Keeps the ICE agent trying for as long as the other takes to read my code. PAIRING.md §3.1. */
  #nudge(mine: Description, theirs: Description, nowMs: number): void {
    // The names were in the description that was just applied; the first nudge is for the dummy only.
    const names = this.#nudgeCount === 0 ? [] : theirs.candidates.filter(({ address }) => isMdnsName(address));
    const isDummyDue = looksLikeFirefox(mine) && this.#nudgeCount % NUDGES_PER_DUMMY === 0;
    const candidates = isDummyDue ? [...names, dummyCandidate(this.#nudgeCount)] : names;
    if (candidates.length > 0) {
      this.#outputs.push({ type: 'addCandidates', generation: this.#generation, candidates });
    }
    this.#nudgeCount += 1;
    this.#nudgeAtMs = nowMs + NUDGE_EVERY_MS;
  }

  /** Mine is bound to one peer's description already; another code needs a fresh connection. */
  #readAgain(reading: Reading, phase: Extract<Phase, { theirs: Description }>, nowMs: number): void {
    const { ticket } = reading;
    if (isSame(ticket.description, phase.mine)) return this.#rejectOwn();
    if (isSame(ticket.description, phase.theirs)) {
      // Pasted first, and then seen: the stronger of both counts.
      if (reading.isBySight) this.#phase = { ...phase, isBySight: true };
      if (ticket.kind === 'open') return;
      if (ticket.repliesTo !== ticketId(phase.mine)) {
        return this.#reject('reply-to-other', 'the peer answers an older code of mine, or another device');
      }
      return this.#peerSeen(nowMs);
    }
    if (ticket.kind === 'open') return this.#start(reading);
    if (ticket.repliesTo === ticketId(phase.mine)) {
      // Two devices read my code; it is bound to the other one. Fresh codes on both.
      this.#start(undefined);
      return this.#reject('stale-ticket', 'a second device answered a code that is taken');
    }
    this.#reject('reply-to-other', `reply to ${ticket.repliesTo}, mine is ${ticketId(phase.mine)}`);
  }

  #peerSeen(nowMs: number): void {
    this.#seen = true;
    const phase = this.#phase;
    if (phase.name !== 'applied') return;
    if (phase.as === 'activeWhenSeen') {
      this.#outputs.push({ type: 'commit', generation: this.#generation, description: phase.theirs });
    }
    this.#slowAtMs = nowMs + SLOW_AFTER_MS;
    this.#enter({ ...phase, name: 'connecting' });
  }

  #timeout(nowMs: number): void {
    const phase = this.#phase;
    if ('theirs' in phase && this.#nudgeAtMs !== undefined && nowMs >= this.#nudgeAtMs) {
      this.#nudge(phase.mine, phase.theirs, nowMs);
    }
    if (this.#slowAtMs !== undefined && nowMs >= this.#slowAtMs) {
      this.#slowAtMs = undefined;
      if (phase.name === 'connecting') this.#enter({ ...phase, name: 'slow' });
    }
  }

  #show(mine: Description, repliesTo: number | undefined): void {
    this.#outputs.push({ type: 'show', description: mine, repliesTo });
  }

  #reject(code: 'own-ticket' | 'reply-to-other' | 'stale-ticket', message: string): void {
    this.#outputs.push({ type: 'rejected', error: new TransferError(code, 'remote', message) });
  }

  #rejectOwn(): void {
    this.#reject('own-ticket', 'the ticket is my own');
  }

  #mine(): Description | undefined {
    return 'mine' in this.#phase ? this.#phase.mine : undefined;
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    if (!('theirs' in phase)) {
      this.#slowAtMs = undefined;
      this.#nudgeAtMs = undefined;
      this.#nudgeCount = 0;
    }
    this.#outputs.push({ type: 'changed', state: this.state });
  }
}

/**
 * A remote candidate that nobody answers for (TEST-NET-1, RFC 5737), of the lowest priority. It needs a new port each
 * time, or the browser sees a duplicate and ignores it.
 */
export function dummyCandidate(count: number): Candidate {
  return { type: 'relay', protocol: 'udp', address: '192.0.2.200', port: 1024 + (count % 64_000) };
}

function howToApply(mine: Description, theirs: Description, isSeen: boolean): ApplyAs {
  if (dtlsRole(mine, theirs) === 'passive') return 'passive';
  return isSeen || looksLikeFirefox(mine) ? 'active' : 'activeWhenSeen';
}

function isSame(a: Description, b: Description): boolean {
  return a.ufrag === b.ufrag && equalBytes(a.fingerprint, b.fingerprint);
}
