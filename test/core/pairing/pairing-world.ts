import { equalBytes } from '../../../src/core/bytes.ts';
import { TransferError } from '../../../src/core/errors.ts';
import { Pairing, type ApplyAs, type PairingOutput } from '../../../src/core/pairing/pairing.ts';
import type { Candidate } from '../../../src/core/sdp/candidate.ts';
import type { Description } from '../../../src/core/sdp/description.ts';
import type { Ticket } from '../../../src/core/ticket/ticket.ts';
import { madeUpDescription } from '../../support/descriptions.ts';

export type Engine = 'chromium' | 'firefox';

/** One device: its pairing machine and a model of its browser's connection. */
export class Device {
  readonly machine = new Pairing();
  readonly #engine: Engine;
  readonly #seed: number;
  /** Every form of every code that was ever on show, oldest first. */
  readonly shown: Ticket[] = [];
  readonly rejected: TransferError[] = [];
  generation = 0;
  mine: Description | undefined;
  theirs: Description | undefined;
  as: ApplyAs | undefined;
  isCommitted = false;
  paired: Extract<PairingOutput, { type: 'paired' }> | undefined;
  /** Remote candidates that were added after the description, with the time of it. */
  readonly added: { readonly nowMs: number; readonly candidate: Candidate }[] = [];
  #nowMs = 0;

  constructor(engine: Engine, seed: number) {
    this.#engine = engine;
    this.#seed = seed;
  }

  /** The DTLS role that the browser is in now; undefined before it has one. */
  get role(): 'active' | 'passive' | 'waiting' | undefined {
    if (this.as === 'activeWhenSeen') return this.isCommitted ? 'active' : 'waiting';
    return this.as;
  }

  get canCountChecks(): boolean {
    return this.#engine === 'chromium';
  }

  handle(input: Parameters<Pairing['handle']>[0], nowMs: number): void {
    this.#nowMs = nowMs;
    this.machine.handle(input, nowMs);
    for (let output = this.machine.poll(); output !== undefined; output = this.machine.poll()) this.#act(output);
  }

  /** The browser finishes gathering. */
  gathered(nowMs: number): void {
    if (this.machine.state.name !== 'making') return;
    const description = madeUpDescription(this.#seed * 1000 + this.generation, this.#engine);
    this.mine = description;
    this.handle({ type: 'made', generation: this.generation, description }, nowMs);
  }

  /** The browser gives the connection up. */
  failed(nowMs: number): void {
    this.mine = undefined;
    this.theirs = undefined;
    const error = new TransferError('connect-timeout', 'host', 'made up');
    this.handle({ type: 'failed', generation: this.generation, error }, nowMs);
  }

  hasApplied(other: Device): boolean {
    return this.theirs !== undefined && other.mine !== undefined && isSame(this.theirs, other.mine);
  }

  #act(output: PairingOutput): void {
    switch (output.type) {
      case 'make':
        this.generation = output.generation;
        this.mine = undefined;
        this.theirs = undefined;
        this.as = undefined;
        this.isCommitted = false;
        return;
      case 'close':
        this.mine = undefined;
        this.theirs = undefined;
        this.as = undefined;
        return;
      case 'show': {
        const { description, repliesTo } = output;
        this.shown.push(
          repliesTo === undefined
            ? { kind: 'open', createdMinute: 0, description }
            : { kind: 'reply', repliesTo, createdMinute: 0, description },
        );
        return;
      }
      case 'apply':
        if (this.theirs !== undefined) throw new Error('applied twice to one connection');
        this.theirs = output.description;
        this.as = output.as;
        return;
      case 'commit':
        if (this.as !== 'activeWhenSeen' || this.isCommitted) throw new Error(`commit as ${String(this.as)}`);
        this.isCommitted = true;
        return;
      case 'addCandidates':
        this.added.push(...output.candidates.map((candidate) => ({ nowMs: this.#nowMs, candidate })));
        return;
      case 'paired':
        this.paired = output;
        return;
      case 'rejected':
        this.rejected.push(output.error);
        return;
      case 'changed':
        return;
      default:
        output satisfies never;
    }
  }
}

function isSame(a: Description, b: Description): boolean {
  return a.ufrag === b.ufrag && equalBytes(a.fingerprint, b.fingerprint);
}

/** Two devices and the network between them, in virtual time. */
export class World {
  nowMs = 0;
  readonly devices: readonly [Device, Device];

  constructor(engines: readonly [Engine, Engine], seed: number) {
    this.devices = [new Device(engines[0], seed * 2 + 1), new Device(engines[1], seed * 2 + 2)];
  }

  device(index: 0 | 1): Device {
    return this.devices[index];
  }

  /** Lets `ms` pass, with every deadline met and ICE and DTLS doing what they do. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      this.settle();
      const deadlines = this.devices.map((device) => device.machine.deadlineMs() ?? Infinity);
      const nextMs = Math.min(...deadlines);
      if (nextMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, nextMs);
      for (const device of this.devices) {
        if ((device.machine.deadlineMs() ?? Infinity) <= this.nowMs) device.handle({ type: 'timeout' }, this.nowMs);
      }
    }
    this.nowMs = endMs;
  }

  settle(): void {
    const [a, b] = this.devices;
    for (const device of this.devices) device.gathered(this.nowMs);
    // Whoever has applied the other's current description sends it connectivity checks.
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (from.hasApplied(to) && to.canCountChecks) {
        to.handle({ type: 'peerSeen', generation: to.generation }, this.nowMs);
      }
    }
    if (!a.hasApplied(b) || !b.hasApplied(a)) return;
    const roles = [a.role, b.role]
      .map(String)
      .toSorted((x, y) => x.localeCompare(y))
      .join('+');
    if (roles === 'active+passive') {
      for (const device of this.devices) device.handle({ type: 'opened', generation: device.generation }, this.nowMs);
    } else {
      // Both have applied and the checks have been counted: nothing else is going to happen.
      throw new Error(`both applied, and the DTLS roles are ${roles}`);
    }
  }

  get isConnected(): boolean {
    return this.devices.every((device) => device.machine.state.name === 'connected');
  }
}
