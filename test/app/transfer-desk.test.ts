import { describe, expect, test } from 'vitest';
import { ownPlace } from '../../src/core/transfer/store-layout.ts';
import type { SavingView, TransferView } from '../../src/app/model.ts';
import { TransferDesk } from '../../src/app/transfer-desk.ts';
import type { ListedFile, TransferState, TransferSummary } from '../../src/ports/transfer-engine.ts';
import { fakePorts } from './fake-ports.ts';

const MB = 1_000_000;

function listed(path: string, sizeBytes = 10): ListedFile {
  return { path, sizeBytes, lastModifiedEpochMs: 5 };
}

const TRIP = [listed('trip/a.jpg'), listed('trip/b/c.txt', 5), { ...listed('trip/none', 0), isFolder: true } as const];

function setUp(options: Partial<Parameters<typeof fakePorts>[0]> = {}) {
  const fakes = fakePorts({ seed: 1, ...options });
  const said: string[] = [];
  const copied: [string, string][] = [];
  let resumed = 0;
  const desk = new TransferDesk(fakes.ports, {
    onError: (cause) => said.push(`error: ${String(cause)}`),
    onInfo: (message) => said.push(message),
    onCopy: (text, message) => copied.push([text, message]),
    onResume: () => (resumed += 1),
  });
  /** A transfer that this device receives, in this state. */
  const known = (summary: Partial<TransferSummary> & { readonly files: readonly ListedFile[] }): TransferView => {
    const whole: TransferSummary = {
      transferId: 't1',
      direction: 'receiving',
      kind: 'files',
      needsFiles: false,
      state: 'verified',
      fileCount: summary.files.length,
      totalBytes: summary.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      bytesDone: 0,
      ...summary,
    };
    desk.heard({ type: 'transfer', transfer: whole });
    const transfer = desk.transfers.get(whole.transferId);
    if (transfer === undefined) throw new Error('not known');
    return transfer;
  };
  const diskFull = (transferId = 't1'): void => {
    const failure = { code: 'disk-full', origin: 'host', message: 'made up' } as const;
    desk.heard({ type: 'state', transferId, state: 'paused', failure });
  };
  const posted = (type: string): readonly string[] =>
    fakes.commands.flatMap((command) => (command.type === type && 'transferId' in command ? [command.transferId] : []));
  return {
    ...fakes,
    desk,
    engineCommands: fakes.commands,
    commands: desk.commands,
    said,
    copiedTexts: copied,
    resumed: () => resumed,
    known,
    diskFull,
    posted,
  };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

function way(transfer: TransferView): SavingView['way'] | undefined {
  return transfer.saving.value?.way;
}

describe('saving', () => {
  test('one file is a download under the last part of its path', async () => {
    const { commands, known, saver, posted } = setUp();
    const transfer = known({ files: [listed('deep/in/a.jpg')] });
    commands.saveAll('t1');
    await settled();
    expect(saver.files).toEqual(['a.jpg']);
    expect(transfer.isSaved.value).toBe(true);
    expect(posted('markSaved')).toEqual(['t1']);
  });

  test('several are one zip, named after the folder that all are in, with paths, times and empty folders', async () => {
    const { commands, known, saver, posted, desk } = setUp();
    const transfer = known({ files: TRIP });
    commands.saveAll('t1');
    commands.saveAll('t1');
    commands.saveToFolder('t1');
    await settled();
    expect(saver.jobs.map((begun) => [begun.way, begun.job])).toEqual([
      [
        'zip',
        {
          transferId: 't1',
          name: 'trip',
          entries: TRIP.map((file, fileIndex) => ({ fileIndex, stored: ownPlace(fileIndex, file.sizeBytes), ...file })),
        },
      ],
    ]);
    expect(way(transfer)).toBe('zip');
    expect(desk.transfers.isBusy()).toBe(true);
    saver.jobs[0]?.listener.onProgress(7);
    expect(transfer.saving.value?.bytesSaved.value).toBe(7);
    // The zip's own headers are bytes too.
    saver.jobs[0]?.listener.onProgress(700);
    expect(transfer.saving.value?.bytesSaved.value).toBe(15);
    saver.end('saved');
    await settled();
    expect([transfer.isSaved.value, way(transfer), desk.transfers.isBusy()]).toEqual([true, undefined, false]);
    expect([...transfer.savedFiles.value]).toEqual([0, 1, 2]);
    expect(posted('markSaved')).toEqual(['t1']);
  });

  test('what is in no folder is named after the day', async () => {
    const { commands, known, saver } = setUp();
    known({ files: [listed('trip/a'), listed('tripod')] });
    commands.saveAll('t1');
    await settled();
    expect(saver.jobs[0]?.job.name).toMatch(/^Heliograph \d{4}-\d\d-\d\d$/);
  });

  test('without a service worker each file is a download, and that is said', async () => {
    const { commands, known, saver, said } = setUp();
    const transfer = known({ files: TRIP });
    commands.saveAll('t1');
    await settled();
    saver.end('unavailable');
    await settled();
    expect(said).toEqual(['saved-one-by-one']);
    expect(saver.files).toEqual(['a.jpg', 'c.txt']);
    expect(transfer.isSaved.value).toBe(true);
  });

  test('stopped, or a folder not picked after all, leaves it unsaved', async () => {
    const { commands, known, saver, posted } = setUp();
    const transfer = known({ files: TRIP });
    commands.saveToFolder('t1');
    await settled();
    expect(way(transfer)).toBe('folder');
    commands.stopSaving('t1');
    await settled();
    expect([way(transfer), transfer.isSaved.value]).toEqual([undefined, false]);
    saver.picksFolder = false;
    commands.saveToFolder('t1');
    await settled();
    expect(saver.jobs).toHaveLength(1);
    expect(posted('markSaved')).toEqual([]);
  });

  test('leaves out what the sender withdrew, and is whole without it', async () => {
    const { commands, known, saver, desk } = setUp();
    const transfer = known({ files: TRIP });
    desk.heard({ type: 'file', transferId: 't1', fileIndex: 1, outcome: 'withdrawn' });
    commands.saveAll('t1');
    await settled();
    expect(saver.jobs[0]?.job.entries.map(({ fileIndex }) => fileIndex)).toEqual([0, 2]);
    saver.end('saved');
    await settled();
    expect(transfer.isSaved.value).toBe(true);
  });

  test('goes by the share sheet where downloads lead nowhere', async () => {
    const { commands, known, saver } = setUp({ canShareFiles: true });
    const transfer = known({ files: TRIP });
    commands.saveAll('t1');
    await settled();
    expect(saver.shared).toEqual([['a.jpg', 'c.txt']]);
    expect(transfer.isSaved.value).toBe(true);
  });

  test('what was saved before a reload is marked, and what was not is not', async () => {
    const { known } = setUp();
    const [saved, other] = [known({ transferId: 'saved-before', files: TRIP }), known({ files: TRIP })];
    await settled();
    expect([saved.isSaved.value, other.isSaved.value]).toEqual([true, false]);
  });

  test('a failure is told, and it can be tried again', async () => {
    const { commands, known, saver, said } = setUp();
    const transfer = known({ files: TRIP });
    saver.saveZip = () => Promise.reject(new Error('made up'));
    commands.saveAll('t1');
    await settled();
    expect(said).toEqual(['error: Error: made up']);
    expect([way(transfer), transfer.isSaved.value]).toEqual([undefined, false]);
  });
});

describe('texts and receipts', () => {
  test('a received text is read once it was verified, and copied', async () => {
    const received = new Map([['t1/0', new Blob(['Grüße <b>'])]]);
    const { commands, known, desk, copiedTexts } = setUp({ received });
    const transfer = known({ kind: 'text', state: 'running', files: [listed('text.txt')] });
    await settled();
    expect(transfer.text.value).toBeUndefined();
    desk.heard({ type: 'state', transferId: 't1', state: 'verified', root: 'ab12' });
    await settled();
    expect(transfer.text.value).toBe('Grüße <b>');
    commands.copyReceivedText('t1');
    commands.copyReceipt('t1');
    expect(copiedTexts).toEqual([
      ['Grüße <b>', 'received-text-copied'],
      ['ab12', 'receipt-copied'],
    ]);
  });

  test.each([
    ['is too long for a text', { kind: 'text', files: [listed('a', 262_145)] }],
    ['has several files', { kind: 'text', files: [listed('a'), listed('b')] }],
    ['was sent', { kind: 'text', direction: 'sending', files: [listed('a')] }],
    ['is files', { kind: 'files', files: [listed('a')] }],
  ] as const)('what %s is not read', async (_what, summary) => {
    const { known } = setUp();
    const transfer = known(summary);
    await settled();
    expect(transfer.text.value).toBeUndefined();
  });
});

describe('room', () => {
  test('an offer that does not fit says how much is missing, and can be accepted all the same', async () => {
    const { commands, known, space, desk, posted } = setUp();
    space.usedBytes = 900 * MB;
    space.quotaBytes = 1_000 * MB;
    const transfer = known({ state: 'offered', files: [listed('a', 130 * MB)] });
    await settled();
    expect(transfer.missingBytes.value).toBe(30 * MB);
    expect(desk.room.view.value).toMatchObject({ usedBytes: 900 * MB, freeBytes: 100 * MB });
    commands.accept('t1');
    expect(posted('accept')).toEqual(['t1']);
  });

  test.each([
    ['the browser does not say', undefined, undefined],
    ['there is as much as browsers ever admit to', 5 * MB, 5 * MB + 10 * 1024 ** 3],
  ])('nothing is missing where %s', async (_where, usedBytes, quotaBytes) => {
    const { known, space } = setUp();
    Object.assign(space, { usedBytes, quotaBytes });
    const transfer = known({ state: 'offered', files: [listed('a', 100_000 * MB)] });
    await settled();
    expect(transfer.missingBytes.value).toBe(0);
  });

  test('the browser is asked once to keep what is stored, and only for much', async () => {
    const { commands, known, space, desk, preferences } = setUp();
    known({ state: 'offered', files: [listed('a', 64 * 1024 * 1024)] });
    expect(desk.room.view.value.asksAboveBytes).toBe(64 * 1024 * 1024);
    commands.accept('t1');
    expect(space.persistAsked).toBe(0);
    known({ transferId: 't2', state: 'offered', files: [listed('a', 64 * 1024 * 1024 + 1)] });
    commands.accept('t2');
    commands.accept('t2');
    expect(space.persistAsked).toBe(1);
    expect(desk.room.view.value.asksAboveBytes).toBeUndefined();
    expect(preferences.get('persist-asked')).toBe('yes');
  });

  test('a full disk says what is missing of the files that were not begun', async () => {
    const { known, space, desk, diskFull } = setUp();
    Object.assign(space, { usedBytes: 100 * MB, quotaBytes: 130 * MB });
    const files = [listed('a', 20 * MB), listed('b', 50 * MB), listed('c', 70 * MB)];
    const transfer = known({ state: 'running', files });
    // Not far into b, which has perhaps not begun.
    desk.heard({ type: 'progress', transferId: 't1', bytesDone: 30 * MB });
    diskFull();
    await settled();
    expect(transfer.missingBytes.value).toBe(90 * MB);
    // In the middle of b, whose space was claimed when it began.
    desk.heard({ type: 'progress', transferId: 't1', bytesDone: 60 * MB });
    expect(transfer.missingBytes.value).toBe(40 * MB);
  });

  test('what a full disk has paused goes on when an estimate shows room, looked at every five seconds', async () => {
    const { known, space, diskFull, posted, clock } = setUp();
    Object.assign(space, { usedBytes: 100 * MB, quotaBytes: 130 * MB });
    known({ state: 'running', files: [listed('a', 40 * MB)] });
    diskFull();
    await settled();
    clock.pass(5_000);
    await settled();
    expect(posted('resume')).toEqual([]);
    space.usedBytes = 80 * MB;
    clock.pass(4_999);
    await settled();
    expect(posted('resume')).toEqual([]);
    clock.pass(1);
    await settled();
    expect(posted('resume')).toEqual(['t1']);
  });

  test('an estimate that was wrong is believed less and less often, until something is deleted', async () => {
    const { known, diskFull, desk, posted, clock } = setUp();
    known({ state: 'running', files: [listed('a', 40 * MB)] });
    diskFull();
    await settled();
    let atMs = 0;
    const triedAtMs: number[] = [];
    for (; atMs < 200_000; atMs += 5_000) {
      const before = posted('resume').length;
      clock.pass(5_000);
      await settled();
      if (posted('resume').length === before) continue;
      triedAtMs.push(atMs + 5_000);
      desk.heard({ type: 'state', transferId: 't1', state: 'running' });
      await settled();
      diskFull();
      await settled();
    }
    expect(triedAtMs).toEqual([5_000, 15_000, 35_000, 75_000, 135_000, 195_000]);
    const before = posted('resume').length;
    desk.heard({ type: 'removed', transferId: 'something-else' });
    await settled();
    expect(posted('resume').length).toBe(before + 1);
  });

  test('what a person has paused, and the full disk of the other device, are left alone', async () => {
    const { known, desk, diskFull, posted, clock } = setUp();
    known({ state: 'running', files: [listed('a')] });
    known({ transferId: 't2', direction: 'sending', state: 'running', files: [listed('a')] });
    desk.heard({ type: 'state', transferId: 't1', state: 'paused', pausedBy: 'here' });
    diskFull('t2');
    await settled();
    clock.pass(120_000);
    await settled();
    expect(posted('resume')).toEqual([]);
  });
});

test('clears everything that is not under way', async () => {
  const { commands, known, posted } = setUp();
  const states: readonly TransferState[] = [
    'queued',
    'offered',
    'running',
    'paused',
    'interrupted',
    'elsewhere',
    'verified',
    'declined',
    'cancelled',
    'failed',
  ];
  for (const state of states) known({ transferId: state, state, files: TRIP });
  known({ transferId: 'saving', state: 'verified', files: TRIP });
  commands.saveAll('saving');
  commands.clearAll();
  expect(posted('discard')).toEqual(['paused', 'interrupted', 'verified', 'declined', 'cancelled', 'failed']);
});

test('resuming goes to where the transfer goes on', () => {
  const { commands, known, posted, resumed } = setUp();
  known({ state: 'interrupted', files: TRIP });
  commands.resume('t1');
  expect([posted('resume'), resumed()]).toEqual([['t1'], 1]);
});

describe('accepting into a folder', () => {
  test('hands the picked folder over, and says its name', async () => {
    const { commands, known, posted, engineCommands } = setUp();
    const transfer = known({ state: 'offered', files: TRIP });
    commands.acceptToFolder('t1');
    await settled();
    expect(posted('accept')).toEqual(['t1']);
    expect(engineCommands).toContainEqual({ type: 'accept', transferId: 't1', folder: { name: 'Pictures' } });
    expect(transfer.folderName.value).toBe('Pictures');
  });

  test('leaves the offer as it is when the person changes their mind', async () => {
    const { commands, known, posted, saver } = setUp();
    const transfer = known({ state: 'offered', files: TRIP });
    saver.picksFolder = false;
    commands.acceptToFolder('t1');
    await settled();
    expect(posted('accept')).toEqual([]);
    expect(transfer.folderName.value).toBeUndefined();
  });

  test('keeps the name of the folder that is wanted while another one may be given', async () => {
    const { commands, known, posted } = setUp();
    const transfer = known({ state: 'paused', files: TRIP, folderName: 'Holiday' });
    commands.acceptToFolder('t1');
    await settled();
    expect(posted('accept')).toEqual(['t1']);
    expect(transfer.folderName.value).toBe('Holiday');
  });
});
