import { memoryBytes } from '../../test/support/processes.ts';

/** How often memory is looked at: a transfer that holds on to much does so for longer. */
const INTERVAL_MS = 250;

/** In bytes. */
export interface MemoryUse {
  readonly sender: number;
  readonly receiver: number;
  readonly both: number;
}

/**
 * Watches the resident memory of two browsers, all their processes: proportional set sizes, in which a page that several
 * processes share counts once. Linux only.
 */
export class MemorySampler {
  readonly #look: () => readonly [sender: number, receiver: number];
  #first: MemoryUse | undefined;
  #peaks: MemoryUse = { sender: 0, receiver: 0, both: 0 };
  #timer: NodeJS.Timeout | undefined;

  /** @param pids of the processes as of now, of each */
  constructor(sender: () => readonly number[], receiver: () => readonly number[], read = memoryBytes) {
    this.#look = () => [read(sender()), read(receiver())];
  }

  start(): void {
    this.#timer = setInterval(() => this.sample(), INTERVAL_MS);
    this.sample();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.sample();
  }

  /** At the start. */
  get first(): MemoryUse {
    return this.#first ?? this.#peaks;
  }

  /** The most so far. `both`: of both at one moment, not more than the sum of the other two. */
  get peaks(): MemoryUse {
    return this.#peaks;
  }

  sample(): void {
    const [sender, receiver] = this.#look();
    this.#first ??= { sender, receiver, both: sender + receiver };
    this.#peaks = {
      sender: Math.max(this.#peaks.sender, sender),
      receiver: Math.max(this.#peaks.receiver, receiver),
      both: Math.max(this.#peaks.both, sender + receiver),
    };
  }
}
