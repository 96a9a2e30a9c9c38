import { SeededRandom } from './seeded-random.ts';

/** What one direction of a path does to packets. */
export interface PathConditions {
  /** One way, milliseconds. */
  readonly delayMs: number;
  /** Of all packets, 0 to 1, each on its own: no bursts. */
  readonly lossRate: number;
  /** Bytes per second that get through; undefined: no limit. */
  readonly rateBytesPerSec?: number;
  /** How many bytes wait at most where there is a limit; what comes beyond is dropped, as in any router. */
  readonly queueBytes?: number;
  /** Nothing gets through. */
  readonly isBlackout?: boolean;
}

export const PERFECT_PATH: PathConditions = { delayMs: 0, lossRate: 0 };

const DEFAULT_QUEUE_BYTES = 128 * 1024;

/**
 * One direction of a network path, as a model: when does a packet that enters now come out, if it does? Packets never
 * overtake each other. No clock and no sockets, so that it can be tested exactly.
 */
export class NetworkPath {
  readonly #random: SeededRandom;
  /** When the last packet comes out, */
  #lastOutMs = Number.NEGATIVE_INFINITY;
  /** and when the line of limited rate has sent all that was queued for it. */
  #lineFreeMs = Number.NEGATIVE_INFINITY;
  conditions: PathConditions;

  constructor(conditions: PathConditions, seed: number) {
    this.conditions = conditions;
    this.#random = new SeededRandom(seed);
  }

  /** @returns when the packet comes out, milliseconds on the caller's clock; undefined: never */
  enter(packetBytes: number, nowMs: number): number | undefined {
    const { delayMs, lossRate, isBlackout = false } = this.conditions;
    // Drawn for every packet, so that the losses of a seed do not depend on blackouts and queues.
    const isLost = this.#random.chance(lossRate);
    if (isBlackout || isLost) return undefined;
    const sentMs = this.#sentAt(packetBytes, nowMs);
    if (sentMs === undefined) return undefined;
    this.#lastOutMs = Math.max(this.#lastOutMs, sentMs + delayMs);
    return this.#lastOutMs;
  }

  #sentAt(packetBytes: number, nowMs: number): number | undefined {
    const { rateBytesPerSec, queueBytes = DEFAULT_QUEUE_BYTES } = this.conditions;
    if (rateBytesPerSec === undefined) return nowMs;
    const startMs = Math.max(nowMs, this.#lineFreeMs);
    const waitingBytes = ((startMs - nowMs) * rateBytesPerSec) / 1000;
    if (waitingBytes + packetBytes > queueBytes) return undefined;
    this.#lineFreeMs = startMs + (packetBytes * 1000) / rateBytesPerSec;
    return this.#lineFreeMs;
  }
}
