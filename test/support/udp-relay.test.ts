import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { type RelayOptions, UdpRelay } from './udp-relay.ts';
import type { PathConditions } from './network-path.ts';

/** A browser's socket, in short: knows one address, and keeps what comes. */
class End {
  readonly heard: string[] = [];
  readonly from = new Set<number>();
  readonly #socket: Socket = createSocket('udp4');
  #onHeard: (() => void) | undefined;

  constructor() {
    this.#socket.on('message', (packet, { port }) => {
      this.heard.push(packet.toString());
      this.from.add(port);
      this.#onHeard?.();
    });
  }

  async say(text: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(text, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)));
    });
  }

  async until(count: number): Promise<void> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => {
        this.#onHeard = resolve;
      });
    }
  }

  close(): void {
    this.#socket.close();
  }
}

let ends: End[] = [];
let relay: UdpRelay;

afterEach(() => {
  relay.close();
  for (const end of ends) end.close();
  ends = [];
});

function open(conditions: PathConditions, options: RelayOptions = {}): readonly [End, End] {
  relay = new UdpRelay(conditions, { address: '127.0.0.1', ...options });
  const pair = [new End(), new End()] as const;
  ends.push(...pair);
  return pair;
}

/** Both have made themselves known, and have been heard. */
async function greet(a: End, b: End, name: string): Promise<{ readonly a: number; readonly b: number }> {
  const connection = await relay.connection(name);
  const ports = { a: connection.portFor('a'), b: connection.portFor('b') };
  // The first packet finds nobody at the other end; whatever the order, the second round does.
  while (a.heard.length === 0 || b.heard.length === 0) {
    await a.say('hello', ports.a);
    await b.say('hello', ports.b);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ports;
}

describe('UdpRelay', () => {
  test('carries packets both ways, each side seeing one address only', async () => {
    const [a, b] = open({ delayMs: 0, lossRate: 0 });
    const ports = await greet(a, b, 'one');
    await a.say('to b', ports.a);
    await b.say('to a', ports.b);
    while (!b.heard.includes('to b')) await b.until(b.heard.length + 1);
    while (!a.heard.includes('to a')) await a.until(a.heard.length + 1);
    expect([...a.from]).toEqual([ports.a]);
    expect([...b.from]).toEqual([ports.b]);
  });

  test('the same name is the same connection, another one is another', async () => {
    open({ delayMs: 0, lossRate: 0 });
    expect(await relay.connection('one')).toBe(await relay.connection('one'));
    expect(await relay.connection('two')).not.toBe(await relay.connection('one'));
    expect(relay.connections).toHaveLength(2);
  });

  test('holds packets back for as long as the path is, by its clock', async () => {
    const clock = new FakeClock();
    const [a, b] = open({ delayMs: 0, lossRate: 0 }, { clock });
    const ports = await greet(a, b, 'one');
    relay.conditions = { delayMs: 30, lossRate: 0 };
    const before = b.heard.length;
    await a.say('late', ports.a);
    clock.pass(29);
    expect(b.heard.slice(before)).not.toContain('late');
    while (!b.heard.includes('late')) {
      clock.pass(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(clock.nowMs()).toBeGreaterThanOrEqual(30);
  });

  test('a blackout of one connection leaves the other alone, and ends when it is switched off', async () => {
    const [a, b] = open({ delayMs: 0, lossRate: 0 });
    const [c, d] = [new End(), new End()];
    ends.push(c, d);
    const one = await greet(a, b, 'one');
    const two = await greet(c, d, 'two');
    const connection = await relay.connection('one');
    connection.isBlackout = true;
    await a.say('lost', one.a);
    await c.say('not lost', two.a);
    while (!d.heard.includes('not lost')) await d.until(d.heard.length + 1);
    connection.isBlackout = false;
    await a.say('after', one.a);
    while (!b.heard.includes('after')) await b.until(b.heard.length + 1);
    expect(b.heard).not.toContain('lost');
  });
});
