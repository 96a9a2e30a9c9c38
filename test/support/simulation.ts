import type { TransferOptions } from '../../src/core/transfer/options.ts';
import type { Hasher } from '../../src/ports/crypto.ts';
import { FakeClock } from './fake-clock.ts';
import { nodeHasher } from './node-hasher.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimulatedDevice } from './simulated-device.ts';
import type { Side } from './simulated-link.ts';
import { SimulatedLink } from './simulated-link.ts';

/** Two devices, one link at a time, virtual time, and a seed that decides everything else. */
export class Simulation {
  readonly random: SeededRandom;
  readonly clock = new FakeClock();
  readonly a: SimulatedDevice;
  readonly b: SimulatedDevice;
  readonly links: SimulatedLink[] = [];
  readonly #timePassesChance: number;
  #linkId = 0;

  constructor(seed: number, options: Partial<TransferOptions> = {}, hasher: Hasher = nodeHasher) {
    this.random = new SeededRandom(seed);
    this.a = new SimulatedDevice(this.clock, this.random, hasher, options);
    this.b = new SimulatedDevice(this.clock, this.random, hasher, options);
    // Lanes are opened, and found to be stuck, by the clock.
    this.#timePassesChance = (options.firstLanes ?? 1) > 1 ? 0.7 : 0.05;
  }

  get link(): SimulatedLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error('no link yet');
    return link;
  }

  /** Pairs the two devices (again). */
  async connect(): Promise<SimulatedLink> {
    await settle();
    const link = new SimulatedLink();
    this.links.push(link);
    this.#linkId++;
    for (const side of ['a', 'b'] as const) this.#makeLanes(side, this.#linkId, link);
    this.a.runner.attach(this.#linkId, link.a.control, link.a.data);
    this.b.runner.attach(this.#linkId, link.b.control, link.b.data);
    link.open(this.random);
    return link;
  }

  /** What the window does: `app/lanes.ts`, with the descriptions left out. */
  #makeLanes(side: Side, linkId: number, link: SimulatedLink): void {
    const device = this[side];
    const describe = (lane: number): void => {
      if (link.hasDescribed(lane, side)) return;
      device.runner.attachLane(linkId, lane, link.describeLane(lane, side));
      const frame = { name: 'lane', lane, ticket: new Uint8Array(1) } as const;
      device.runner.post({ type: 'pageFrame', linkId, frame });
    };
    device.onPageEvent = (event) => {
      if (event.linkId !== linkId) return;
      // In a task of its own, as messages to a window are.
      if (event.type === 'openLane') queueMicrotask(() => describe(event.lane));
      const heard = event.type === 'pageFrame' && event.frame.name === 'lane' ? event.frame.lane : undefined;
      if (heard !== undefined) queueMicrotask(() => describe(heard));
    };
  }

  /** Throws when somebody has broken a rule. */
  check(): void {
    const broken = [...this.a.violations, ...this.b.violations, ...(this.links.at(-1)?.violations ?? [])];
    if (broken[0] !== undefined) throw new Error(broken[0]);
  }

  /** Delivers messages, lets disks work and time pass, until `isDone` or nothing moves any more. */
  async run(isDone: () => boolean, maxSteps = 20_000, maxIdleSteps = 100): Promise<void> {
    let idleSteps = 0;
    for (let step = 0; step < maxSteps && !isDone(); step++) {
      this.check();
      // Often several messages come before the disk gets its turn.
      const burst = this.random.between(1, 6);
      const wasIdle = this.link.isIdle;
      for (let i = 0; i < burst && !isDone(); i++) this.link.deliverOne(this.random);
      await settle();
      if (!wasIdle) idleSteps = 0;
      else if (++idleSteps > maxIdleSteps) return;
      if (wasIdle || this.random.chance(this.#timePassesChance)) this.clock.pass(100);
    }
  }
}

/** Lets every promise that can go on do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
