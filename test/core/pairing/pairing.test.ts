import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TransferError } from '../../../src/core/errors.ts';
import { SLOW_AFTER_MS } from '../../../src/core/pairing/pairing.ts';
import { dtlsRole } from '../../../src/core/pairing/role.ts';
import type { Ticket } from '../../../src/core/ticket/ticket.ts';
import { madeUpDescription } from '../../support/descriptions.ts';
import { Device, World, type Engine } from './pairing-world.ts';

const engine = fc.constantFrom<Engine>('chromium', 'firefox');
const engines = fc.tuple(engine, engine);

function newest(device: Device): Ticket {
  const ticket = device.shown.at(-1);
  if (ticket === undefined) throw new Error('nothing on show');
  return ticket;
}

function openForm(device: Device): Ticket {
  const ticket = device.shown.findLast(({ kind }) => kind === 'open');
  if (ticket === undefined) throw new Error('no open code was on show');
  return ticket;
}

function started(pair: readonly [Engine, Engine], seed: number): World {
  const world = new World(pair, seed);
  for (const device of world.devices) device.handle({ type: 'start' }, world.nowMs);
  world.pass(100);
  return world;
}

function read(world: World, reader: 0 | 1, ticket: Ticket): void {
  world.device(reader).handle({ type: 'read', isBySight: false, ticket }, world.nowMs);
}

describe('role', () => {
  test('both sides agree on who is active, whatever the engines', () => {
    fc.assert(
      fc.property(engines, fc.nat(), fc.nat(), ([first, second], a, b) => {
        const mine = madeUpDescription(a * 2, first);
        const theirs = madeUpDescription(b * 2 + 1, second);
        expect(dtlsRole(mine, theirs)).not.toBe(dtlsRole(theirs, mine));
        if (first !== second) expect(dtlsRole(mine, theirs)).toBe(first === 'firefox' ? 'active' : 'passive');
      }),
    );
  });
});

