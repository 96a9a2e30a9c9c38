import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import type { App } from '../../src/app/model.ts';
import { pickedItems } from '../../src/app/picked-files.ts';
import { ticketText } from '../../src/core/ticket/text.ts';
import { encodeTicket } from '../../src/core/ticket/ticket.ts';
import type { PickedItem, ReadingOptions } from '../../src/ports/source-picker.ts';
import { MAX_TEXT_BYTES } from '../../src/ports/transfer-engine.ts';
import { madeUpDescription } from '../support/descriptions.ts';
import { fakePorts } from './fake-ports.ts';

type Fakes = ReturnType<typeof fakePorts>;

function setUp(): Fakes & { app: App } {
  const fakes = fakePorts({ seed: 1 });
  return { ...fakes, app: createApp(fakes.ports) };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

const theirs = madeUpDescription(999, 'chromium');
const code = ticketText(encodeTicket({ kind: 'open', createdMinute: 29_833_333, description: theirs }));

async function connect(fakes: Fakes & { app: App }): Promise<void> {
  fakes.app.commands.readText(code);
  await settled();
  fakes.tell({ type: 'linkOpen', linkId: fakes.attached.at(-1) ?? -1, capabilities: 0 });
}

function sent({ commands }: Fakes) {
  return commands.filter((command) => command.type === 'send');
}

function clipboard(text: string, files: readonly File[] = []): DataTransfer {
  return { files, getData: () => text } as unknown as DataTransfer;
}

const folder: PickedItem = {
  kind: 'folder',
  name: 'dir',
  files: [
    { path: 'dir/a', file: new File(['abc'], 'a') },
    { path: 'dir/b', file: new File(['de'], 'b') },
    { path: 'dir/empty', file: undefined },
  ],
};

describe('choosing', () => {
  test('a folder is one item with its count and size, and goes as a whole', async () => {
    const { app, picked } = setUp();
    picked.push(folder);
    app.commands.startSend();
    app.commands.chooseFolder();
    await settled();
    app.commands.addFiles([new File(['x'], 'x.txt')]);
    expect(app.model.chosen.value).toEqual([
      { id: 1, kind: 'folder', name: 'dir', fileCount: 2, sizeBytes: 5 },
      { id: 2, kind: 'file', name: 'x.txt', fileCount: 1, sizeBytes: 1 },
    ]);
    app.commands.removeChosen(1);
    expect(app.model.chosen.value.map(({ id }) => id)).toEqual([2]);
    app.commands.removeAllChosen();
    expect(app.model.chosen.value).toEqual([]);
  });

  test('an empty folder is sent', async () => {
    const fakes = setUp();
    fakes.picked.push({ kind: 'folder', name: 'none', files: [{ path: 'none', file: undefined }] });
    await connect(fakes);
    fakes.app.commands.chooseFolder();
    await settled();
    expect(sent(fakes).map(({ files }) => files)).toEqual([[{ path: 'none', file: undefined }]]);
  });

  test('reading says how far it is, and can be stopped', async () => {
    const fakes = setUp();
    const { app } = fakes;
    let options: ReadingOptions = {};
    const waiting: ((items: readonly PickedItem[]) => void)[] = [];
    fakes.ports.sourcePicker.pickFolder = (given = {}) => {
      options = given;
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    };
    app.commands.startSend();
    app.commands.chooseFolder();
    expect(app.model.reading.value).toBeUndefined();
    options.onFound?.(1_234);
    expect(app.model.reading.value).toBe(1_234);
    app.commands.stopReading();
    expect(options.signal?.aborted).toBe(true);
    options.onFound?.(1_300);
    expect(app.model.reading.value).toBeUndefined();
    waiting[0]?.([folder]);
    await settled();
    expect(app.model.chosen.value).toEqual([]);
    expect(app.model.notice.value).toBeUndefined();
  });

  test('leaving for home stops reading, and forgets what was chosen and written', async () => {
    const { app, picked } = setUp();
    picked.push(folder);
    app.commands.startSend();
    app.commands.writeText('hello');
    app.commands.chooseFolder();
    app.commands.goHome();
    await settled();
    expect([app.model.chosen.value, app.model.draft.value, app.model.screen.value]).toEqual([[], '', 'home']);
  });
});

describe('a text', () => {
  test('goes along with what was chosen, as a transfer of its own', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.startSend();
    app.commands.addFiles([new File(['x'], 'x.txt')]);
    app.commands.writeText(' Grüße,\nme ');
    app.commands.shareChosen();
    expect(app.model.screen.value).toBe('pair');
    expect(app.model.chosen.value.at(-1)).toEqual({
      id: 2,
      kind: 'text',
      name: 'Grüße, me',
      fileCount: 0,
      sizeBytes: 0,
    });
    expect(app.model.draft.value).toBe('');
    await connect(fakes);
    expect(sent(fakes).map(({ kind }) => kind)).toEqual(['files', 'text']);
    const [, text] = sent(fakes);
    expect(text?.files.map(({ path }) => path)).toEqual(['text.txt']);
    expect(await text?.files[0]?.file?.text()).toBe(' Grüße,\nme ');
    expect(sent(fakes)[0]?.transferId).not.toBe(text?.transferId);
  });

  test('that is too long to be shown travels as a file', async () => {
    const fakes = setUp();
    await connect(fakes);
    for (const length of [MAX_TEXT_BYTES, MAX_TEXT_BYTES + 1]) {
      fakes.app.commands.writeText('x'.repeat(length));
      fakes.app.commands.sendText();
    }
    expect(sent(fakes).map(({ kind }) => kind)).toEqual(['text', 'files']);
  });

  test('of nothing but spaces is not sent', async () => {
    const fakes = setUp();
    await connect(fakes);
    fakes.app.commands.writeText(' \n');
    fakes.app.commands.sendText();
    expect(sent(fakes)).toEqual([]);
  });
});

