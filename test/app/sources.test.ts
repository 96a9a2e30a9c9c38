import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import type { App, TransferView } from '../../src/app/model.ts';
import type { PickedItem } from '../../src/ports/source-picker.ts';
import type { TransferSummary } from '../../src/ports/transfer-engine.ts';
import { fakeDirectory, fakeFile } from '../support/fake-handles.ts';
import { fakePorts } from './fake-ports.ts';

type Fakes = ReturnType<typeof fakePorts> & { readonly app: App };

function setUp(): Fakes {
  const fakes = fakePorts({ seed: 1 });
  return { ...fakes, app: createApp(fakes.ports) };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}

const handle = fakeDirectory('dir', [fakeFile('a'), fakeFile('b')]);
const folder: PickedItem = {
  kind: 'folder',
  name: 'dir',
  handle,
  files: ['dir/a', 'dir/b'].map((path) => ({ path, file: new File([path], path.slice(4)) })),
};

const interrupted: TransferSummary = {
  transferId: 't1',
  direction: 'sending',
  kind: 'files',
  state: 'interrupted',
  needsFiles: true,
  files: folder.files.map(({ path }) => ({ path, sizeBytes: 5, lastModifiedEpochMs: 1 })),
  fileCount: 2,
  totalBytes: 10,
  bytesDone: 5,
};

function view({ app }: Fakes): TransferView {
  const [first] = app.model.transfers.value;
  if (first === undefined) throw new Error('no transfer');
  return first;
}

function attached({ commands }: Fakes): readonly (readonly [string, readonly string[]])[] {
  return commands.flatMap((command) =>
    command.type === 'attachFiles' ? [[command.transferId, command.files.map(({ path }) => path)] as const] : [],
  );
}

describe('handles', () => {
  test('are remembered for what is sent, and forgotten when it ended', async () => {
    for (const state of ['verified', 'declined', 'cancelled', 'failed', 'removed'] as const) {
      const fakes = setUp();
      fakes.picked.push(folder);
      fakes.app.commands.showTransfers();
      fakes.app.commands.chooseFolder();
      await settled();
      const [sent] = fakes.commands;
      if (sent?.type !== 'send') throw new Error('nothing was sent');
      const { transferId } = sent;
      expect(fakes.sourceHandles.kept.get(transferId)?.handles).toEqual([handle]);
      const queued = { ...interrupted, transferId, state: 'queued', needsFiles: false } as const;
      fakes.tell({ type: 'transfer', transfer: queued });
      fakes.tell({ type: 'state', transferId, state: 'interrupted' });
      await settled();
      expect(fakes.sourceHandles.kept.size).toBe(1);
      fakes.tell(state === 'removed' ? { type: 'removed', transferId } : { type: 'state', transferId, state });
      await settled();
      expect(fakes.sourceHandles.kept.size, state).toBe(0);
    }
  });

  test('are forgotten when the transfer ended before the page was opened', async () => {
    const fakes = setUp();
    fakes.sourceHandles.kept.set('t1', { handles: [handle], texts: [] });
    fakes.tell({ type: 'transfer', transfer: { ...interrupted, state: 'verified', needsFiles: false } });
    await settled();
    expect(fakes.sourceHandles.kept.size).toBe(0);
  });

  test('that may be opened without asking are opened at once', async () => {
    const fakes = setUp();
    fakes.sourceHandles.kept.set('t1', { handles: [handle], texts: [] });
    fakes.tell({ type: 'transfer', transfer: interrupted });
    await settled();
    expect(attached(fakes)).toEqual([['t1', ['dir/a', 'dir/b']]]);
    expect(view(fakes).needsFiles.value?.sources).toBe('opening');
    fakes.tell({ type: 'attached', transferId: 't1', missing: [], changed: [] });
    expect(view(fakes).needsFiles.value).toBeUndefined();
    expect(fakes.commands).toHaveLength(1);
  });

  test('that the person has to allow are opened with one click', async () => {
    const fakes = setUp();
    fakes.sourceHandles.kept.set('t1', { handles: [handle], texts: [] });
    fakes.sourceHandles.permission = 'denied';
    fakes.tell({ type: 'transfer', transfer: interrupted });
    await settled();
    expect(view(fakes).needsFiles.value?.sources).toBe('ask');
    fakes.app.commands.reopenFiles('t1');
    await settled();
    expect(view(fakes).needsFiles.value?.sources).toBe('refused');
    fakes.sourceHandles.permission = 'prompt';
    // Told again, as with more of its files: what it takes is known.
    fakes.tell({ type: 'transfer', transfer: interrupted });
    expect(view(fakes).needsFiles.value?.sources).toBe('refused');
    fakes.app.commands.reopenFiles('t1');
    await settled();
    expect(attached(fakes)).toEqual([['t1', ['dir/a', 'dir/b']]]);
  });

  test('a text is opened again by itself', async () => {
    const fakes = setUp();
    const text = { path: 'text.txt', text: 'hello', lastModifiedEpochMs: 7 };
    fakes.sourceHandles.kept.set('t1', { handles: [], texts: [text] });
    fakes.tell({ type: 'transfer', transfer: { ...interrupted, kind: 'text' } });
    await settled();
    expect(attached(fakes)).toEqual([['t1', ['text.txt']]]);
  });
});