describe('two devices', () => {
  test('connect with one reading each: either first, any delay, open code or the newest one', () => {
    fc.assert(
      fc.property(
        engines,
        fc.nat(10_000),
        fc.constantFrom<0 | 1>(0, 1),
        fc.nat(3_600_000),
        fc.boolean(),
        (pair, seed, first, delayMs, isStale) => {
          const world = started(pair, seed);
          const second = first === 0 ? 1 : 0;
          const copied = openForm(world.device(first));
          read(world, first, newest(world.device(second)));
          world.pass(delayMs);
          read(world, second, isStale ? copied : newest(world.device(first)));
          world.pass(1_000);
          expect(world.isConnected).toBe(true);
          expect(world.devices.flatMap(({ rejected }) => rejected)).toEqual([]);
        },
      ),
    );
  });

  test('connect when both read at the same moment', () => {
    fc.assert(
      fc.property(engines, fc.nat(10_000), (pair, seed) => {
        const world = started(pair, seed);
        const [forFirst, forSecond] = [newest(world.device(1)), newest(world.device(0))];
        read(world, 0, forFirst);
        read(world, 1, forSecond);
        world.pass(1);
        expect(world.isConnected).toBe(true);
      }),
    );
  });

  type Step =
    | { readonly type: 'read'; readonly by: 0 | 1; readonly age: number }
    | { readonly type: 'pass'; readonly ms: number }
    | { readonly type: 'restart'; readonly who: 0 | 1 }
    | { readonly type: 'fail'; readonly who: 0 | 1 };
  const who = fc.constantFrom<0 | 1>(0, 1);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('read' as const), by: who, age: fc.nat(4) }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat(20_000) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const), who }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('fail' as const), who }) },
  );

  test('never hold the same role, and connect in the end, after any interleaving of new and stale readings', () => {
    let connectedOnTheWay = 0;
    fc.assert(
      fc.property(engines, fc.nat(10_000), fc.array(step, { maxLength: 25 }), (pair, seed, steps) => {
        const world = started(pair, seed);
        for (const action of steps) {
          if (world.isConnected) break;
          switch (action.type) {
            case 'read': {
              // `settle` throws when both have applied each other and the roles do not fit.
              const codes = world.device(action.by === 0 ? 1 : 0).shown;
              const ticket = codes.at(-1 - action.age) ?? codes.at(-1);
              if (ticket !== undefined) read(world, action.by, ticket);
              world.pass(1);
              break;
            }
            case 'pass':
              world.pass(action.ms);
              break;
            case 'restart':
              world.device(action.who).handle({ type: 'start' }, world.nowMs);
              world.pass(1);
              break;
            case 'fail':
              world.device(action.who).failed(world.nowMs);
              break;
            default:
              action satisfies never;
          }
        }
        if (world.isConnected) connectedOnTheWay += 1;
        // One side may have connected with a device that has given up since; fresh codes, then read in turn.
        for (let round = 0; round < 4 && !world.isConnected; round++) {
          for (const index of [0, 1] as const) {
            const device = world.device(index);
            const { name } = device.machine.state;
            if (name === 'failed' || name === 'connected') device.handle({ type: 'start' }, world.nowMs);
            world.pass(1);
          }
          for (const index of [0, 1] as const) {
            if (world.isConnected) break;
            const device = world.device(index);
            device.rejected.length = 0;
            read(world, index, newest(world.device(index === 0 ? 1 : 0)));
            // "This answers another code": the person asks for a new one.
            if (device.rejected.length > 0) device.handle({ type: 'start' }, world.nowMs);
            world.pass(1);
          }
        }
        expect(world.isConnected).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(connectedOnTheWay).toBeGreaterThan(200);
  });
});

function alone(kind: Engine = 'chromium'): { device: Device; other: Device; world: World } {
  const world = started([kind, 'chromium'], 1);
  return { device: world.device(0), other: world.device(1), world };
}

describe('one device', () => {
  test('refuses its own code, on show or failed', () => {
    const { device } = alone();
    device.handle({ type: 'read', isBySight: false, ticket: newest(device) }, 0);
    expect(device.rejected.map(({ code }) => code)).toEqual(['own-ticket']);
    const error = new TransferError('connect-timeout', 'host', 'made up');
    device.handle({ type: 'failed', generation: device.generation, error }, 0);
    device.handle({ type: 'read', isBySight: false, ticket: newest(device) }, 0);
    expect(device.rejected.map(({ code }) => code)).toEqual(['own-ticket', 'own-ticket']);
  });

  test('refuses a reply to another code and stays as it is', () => {
    const { device, other } = alone();
    const description = madeUpDescription(77, 'chromium');
    device.handle(
      { type: 'read', isBySight: false, ticket: { kind: 'reply', repliesTo: 1, createdMinute: 0, description } },
      0,
    );
    expect(device.rejected.map(({ code }) => code)).toEqual(['reply-to-other']);
    expect(device.machine.state.name).toBe('waiting');
    device.handle({ type: 'read', isBySight: false, ticket: newest(other) }, 0);
    expect(device.theirs).toEqual(other.mine);
  });

  test('applies a code that was read before its own was made, and never shows the open form', () => {
    const device = new Device('chromium', 5);
    device.handle({ type: 'start' }, 0);
    const description = madeUpDescription(78, 'chromium');
    device.handle({ type: 'read', isBySight: false, ticket: { kind: 'open', createdMinute: 0, description } }, 0);
    device.gathered(20);
    expect(device.theirs).toEqual(description);
    expect(device.shown.map(({ kind }) => kind)).toEqual(['reply']);
  });

  test('starts over when it reads an open code of a second device', () => {
    const { device, other } = alone();
    device.handle({ type: 'read', isBySight: false, ticket: newest(other) }, 0);
    const first = device.generation;
    const description = madeUpDescription(79, 'chromium');
    device.handle({ type: 'read', isBySight: false, ticket: { kind: 'open', createdMinute: 0, description } }, 0);
    device.gathered(20);
    expect(device.generation).toBe(first + 1);
    expect(device.theirs).toEqual(description);
  });

  test('gives a waiting Firefox a fresh dummy candidate at once and every 4 s, and Chromium none', () => {
    for (const [kind, wanted] of [
      ['firefox', [0, 4_000, 8_000, 12_000, 16_000, 20_000]],
      ['chromium', []],
    ] as const) {
      const { device, other, world } = alone(kind);
      const readAtMs = world.nowMs;
      read(world, 0, newest(other));
      world.pass(20_000);
      expect(device.added.map(({ nowMs }) => nowMs - readAtMs)).toEqual(wanted);
      const ports = device.added.map(({ candidate }) => candidate.port);
      expect(new Set(ports).size).toBe(ports.length);
    }
  });

  test('has the mDNS names of the peer looked up again every 2 s until it is connected', () => {
    const { device, other, world } = alone('chromium');
    const { kind, createdMinute, description } = newest(other);
    const name = {
      type: 'host',
      protocol: 'udp',
      address: '4f3a2b10-7c6d-4e5f-8a9b-0c1d2e3f4a5b.local',
      port: 5,
    } as const;
    const plain = { type: 'host', protocol: 'udp', address: '192.168.1.7', port: 6 } as const;
    expect(kind).toBe('open');
    const readAtMs = world.nowMs;
    const ticket: Ticket = { kind: 'open', createdMinute, description: { ...description, candidates: [plain, name] } };
    device.handle({ type: 'read', isBySight: false, ticket }, readAtMs);
    world.pass(6_000);
    expect(device.added).toEqual([2_000, 4_000, 6_000].map((ms) => ({ nowMs: readAtMs + ms, candidate: name })));
    device.handle({ type: 'peerSeen', generation: device.generation }, world.nowMs);
    device.handle({ type: 'opened', generation: device.generation }, world.nowMs);
    world.pass(6_000);
    expect(device.added).toHaveLength(3);
  });

  test('says that it is slow 4 s after both have read, and not while the other has not read', () => {
    const { device, other, world } = alone();
    read(world, 0, newest(other));
    world.pass(60_000);
    expect(device.machine.state.name).toBe('applied');
    device.handle({ type: 'peerSeen', generation: device.generation }, world.nowMs);
    expect(device.machine.state.name).toBe('connecting');
    device.handle({ type: 'timeout' }, world.nowMs + SLOW_AFTER_MS);
    expect(device.machine.state.name).toBe('slow');
  });

  test('ignores events of a connection that it has given up', () => {
    const { device } = alone();
    const stale = device.generation;
    device.handle({ type: 'start' }, 0);
    device.gathered(10);
    const error = new TransferError('connect-timeout', 'host', 'made up');
    device.handle({ type: 'failed', generation: stale, error }, 20);
    device.handle({ type: 'opened', generation: stale }, 20);
    expect(device.machine.state.name).toBe('waiting');
  });
});
