import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import type { App, TrustView } from '../../src/app/model.ts';
import type { EngineCommand, TransferState } from '../../src/ports/transfer-engine.ts';
import { fakePorts } from './fake-ports.ts';

type Device = ReturnType<typeof fakePorts> & { readonly app: App };

function device(seed: number): Device {
  const fakes = fakePorts({ seed });
  const app = createApp(fakes.ports);
  app.commands.startReceive();
  return { ...fakes, app };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function text({ app }: Device): string {
  const code = app.model.myCode.value;
  if (code.state !== 'shown') throw new Error(`my code is ${code.state}`);
  return code.text;
}

const linkOf = ({ attached }: Device): number => attached.at(-1) ?? -1;

/** Two devices that have read each other's codes, and whose links are open. */
async function paired(
  how: 'camera' | 'paste',
  otherwise: 'camera' | 'paste' = how,
): Promise<readonly [Device, Device]> {
  const [one, two] = [device(1), device(2)];
  await settled();
  const texts = [text(one), text(two)] as const;
  for (const [reader, way, code] of [
    [one, how, texts[1]],
    [two, otherwise, texts[0]],
  ] as const) {
    if (way === 'camera') {
      reader.app.commands.startCamera({} as HTMLVideoElement);
      await settled();
      reader.see(code);
    } else {
      reader.app.commands.readText(code);
    }
    await settled();
  }
  for (const each of [one, two]) each.tell({ type: 'linkOpen', linkId: linkOf(each), capabilities: 0 });
  return [one, two];
}

/** Carries the frames of the verification, as the engines do. */
function exchange(one: Device, two: Device): void {
  const taken = new Map<Device, number>();
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      const frames = from.commands.filter((command) => command.type === 'pageFrame');
      const next = frames[taken.get(from) ?? 0];
      if (next === undefined) continue;
      isBusy = true;
      taken.set(from, (taken.get(from) ?? 0) + 1);
      to.tell({ type: 'pageFrame', linkId: linkOf(to), frame: next.frame });
    }
  }
}

const trust = ({ app }: Device): TrustView => app.model.trust.value;

function tellTransfer(to: Device, transferId: string, state: TransferState): void {
  const transfer = {
    transferId,
    direction: 'receiving',
    kind: 'files',
    needsFiles: false,
    state,
    files: [{ path: 'a.txt', sizeBytes: 3, lastModifiedEpochMs: 0 }],
    fileCount: 1,
    totalBytes: 3,
    bytesDone: 0,
  } as const;
  to.tell({ type: 'transfer', transfer });
}

const detached = ({ commands }: Device): Extract<EngineCommand, { type: 'detach' }>[] =>
  commands.filter((command) => command.type === 'detach');

describe('who is at the other end', () => {
  test('both scanned: verified by sight, nothing to compare', async () => {
    const [one, two] = await paired('camera');
    exchange(one, two);
    expect([trust(one), trust(two)]).toEqual([{ state: 'bySight' }, { state: 'bySight' }]);
  });

  test.each([
    ['paste', 'paste'],
    ['camera', 'paste'],
  ] as const)('read by %s and by %s: both show the same to compare', async (how, otherwise) => {
    const [one, two] = await paired(how, otherwise);
    expect(trust(one).state).toBe('exchanging');
    exchange(one, two);
    expect(trust(one).state).toBe('compare');
    expect(trust(one)).toEqual(trust(two));
    one.app.commands.theyMatch();
    expect([trust(one).state, trust(two).state]).toEqual(['matched', 'compare']);
  });

  test('a code that was pasted and then seen too counts as seen', async () => {
    const [one, two] = [device(1), device(2)];
    await settled();
    const theirs = text(two);
    one.app.commands.readText(theirs);
    one.app.commands.startCamera({} as HTMLVideoElement);
    two.app.commands.startCamera({} as HTMLVideoElement);
    await settled();
    one.see(theirs);
    two.see(text(one));
    await settled();
    for (const each of [one, two]) each.tell({ type: 'linkOpen', linkId: linkOf(each), capabilities: 0 });
    exchange(one, two);
    expect(trust(one).state).toBe('bySight');
  });

  test('they differ: the link ends with the reason, and what came over it is deleted, nothing else', async () => {
    const [one, two] = await paired('paste');
    tellTransfer(one, 'of-an-older-link', 'verified');
    tellTransfer(one, 'of-this-link', 'offered');
    exchange(one, two);
    one.app.commands.theyDiffer();
    const discarded = one.commands.flatMap((command) => (command.type === 'discard' ? [command.transferId] : []));
    expect(discarded).toEqual(['of-this-link']);
    expect(detached(one).map(({ reason }) => reason?.code)).toEqual(['peer-differs']);
    expect([trust(one).state, one.app.model.link.value, one.app.model.screen.value]).toEqual(['none', 'none', 'home']);
    expect(one.connections.at(-1)?.isClosed).toBe(false);
    one.clock.pass(1_000);
    expect(one.connections.at(-1)?.isClosed).toBe(true);
    expect(one.app.model.notice.value).toMatchObject({ type: 'error', error: { code: 'peer-differs' } });
  });

  test('a nonce that was exchanged on the way ends the link by itself', async () => {
    const [one, two] = await paired('paste');
    const commit = two.commands.find((command) => command.type === 'pageFrame');
    if (commit === undefined) throw new Error('no COMMIT');
    one.tell({ type: 'pageFrame', linkId: linkOf(one), frame: commit.frame });
    const frame = { name: 'reveal', nonce: new Uint8Array(32).fill(77), isBySight: false } as const;
    one.tell({ type: 'pageFrame', linkId: linkOf(one), frame });
    expect(detached(one).map(({ reason }) => reason?.code)).toEqual(['peer-differs']);
    expect(trust(one).state).toBe('none');
  });
});
