import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import type { App } from '../../src/app/model.ts';
import { CAPABILITY } from '../../src/core/wire/limits.ts';
import type { KnownPeer } from '../../src/ports/peer-store.ts';
import { type FakeConnection, fakePorts } from './fake-ports.ts';

interface Device extends ReturnType<typeof fakePorts> {
  readonly app: App;
  /** What its browser keeps. */
  readonly stored: Map<string, KnownPeer>;
  /** Frames of the page that were carried already. */
  carried: number;
  /** The link that frames come over. */
  linkId: number;
}

function device(seed: number, stored = new Map<string, KnownPeer>()): Device {
  const fakes = fakePorts({ seed, peers: stored });
  const app = createApp(fakes.ports);
  fakes.tell({ type: 'restored' });
  return { ...fakes, app, stored, carried: 0, linkId: -1 };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 40; i++) await Promise.resolve();
}

function codeOf({ app }: Device): string {
  const code = app.model.myCode.value;
  if (code.state !== 'shown') throw new Error(`my code is ${code.state}`);
  return code.text;
}

/** Carries the frames of the pages, as the engines do, until nobody has anything to say. */
async function exchange(one: Device, two: Device): Promise<void> {
  for (let isBusy = true; isBusy;) {
    await settled();
    isBusy = false;
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      const frames = from.commands.filter((command) => command.type === 'pageFrame');
      for (const { frame } of frames.slice(from.carried)) {
        isBusy = true;
        from.carried++;
        to.tell({ type: 'pageFrame', linkId: to.linkId, frame });
      }
    }
  }
}

function open(one: Device, oneLink: number, two: Device, twoLink: number): void {
  [one.linkId, two.linkId] = [oneLink, twoLink];
  for (const each of [one, two]) {
    each.tell({ type: 'linkOpen', linkId: each.linkId, capabilities: CAPABILITY.healing });
  }
}

async function paired(one: Device, two: Device): Promise<void> {
  for (const each of [one, two]) each.app.commands.startReceive();
  await settled();
  const codes = [codeOf(one), codeOf(two)] as const;
  one.app.commands.readText(codes[1]);
  two.app.commands.readText(codes[0]);
  await settled();
  open(one, one.attached.at(-1) ?? -1, two, two.attached.at(-1) ?? -1);
  await exchange(one, two);
}

async function twoPaired(): Promise<readonly [Device, Device]> {
  const [one, two] = [device(1), device(2)];
  await paired(one, two);
  return [one, two];
}

function loseLink(...devices: readonly Device[]): void {
  for (const each of devices) each.tell({ type: 'linkClosed', linkId: each.linkId });
}

function dials({ connections }: Device): readonly FakeConnection[] {
  return connections.filter(({ dialed }) => dialed.length > 0);
}

/** Where a device attached this connection's channels. */
function linkIdOf({ attached, connections }: Device, connection: FakeConnection): number {
  return attached[connections.indexOf(connection)] ?? -1;
}

/** The connection of this device that waits for who dials like this. */
function waitingFor({ connections }: Device, dial: FakeConnection): FakeConnection | undefined {
  const ufrag = dial.dialed[0]?.credentials.ufrag;
  return connections.find(({ applied }) => applied.some(({ theirs }) => theirs.ufrag === ufrag));
}

async function passed(ms: number, ...devices: readonly Device[]): Promise<void> {
  await settled();
  for (const { clock } of devices) clock.pass(ms);
  await settled();
}

const link = ({ app }: Device): string => app.model.link.value;

/** One of them dials, and the other one's engine says that somebody did. */
async function dialThrough(one: Device, two: Device): Promise<void> {
  await passed(0, one, two);
  const [from, to] = dials(one).some(({ isClosed }) => !isClosed) ? [one, two] : [two, one];
  const dial = dials(from).at(-1);
  const waiting = dial && waitingFor(to, dial);
  if (dial === undefined || waiting === undefined) throw new Error('nobody dials');
  open(from, linkIdOf(from, dial), to, linkIdOf(to, waiting));
  await exchange(one, two);
}

