import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import type { App, MyCode } from '../../src/app/model.ts';
import { pickedItems } from '../../src/app/picked-files.ts';
import { TransferError } from '../../src/core/errors.ts';
import { ticketText } from '../../src/core/ticket/text.ts';
import { encodeTicket, ticketId } from '../../src/core/ticket/ticket.ts';
import type { TabMessage } from '../../src/ports/tabs.ts';
import { madeUpDescription } from '../support/descriptions.ts';
import { fakePorts } from './fake-ports.ts';

type Fakes = ReturnType<typeof fakePorts>;

function setUp(options: Partial<Parameters<typeof fakePorts>[0]> = {}): Fakes & { app: App } {
  const fakes = fakePorts({ seed: 1, ...options });
  return { ...fakes, app: createApp(fakes.ports) };
}

/** Lets promises that are due settle; nothing here waits for time. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function shownCode(app: App): Extract<MyCode, { state: 'shown' }> {
  const code = app.model.myCode.value;
  if (code.state !== 'shown') throw new Error(`my code is ${code.state}`);
  return code;
}

const theirs = madeUpDescription(999, 'chromium');
const theirOpenCode = ticketText(encodeTicket({ kind: 'open', createdMinute: 29_833_333, description: theirs }));

function noticeCode(app: App): string | undefined {
  const notice = app.model.notice.value;
  return notice?.type === 'error' ? notice.error.code : undefined;
}

async function connected(fakes: Fakes & { app: App }): Promise<void> {
  await settled();
  fakes.app.commands.readText(theirOpenCode);
  await settled();
  fakes.tell({ type: 'linkOpen', linkId: fakes.attached.at(-1) ?? -1, capabilities: 0 });
}

describe('sending', () => {
  test('files first, then my code, then connected, then they are offered by themselves', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.startSend();
    expect(app.model.screen.value).toBe('choose');
    app.commands.addFiles([new File(['abc'], 'a.txt'), new File([], 'empty')]);
    expect(app.model.chosen.value.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['a.txt', 3],
      ['empty', 0],
    ]);
    app.commands.shareChosen();
    expect(app.model.screen.value).toBe('pair');
    await settled();
    expect(shownCode(app).kind).toBe('open');
    expect(shownCode(app).link.startsWith('https://heliograph.example/app/#')).toBe(true);
    await connected(fakes);
    expect(app.model.screen.value).toBe('transfer');
    expect(app.model.link.value).toBe('connected');
    const sent = fakes.commands.filter((command) => command.type === 'send');
    expect(sent.map(({ files }) => files.map(({ path }) => path))).toEqual([['a.txt', 'empty']]);
    expect(app.model.chosen.value).toEqual([]);
  });

  test('dropping files on the home screen leads to the list of chosen files', () => {
    const { app } = setUp();
    app.commands.addFiles([new File(['abc'], 'a.txt')]);
    expect(app.model.screen.value).toBe('choose');
  });
});

describe('reading', () => {
  test('my code becomes a reply once theirs was read, with the same connection', async () => {
    const { app, connections } = setUp();
    app.commands.startReceive();
    await settled();
    app.commands.readText(`  "${theirOpenCode}"\n`);
    await settled();
    expect(shownCode(app).kind).toBe('reply');
    expect(app.model.pairing.value.state).toBe('read');
    expect(connections).toHaveLength(1);
    expect(connections[0]?.applied.map(({ theirs: applied }) => applied.ufrag)).toEqual([theirs.ufrag]);
  });

  test('a bad text says what it is and changes nothing', async () => {
    const { app } = setUp();
    app.commands.startReceive();
    await settled();
    for (const [text, code] of [
      ['https://example.com/menu', 'not-a-ticket'],
      [theirOpenCode.slice(0, -9), 'ticket-truncated'],
      [
        `${theirOpenCode.slice(0, 40)}${theirOpenCode[40] === 'A' ? 'B' : 'A'}${theirOpenCode.slice(41)}`,
        'ticket-damaged',
      ],
    ] as const) {
      app.commands.readText(text);
      expect(noticeCode(app)).toBe(code);
    }
    app.commands.readText(shownCode(app).link);
    expect(noticeCode(app)).toBe('own-ticket');
    expect(app.model.pairing.value.state).toBe('waiting');
  });

  test('a code pasted on the home screen starts pairing', async () => {
    const { app } = setUp();
    app.commands.readText(theirOpenCode);
    expect(app.model.screen.value).toBe('pair');
    await settled();
    expect(shownCode(app).kind).toBe('reply');
  });

  test('the camera stops when connected and when the screen is left', async () => {
    const fakes = setUp();
    fakes.app.commands.startReceive();
    fakes.app.commands.startCamera({} as HTMLVideoElement);
    await settled();
    fakes.see(theirOpenCode);
    await settled();
    fakes.tell({ type: 'linkOpen', linkId: fakes.attached.at(-1) ?? -1, capabilities: 0 });
    expect(fakes.cameraStops()).toBe(1);
    expect(fakes.app.model.camera.value.state).toBe('off');
  });

  test('a code older than an hour is asked about once, and read if wanted', async () => {
    const fakes = setUp();
    const { app, clock } = fakes;
    app.commands.startReceive();
    app.commands.startCamera({} as HTMLVideoElement);
    await settled();
    clock.pass(61 * 60_000);
    fakes.see(theirOpenCode);
    expect(app.model.notice.value).toEqual({ type: 'oldCode', ageMinutes: 61 });
    expect(app.model.pairing.value.state).toBe('waiting');
    app.commands.dismissNotice();
    // The camera still looks at it.
    fakes.see(theirOpenCode);
    expect(app.model.notice.value).toBeUndefined();
    app.commands.readText(theirOpenCode);
    expect(app.model.notice.value?.type).toBe('oldCode');
    app.commands.tryOldCode();
    await settled();
    expect(app.model.notice.value).toBeUndefined();
    expect(app.model.pairing.value.state).toBe('read');
  });

  test('a code of 60 minutes, and a reply of any age to the code on show, are read', async () => {
    const { app, clock, connections } = setUp();
    app.commands.startReceive();
    await settled();
    clock.pass(60 * 60_000);
    const mine = connections[0]?.description;
    if (mine === undefined) throw new Error('no connection');
    const reply = { kind: 'reply', repliesTo: ticketId(mine), createdMinute: 29_500_000, description: theirs } as const;
    app.commands.readText(ticketText(encodeTicket(reply)));
    await settled();
    expect(app.model.notice.value).toBeUndefined();
    expect(app.model.pairing.value.state).toBe('connecting');

    const other = setUp();
    other.app.commands.startReceive();
    await settled();
    other.clock.pass(60 * 60_000);
    other.app.commands.readText(theirOpenCode);
    await settled();
    expect(other.app.model.pairing.value.state).toBe('read');
  });

  test('a picture that is dropped while pairing and shows a code is read; any other one is to be sent', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.startReceive();
    await settled();
    const holiday = new File(['pixels'], 'holiday.jpg', { type: 'image/jpeg' });
    const screenshot = new File(['pixels'], 'screenshot.png', { type: 'image/png' });
    fakes.pictureTexts.set(screenshot, theirOpenCode);
    fakes.picked.push(...pickedItems([holiday]));
    app.commands.drop({} as DataTransfer);
    await settled();
    expect(app.model.chosen.value.map(({ name }) => name)).toEqual(['holiday.jpg']);
    expect([app.model.screen.value, app.model.pairing.value.state]).toEqual(['pair', 'waiting']);
    fakes.picked.splice(0, 1, ...pickedItems([screenshot]));
    app.commands.drop({} as DataTransfer);
    await settled();
    expect(app.model.pairing.value.state).toBe('read');
  });

  test('no network is a failed code, with a way on', async () => {
    const fakes = setUp();
    fakes.failNext(new TransferError('no-network', 'host', 'made up'));
    fakes.app.commands.startReceive();
    await settled();
    expect(fakes.app.model.myCode.value).toMatchObject({ state: 'failed', error: { code: 'no-network' } });
    fakes.app.commands.pairAgain();
    await settled();
    expect(shownCode(fakes.app).kind).toBe('open');
  });
});

async function cameraStarted(fakes: Fakes & { app: App }): Promise<void> {
  fakes.app.commands.startCamera({} as HTMLVideoElement);
  await settled();
}

describe('the camera', () => {
  test('looks at the person face to face, away from them for one code, and each choice is remembered', async () => {
    const fakes = setUp();
    const { app, wishes } = fakes;
    app.commands.startReceive();
    await cameraStarted(fakes);
    app.commands.startFaceToFace();
    await cameraStarted(fakes);
    app.commands.chooseCamera('back');
    await settled();
    app.commands.stopFaceToFace();
    await cameraStarted(fakes);
    app.commands.startFaceToFace();
    await cameraStarted(fakes);
    expect(wishes).toEqual([
      { id: undefined, facing: 'environment' },
      { id: undefined, facing: 'user' },
      { id: 'back', facing: 'user' },
      { id: undefined, facing: 'environment' },
      { id: 'back', facing: 'user' },
    ]);
  });

  test('says how to hold it when nothing is found for five seconds', async () => {
    const fakes = setUp();
    const { app, clock } = fakes;
    app.commands.startReceive();
    await cameraStarted(fakes);
    clock.pass(4_999);
    expect(app.model.camera.value).toMatchObject({ state: 'on', isSearching: false });
    clock.pass(1);
    expect(app.model.camera.value).toMatchObject({ state: 'on', isSearching: true });
    fakes.see('https://example.com/menu');
    expect(app.model.camera.value).toMatchObject({ state: 'on', isSearching: false });
    app.commands.stopCamera();
    clock.pass(10_000);
    expect(app.model.camera.value).toEqual({ state: 'off' });
  });

  test('has a light where the camera has one', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.startReceive();
    await cameraStarted(fakes);
    expect(app.model.camera.value).toMatchObject({ torch: 'off', isMirrored: false });
    app.commands.setTorch(true);
    await settled();
    expect(app.model.camera.value).toMatchObject({ torch: 'on' });
    app.commands.startFaceToFace();
    await cameraStarted(fakes);
    expect(app.model.camera.value).toMatchObject({ torch: 'none', isMirrored: true });
  });
});

describe('my code', () => {
  test('says how old it is, also when it has become a reply', async () => {
    const { app, clock } = setUp();
    app.commands.startReceive();
    await settled();
    expect(shownCode(app).ageMinutes.value).toBe(0);
    clock.pass(3 * 60_000);
    expect(shownCode(app).ageMinutes.value).toBe(3);
    app.commands.readText(theirOpenCode);
    await settled();
    expect(shownCode(app)).toMatchObject({ kind: 'reply' });
    expect(shownCode(app).ageMinutes.value).toBe(3);
    app.commands.pairAgain();
    await settled();
    expect(shownCode(app).ageMinutes.value).toBe(0);
  });

  test('is made anew when the tab comes back and the connection behind it has died, and says so', async () => {
    const { app, connections, page } = setUp();
    app.commands.startReceive();
    await settled();
    const { text } = shownCode(app);
    page.onReturn?.();
    await settled();
    expect(shownCode(app).text).toBe(text);
    const [waiting] = connections;
    if (waiting === undefined) throw new Error('no connection');
    waiting.isAlive = false;
    page.onReturn?.();
    await settled();
    expect(shownCode(app).text).not.toBe(text);
    expect(app.model.notice.value).toEqual({ type: 'info', message: 'code-renewed' });
    expect(waiting.isClosed).toBe(true);
  });

  test('is made as soon as there is a network', async () => {
    const fakes = setUp();
    fakes.failNext(new TransferError('no-network', 'host', 'made up'));
    fakes.app.commands.startReceive();
    await settled();
    fakes.page.onReturn?.();
    await settled();
    expect(shownCode(fakes.app).kind).toBe('open');
  });

  test('that was shared or copied stays when the camera starts', async () => {
    const { app, shared, connections } = setUp();
    app.commands.startReceive();
    await settled();
    app.commands.shareLink();
    expect(shared).toEqual([shownCode(app).link]);
    app.commands.startCamera({} as HTMLVideoElement);
    await settled();
    expect(connections).toHaveLength(1);
  });
});

describe('opened by a link', () => {
  test('hands the code to the tab that waits for it', async () => {
    let openedTab: Fakes | undefined;
    const waiting = setUp({ seed: 1, postToTabs: (message) => openedTab?.ports.tabs.onMessage?.(message) });
    waiting.app.commands.startReceive();
    await settled();
    const mine = waiting.connections[0]?.description;
    if (mine === undefined) throw new Error('no connection');
    const fragment = ticketText(
      encodeTicket({ kind: 'reply', repliesTo: ticketId(mine), createdMinute: 29_833_333, description: theirs }),
    );
    const toWaiting = (message: TabMessage): void => waiting.ports.tabs.onMessage?.(message);
    const queued: TabMessage[] = [];
    openedTab = fakePorts({ seed: 2, fragment, postToTabs: (message) => queued.push(message) });
    const opened = createApp(openedTab.ports);
    for (let message = queued.shift(); message !== undefined; message = queued.shift()) toWaiting(message);
    await settled();
    expect(opened.model.screen.value).toBe('handed-over');
    expect(waiting.connections[0]?.applied).toHaveLength(1);
    expect(waiting.app.model.pairing.value.state).toBe('connecting');
  });

  test('becomes the peer itself when no tab waits', async () => {
    const { app, clock } = setUp({ fragment: theirOpenCode });
    clock.pass(1_000);
    await settled();
    expect(app.model.screen.value).toBe('pair');
    expect(shownCode(app).kind).toBe('reply');
  });

  test('a reply that no tab waits for says so', async () => {
    const fragment = ticketText(
      encodeTicket({ kind: 'reply', repliesTo: 7, createdMinute: 29_833_333, description: theirs }),
    );
    const { app, clock } = setUp({ fragment });
    clock.pass(1_000);
    await settled();
    expect(app.model.screen.value).toBe('home');
    expect(noticeCode(app)).toBe('reply-to-other');
  });
});

describe('the link', () => {
  test('lost: told, kept, and paired again with a fresh code', async () => {
    const fakes = setUp();
    fakes.app.commands.startReceive();
    await connected(fakes);
    fakes.tell({ type: 'linkClosed', linkId: fakes.attached.at(-1) ?? -1 });
    expect(fakes.app.model.link.value).toBe('lost');
    expect(fakes.app.model.screen.value).toBe('transfer');
    fakes.app.commands.pairAgain();
    await settled();
    expect(fakes.app.model.screen.value).toBe('pair');
    expect(fakes.connections).toHaveLength(2);
    await connected(fakes);
    expect(fakes.app.model.link.value).toBe('connected');
  });

  test('a connection that fails while it is the living link counts as lost', async () => {
    const fakes = setUp();
    fakes.app.commands.startReceive();
    await connected(fakes);
    const error = new TransferError('connect-timeout', 'host', 'made up');
    fakes.connections[0]?.options.onFailed(error);
    expect(fakes.app.model.link.value).toBe('lost');
    expect(fakes.connections[0]?.isClosed).toBe(true);
  });
});

describe('receiving', () => {
  test('a place that goes with the window is told before anything is offered', () => {
    const { app, tell } = setUp();
    expect(app.model.place.value).toBeUndefined();
    tell({ type: 'storage', kind: 'indexeddb', isTemporary: true, roomBytes: 10_000 });
    expect(app.model.place.value).toEqual({ isTemporary: true, roomBytes: 10_000 });
  });

  test('accepts, verifies and saves under the last part of the path', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.startReceive();
    await connected(fakes);
    fakes.tell({
      type: 'transfer',
      transfer: {
        transferId: 't1',
        direction: 'receiving',
        kind: 'files',
        needsFiles: false,
        state: 'offered',
        files: [
          { path: 'trip/a.jpg', sizeBytes: 10, lastModifiedEpochMs: 0 },
          { path: 'b.txt', sizeBytes: 5, lastModifiedEpochMs: 0 },
        ],
        fileCount: 2,
        totalBytes: 15,
        bytesDone: 0,
      },
    });
    const [transfer] = app.model.transfers.value;
    app.commands.accept('t1');
    expect(fakes.commands.at(-1)).toEqual({ type: 'accept', transferId: 't1' });
    fakes.tell({ type: 'state', transferId: 't1', state: 'running' });
    fakes.tell({ type: 'progress', transferId: 't1', bytesDone: 7 });
    expect(transfer?.bytesDone.value).toBe(7);
    fakes.tell({ type: 'state', transferId: 't1', state: 'verified', root: 'ab' });
    expect([transfer?.state.value, transfer?.bytesDone.value, transfer?.root.value]).toEqual(['verified', 15, 'ab']);
    for (const fileIndex of [0, 1]) {
      app.commands.saveFile('t1', fileIndex);
      await settled();
    }
    expect(fakes.saver.files).toEqual(['a.jpg', 'b.txt']);
    expect(fakes.commands.at(-1)).toEqual({ type: 'markSaved', transferId: 't1' });
  });
});
