import { describe, expect, test } from 'vitest';
import { Lanes } from '../../src/app/lanes.ts';
import { TransferError } from '../../src/core/errors.ts';
import type { DtlsRole } from '../../src/core/pairing/role.ts';
import type { Description } from '../../src/core/sdp/description.ts';
import type { LaneConnection, LaneOptions } from '../../src/ports/lane-connector.ts';
import type { EngineCommand } from '../../src/ports/transfer-engine.ts';
import { madeUpDescription } from '../support/descriptions.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { settle } from '../support/simulation.ts';

const LINK = 5;

class FakeLane implements LaneConnection {
  readonly options: LaneOptions;
  readonly description: Description;
  applied: { readonly theirs: Description; readonly as: DtlsRole } | undefined;
  isClosed = false;

  constructor(options: LaneOptions, description: Description) {
    this.options = options;
    this.description = description;
    options.takeChannel({} as RTCDataChannel);
  }

  async describe(): Promise<Description> {
    return this.description;
  }

  async apply(theirs: Description, as: DtlsRole): Promise<void> {
    this.applied = { theirs, as };
  }

  close(): void {
    this.isClosed = true;
  }
}

/** One page, with what it says kept until it is carried over. */
class Page {
  readonly connections: FakeLane[] = [];
  readonly attached: number[] = [];
  readonly said: EngineCommand[] = [];
  readonly lanes: Lanes;
  refuses = false;

  constructor(seed: number) {
    this.lanes = new Lanes(
      {
        clock: new FakeClock(),
        engine: {
          attach: () => true,
          attachLane: ({ lane }) => {
            this.attached.push(lane);
            return true;
          },
          post: (command) => this.said.push(command),
          onEvent: undefined,
        },
        laneConnector: {
          open: (options) => {
            if (this.refuses) throw new TransferError('webrtc-unavailable', 'host', 'refused');
            const connection = new FakeLane(options, madeUpDescription(seed + this.connections.length, 'chromium'));
            this.connections.push(connection);
            return connection;
          },
        },
      },
      () => [],
    );
  }

  open(lane: number): void {
    this.lanes.asked({ type: 'openLane', linkId: LINK, lane });
  }

  /** What this page has said goes to the other. */
  carryTo(other: Page): void {
    for (const command of this.said.splice(0)) {
      if (command.type === 'pageFrame' && command.frame.name === 'lane') other.lanes.heard(LINK, command.frame);
    }
  }
}

describe('Lanes', () => {
  test('one side begins a lane, the other answers and is DTLS-passive', async () => {
    const [a, b] = [new Page(10), new Page(20)];
    a.open(1);
    await settle();
    a.carryTo(b);
    await settle();
    b.carryTo(a);
    await settle();
    expect([a.attached, b.attached]).toEqual([[1], [1]]);
    expect(a.connections[0]?.applied).toEqual({ theirs: b.connections[0]?.description, as: 'active' });
    expect(b.connections[0]?.applied).toEqual({ theirs: a.connections[0]?.description, as: 'passive' });
    expect([...a.said, ...b.said]).toEqual([]);
  });

  test('where both begin the same lane at once, one is active and one passive, and nobody replies', async () => {
    const [a, b] = [new Page(10), new Page(20)];
    a.open(1);
    b.open(1);
    await settle();
    const fromB = b.said.splice(0);
    a.carryTo(b);
    b.said.push(...fromB);
    b.carryTo(a);
    await settle();
    const roles = [a.connections[0]?.applied?.as, b.connections[0]?.applied?.as];
    expect(new Set(roles)).toEqual(new Set(['active', 'passive']));
    expect([...a.said, ...b.said]).toEqual([]);
  });

  test('a lane that is not wanted any more is closed, and says nothing', async () => {
    const a = new Page(10);
    a.open(1);
    a.lanes.asked({ type: 'closeLane', linkId: LINK, lane: 1 });
    await settle();
    expect(a.connections[0]?.isClosed).toBe(true);
    expect(a.said).toEqual([]);
  });

  test('all lanes end with their link', async () => {
    const a = new Page(10);
    a.open(1);
    a.open(2);
    a.lanes.linkClosed(LINK);
    expect(a.connections.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    expect(a.lanes.count).toBe(0);
  });

  test.each([
    ['the browser refuses', (page: Page) => (page.refuses = true), () => undefined],
    ['ICE fails', () => undefined, (page: Page) => page.connections[0]?.options.onFailed()],
    [
      'the peer sends no ticket',
      () => undefined,
      (page: Page) => page.lanes.heard(LINK, { name: 'lane', lane: 1, ticket: new Uint8Array(5) }),
    ],
  ])('the engine is told that there will be no lane when %s', async (_, before, after) => {
    const page = new Page(10);
    before(page);
    page.open(1);
    await settle();
    page.said.length = 0;
    if (page.refuses) page.open(1);
    after(page);
    expect(page.said).toEqual([{ type: 'laneFailed', linkId: LINK, lane: 1 }]);
    expect(page.lanes.count).toBe(0);
  });

  test('a reply to something that this side has not said is of no use', async () => {
    const [a, b, c] = [new Page(10), new Page(20), new Page(30)];
    a.open(1);
    await settle();
    a.carryTo(b);
    await settle();
    c.open(1);
    await settle();
    c.said.length = 0;
    b.carryTo(c);
    expect(c.said).toEqual([{ type: 'laneFailed', linkId: LINK, lane: 1 }]);
  });
});