describe('a link that was lost', () => {
  test('is dialed from one side, at once, with what both have derived; the other waits two seconds', async () => {
    const [one, two] = await twoPaired();
    expect([link(one), link(two)]).toEqual(['connected', 'connected']);
    loseLink(one, two);
    await passed(0, one, two);
    expect([link(one), link(two)]).toEqual(['reconnecting', 'reconnecting']);
    expect(dials(one).length + dials(two).length).toBe(1);
    const [from, to] = dials(one).length === 1 ? [one, two] : [two, one];
    const [dial] = dials(from);
    const waiting = dial && waitingFor(to, dial);
    expect(waiting?.applied[0]).toMatchObject({ as: 'passive', theirs: { candidates: [] } });
    expect(dial?.dialed[0]?.theirs.ufrag).toBe(waiting?.description.ufrag);
    to.clock.pass(2000);
    await settled();
    expect(dials(to)).toHaveLength(1);
  });

  test('is back when the dial opens; what was compared still holds, and a fresh standby takes its place', async () => {
    const [one, two] = await twoPaired();
    const trust = one.app.model.trust.value;
    expect(trust.state).toBe('compare');
    loseLink(one, two);
    expect(one.app.model.trust.value).toEqual(trust);
    await dialThrough(one, two);
    expect([link(one), link(two)]).toEqual(['connected', 'connected']);
    expect(one.app.model.trust.value).toEqual(trust);
    for (const each of [one, two]) {
      const [peer] = each.stored.values();
      expect(peer?.standbys).toHaveLength(2);
    }
    loseLink(one, two);
    await dialThrough(one, two);
    expect([link(one), link(two)]).toEqual(['connected', 'connected']);
  });

  test('a dial that comes to nothing is hung up, and after a minute the person is told', async () => {
    const [one, two] = await twoPaired();
    loseLink(one, two);
    for (let second = 0; second < 61; second++) {
      await settled();
      one.clock.pass(1000);
    }
    expect(link(one)).toBe('lost');
    expect(dials(one).length).toBeGreaterThan(5);
    expect(dials(one).every(({ isClosed }) => isClosed)).toBe(true);
    expect(one.connections.filter(({ isClosed }) => !isClosed)).toHaveLength(2);
  });

  test('a silent one is dialed for too, and that ends when it is heard again', async () => {
    const [one] = await twoPaired();
    one.tell({ type: 'linkSilent', linkId: one.linkId });
    one.clock.pass(2000);
    await settled();
    expect([link(one), dials(one).length]).toEqual(['reconnecting', 1]);
    one.tell({ type: 'linkHeard', linkId: one.linkId });
    expect([link(one), dials(one)[0]?.isClosed]).toEqual(['connected', true]);
  });

  test('on purpose: nobody dials, both are told, and both forget', async () => {
    const [one, two] = await twoPaired();
    one.app.commands.disconnect();
    await exchange(one, two);
    loseLink(two);
    await settled();
    expect([link(one), link(two)]).toEqual(['none', 'lost']);
    expect(two.app.model.notice.value).toEqual({ type: 'info', message: 'peer-disconnected' });
    two.clock.pass(5000);
    await settled();
    expect([dials(one), dials(two)]).toEqual([[], []]);
    expect([one.stored.size, two.stored.size]).toEqual([0, 0]);
    expect(two.connections.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test('a peer without the capability is not promised anything', async () => {
    const [one, two] = [device(1), device(2)];
    for (const each of [one, two]) each.app.commands.startReceive();
    await settled();
    one.app.commands.readText(codeOf(two));
    await settled();
    const linkId = one.attached.at(-1) ?? -1;
    one.tell({ type: 'linkOpen', linkId, capabilities: 0 });
    await settled();
    expect(one.commands.flatMap((command) => (command.type === 'pageFrame' ? [command.frame.name] : []))).toEqual([
      'commit',
    ]);
    one.tell({ type: 'linkClosed', linkId });
    expect([link(one), one.stored.size]).toEqual(['lost', 0]);
  });
});

describe('a page that was loaded again', () => {
  test('dials the peer that it was linked to, and the link is back', async () => {
    const [one, two] = await twoPaired();
    const again = device(3, one.stored);
    await settled();
    expect([link(again), again.app.model.screen.value]).toEqual(['reconnecting', 'home']);
    await dialThrough(again, two);
    expect([link(again), link(two)]).toEqual(['connected', 'connected']);
    expect(again.app.model.screen.value).toBe('transfer');
    expect(again.app.model.trust.value).toEqual(two.app.model.trust.value);
  });

  test('that finds nobody is as any other, and tells nobody', async () => {
    const [one] = await twoPaired();
    const again = device(3, one.stored);
    await settled();
    again.clock.pass(31_000);
    expect([link(again), again.app.model.notice.value]).toEqual(['none', undefined]);
    expect(again.app.model.knownPeers.value).toHaveLength(1);
  });

  test('says good-bye, so that the other side does not dial it', async () => {
    const [one, two] = await twoPaired();
    one.page.onLeave?.();
    await exchange(one, two);
    loseLink(two);
    two.clock.pass(5000);
    await settled();
    expect([link(two), dials(two)]).toEqual(['reconnecting', []]);
  });
});

describe('known devices', () => {
  test('one that is remembered stays, with its name, and can be connected to', async () => {
    const [one, two] = await twoPaired();
    const id = one.app.model.peerId.value ?? '';
    one.app.commands.rememberPeer(id, true);
    one.app.commands.renamePeer(id, '  Anna ');
    one.app.commands.disconnect();
    await exchange(one, two);
    expect(one.app.model.knownPeers.value).toMatchObject([{ id, name: 'Anna', isRemembered: true }]);
    one.app.commands.connectPeer(id);
    await passed(0, one);
    expect([link(one), dials(one).length]).toEqual(['reconnecting', 1]);
    one.clock.pass(31_000);
    expect(one.app.model.notice.value).toEqual({ type: 'info', message: 'peer-not-found' });
  });

  test('a device that pairs again is recognised: its name and its transfers stay, the old entry goes', async () => {
    const [one, two] = await twoPaired();
    const id = one.app.model.peerId.value ?? '';
    one.app.commands.rememberPeer(id, true);
    one.app.commands.renamePeer(id, 'Anna');
    two.app.commands.rememberPeer(id, true);
    one.app.commands.disconnect();
    await exchange(one, two);
    await paired(one, two);
    expect(one.app.model.knownPeers.value).toMatchObject([{ name: 'Anna', isRemembered: true }]);
    expect(one.app.model.knownPeers.value[0]?.id).not.toBe(id);
    expect([one.stored.size, two.stored.size]).toEqual([1, 1]);
  });

  test('another device is not', async () => {
    const [one, two] = await twoPaired();
    one.app.commands.rememberPeer(one.app.model.peerId.value ?? '', true);
    one.app.commands.renamePeer(one.app.model.peerId.value ?? '', 'Anna');
    one.app.commands.disconnect();
    await exchange(one, two);
    const three = device(7);
    await paired(one, three);
    expect(one.app.model.knownPeers.value.map(({ name }) => name)).toEqual(['', 'Anna']);
  });

  test('what differs is forgotten', async () => {
    const [one, two] = await twoPaired();
    one.app.commands.theyDiffer();
    await settled();
    expect([one.stored.size, link(one)]).toEqual([0, 'none']);
    expect(two.stored.size).toBe(1);
  });

  test('an unfinished transfer keeps a device known, and its end lets it go', async () => {
    const [one, two] = await twoPaired();
    const transferId = 'ab'.repeat(16);
    const transfer = {
      transferId,
      direction: 'receiving',
      kind: 'files',
      needsFiles: false,
      state: 'running',
      files: [{ path: 'a.txt', sizeBytes: 3, lastModifiedEpochMs: 0 }],
      fileCount: 1,
      totalBytes: 3,
      bytesDone: 0,
    } as const;
    one.tell({ type: 'transfer', transfer });
    one.app.commands.disconnect();
    one.tell({ type: 'state', transferId, state: 'interrupted' });
    await exchange(one, two);
    expect([...one.stored.values()]).toMatchObject([{ transferIds: [transferId], wantsLink: false }]);
    one.tell({ type: 'removed', transferId });
    await settled();
    expect(one.stored.size).toBe(0);
  });
});

/** Both pages were closed, and are opened again. */
async function bothAgain(): Promise<readonly [Device, Device]> {
  const [one, two] = await twoPaired();
  for (const each of [one, two]) each.app.commands.rememberPeer(each.app.model.peerId.value ?? '', true);
  one.app.commands.disconnect();
  await exchange(one, two);
  const again = [device(3, one.stored), device(4, two.stored)] as const;
  await settled();
  return again;
}

async function shownCall(caller: Device): Promise<string> {
  const [peer] = caller.app.model.knownPeers.value;
  caller.app.commands.callPeer(peer?.id ?? '');
  await settled();
  return caller.app.model.call.value?.code?.text ?? '';
}

describe('a call', () => {
  test('is read once, and both are connected', async () => {
    const [one, two] = await bothAgain();
    const text = await shownCall(one);
    expect(one.app.model.call.value?.code?.sizeBytes).toBe(41);
    two.app.commands.readText(text);
    await passed(0, two);
    await dialThrough(one, two);
    expect([link(one), link(two), one.app.model.call.value]).toEqual(['connected', 'connected', undefined]);
    expect(one.app.model.screen.value).toBe('transfer');
  });

  test('is refused by who does not know its maker, and by its maker', async () => {
    const [one] = await bothAgain();
    const text = await shownCall(one);
    const stranger = device(9);
    stranger.app.commands.readText(text);
    expect(stranger.app.model.notice.value).toMatchObject({ type: 'error', error: { code: 'call-for-other' } });
    one.app.commands.readText(text);
    expect(one.app.model.notice.value).toMatchObject({ type: 'error', error: { code: 'own-ticket' } });
  });

  test('that is taken back does not wait any more', async () => {
    const [one] = await bothAgain();
    await shownCall(one);
    one.app.commands.stopCall();
    expect(one.app.model.call.value).toBeUndefined();
    expect(one.connections.every(({ isClosed }) => isClosed)).toBe(true);
    expect(one.app.model.knownPeers.value).toHaveLength(1);
  });
});

describe('a change of the network', () => {
  test('restarts ICE on both sides, in one round, and the link stays', async () => {
    const [one, two] = await twoPaired();
    const [mine, theirs] = [one, two].map((each) => each.connections[each.attached.indexOf(each.linkId)]);
    for (const each of [one, two]) each.page.onNetworkChange?.();
    one.clock.pass(1000);
    await exchange(one, two);
    two.clock.pass(1000);
    await exchange(one, two);
    expect([mine?.restarts, theirs?.restarts]).toEqual([1, 1]);
    expect(mine?.restarted.map(({ ufrag }) => ufrag)).toEqual(['again1']);
    expect(theirs?.restarted.map(({ ufrag }) => ufrag)).toEqual(['again1']);
    expect([link(one), link(two)]).toEqual(['connected', 'connected']);
  });
});