describe('pasting', () => {
  test('a text is offered and not sent; a code is read', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.paste(clipboard('my password'));
    expect([app.model.screen.value, app.model.draft.value]).toEqual(['choose', 'my password']);
    app.commands.paste(clipboard(code));
    expect(app.model.screen.value).toBe('pair');
    await connect(fakes);
    app.commands.writeText('');
    app.commands.paste(clipboard('another'));
    expect(app.model.draft.value).toBe('another');
    expect(sent(fakes)).toEqual([]);
    // A code that is pasted over a living link does not end it.
    app.commands.paste(clipboard(code));
    expect([app.model.screen.value, app.model.draft.value]).toEqual(['transfer', code]);
  });

  test('while pairing, every text is taken for a code and every picture is looked at', async () => {
    const { app, pictureTexts } = setUp();
    app.commands.startReceive();
    app.commands.paste(clipboard('hello'));
    expect(app.model.notice.value).toMatchObject({ type: 'error', error: { code: 'not-a-ticket' } });
    const picture = new File(['pixels'], 'code.png', { type: 'image/png' });
    pictureTexts.set(picture, code);
    app.commands.paste(clipboard('', [picture]));
    await settled();
    expect(app.model.pairing.value.state).toBe('read');
  });

  test('files are added; of a text with its picture, the text is taken', async () => {
    const { app, picked } = setUp();
    const picture = new File(['pixels'], 'image.png', { type: 'image/png' });
    picked.push(...pickedItems([picture]));
    app.commands.paste(clipboard('', [picture]));
    await settled();
    expect([app.model.screen.value, app.model.chosen.value.length]).toEqual(['choose', 1]);
    app.commands.paste(clipboard('a\tb', [picture]));
    await settled();
    expect([app.model.draft.value, app.model.chosen.value.length]).toEqual(['a\tb', 1]);
  });
});