describe('files that are chosen again', () => {
  test('are given to the transfer under its paths; what is missing is named, and may follow', async () => {
    const fakes = setUp();
    fakes.tell({ type: 'transfer', transfer: interrupted });
    await settled();
    expect(view(fakes).needsFiles.value).toEqual({ sources: 'none', missing: [] });
    fakes.app.commands.addFilesAgain('t1', [new File(['x'], 'a')]);
    expect(attached(fakes)).toEqual([['t1', ['dir/a']]]);
    fakes.tell({ type: 'attached', transferId: 't1', missing: ['dir/b'], changed: [] });
    expect(view(fakes).needsFiles.value).toEqual({ sources: 'none', missing: ['dir/b'] });
    fakes.app.commands.addFilesAgain('t1', [new File(['x'], 'b')]);
    fakes.tell({ type: 'attached', transferId: 't1', missing: [], changed: [] });
    expect(view(fakes).needsFiles.value).toBeUndefined();
  });

  test('that changed are named, and go as a new transfer by themselves', async () => {
    const fakes = setUp();
    fakes.picked.push(folder);
    fakes.tell({ type: 'transfer', transfer: interrupted });
    await settled();
    fakes.app.commands.chooseFolderAgain('t1');
    await settled();
    fakes.tell({ type: 'attached', transferId: 't1', missing: [], changed: ['dir/b'] });
    await settled();
    expect(view(fakes).sentAnew.value).toEqual(['dir/b']);
    const sent = fakes.commands.filter((command) => command.type === 'send');
    expect(sent.map(({ files }) => files.map(({ path }) => path))).toEqual([['dir/b']]);
    // Both can be gone on with after the next reload.
    expect(new Set(fakes.sourceHandles.kept.keys())).toEqual(new Set(['t1', sent[0]?.transferId]));
  });
});

describe('what the engine says of a transfer', () => {
  test('who paused it, and what became of files', async () => {
    const fakes = setUp();
    fakes.tell({ type: 'transfer', transfer: { ...interrupted, needsFiles: false, state: 'running' } });
    fakes.app.commands.pause('t1');
    fakes.app.commands.resume('t1');
    expect(fakes.commands).toEqual([
      { type: 'pause', transferId: 't1' },
      { type: 'resume', transferId: 't1' },
    ]);
    fakes.tell({ type: 'state', transferId: 't1', state: 'paused', pausedBy: 'both' });
    expect([view(fakes).state.value, view(fakes).pausedBy.value]).toEqual(['paused', 'both']);
    fakes.tell({ type: 'state', transferId: 't1', state: 'running' });
    expect(view(fakes).pausedBy.value).toBeUndefined();
    for (let repeated = 0; repeated < 2; repeated++) {
      fakes.tell({ type: 'file', transferId: 't1', fileIndex: 0, outcome: 'identical' });
      fakes.tell({ type: 'file', transferId: 't1', fileIndex: 1, outcome: 'withdrawn' });
    }
    expect(view(fakes).identicalCount.value).toBe(1);
    expect(view(fakes).withdrawn.value).toEqual({ count: 1, names: ['dir/b'] });
  });
});
