import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ZipNews, ZipOrder, ZipWish } from '../../src/adapters/files/zip-messages.ts';
import { ownPlace } from '../../src/core/transfer/store-layout.ts';
import type { SaveEntry } from '../../src/ports/saver.ts';
import { contentDisposition, ZipDownloads } from '../../src/sw/zip-downloads.ts';
import { readZip, type ZipEntry } from '../support/zip-reader.ts';

const SCOPE = 'https://example.test/folder/';
const NOON = new Date(2026, 10, 21, 12, 0, 0).getTime();

/** The page's end of an order: what it was told, and a way to say stop. */
class FakePort {
  readonly news: ZipNews[] = [];
  wish: (type: ZipWish['type']) => void = () => {
    throw new Error('nobody listens');
  };

  postMessage(news: ZipNews): void {
    this.news.push(news);
  }

  addEventListener(_type: 'message', listener: (event: { readonly data: ZipWish }) => void): void {
    this.wish = (type) => listener({ data: { type } });
  }

  start(): void {}

  get url(): string {
    const [first] = this.news;
    if (first?.type !== 'ready') throw new Error(`wanted a URL first, got ${first?.type}`);
    return first.url;
  }

  get last(): string | undefined {
    return this.news.at(-1)?.type;
  }
}

interface Service {
  readonly zips: ZipDownloads;
  readonly opened: number[];
}

function service(contents: ReadonlyMap<number, Blob>): Service {
  const opened: number[] = [];
  let names = 0;
  const zips = new ZipDownloads({
    scope: SCOPE,
    blob: async (transferId, { storedIndex: fileIndex }) => {
      opened.push(fileIndex);
      const blob = contents.get(fileIndex);
      if (transferId !== 't1' || blob === undefined) throw new Error(`no file ${transferId}/${fileIndex}`);
      return blob;
    },
    uniqueName: () => `name-${++names}`,
  });
  return { zips, opened };
}

function file(fileIndex: number, path: string, sizeBytes: number, lastModifiedEpochMs = NOON): SaveEntry {
  return { fileIndex, stored: ownPlace(fileIndex, sizeBytes), path, sizeBytes, lastModifiedEpochMs };
}

function order(...entries: readonly SaveEntry[]): ZipOrder {
  return { type: 'ZIP', transferId: 't1', name: 'trip', entries };
}

const CONTENTS = new Map([
  [0, new Blob(['hello'])],
  [1, new Blob([])],
  [3, new Blob([new Uint8Array(9 * 1024 * 1024).fill(7)])],
]);
const ORDER = order(
  file(0, 'trip/a.txt', 5),
  file(1, 'trip/Größe 日本.bin', 0),
  { ...file(2, 'trip/none', 0, 0), isFolder: true },
  file(3, 'trip/b/c', 9 * 1024 * 1024, 0),
);

async function unzip(response: Response): Promise<readonly ZipEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heliograph-zip-'));
  try {
    const path = join(folder, 'a.zip');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    await writeFile(path, bytes);
    return await readZip(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('streams every file with its path and time, and empty folders, as long as it said', async () => {
  const { zips } = service(CONTENTS);
  const port = new FakePort();
  const over = zips.accept(ORDER, port);
  expect(zips.owns(port.url)).toBe(true);
  const response = zips.answer(port.url);
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="trip.zip"; filename*=UTF-8''trip.zip`,
  );
  const entries = await unzip(response);
  expect(entries.map(({ name, sizeBytes, modified }) => [name, sizeBytes, modified.getTime()])).toEqual([
    ['trip/a.txt', 5, NOON],
    ['trip/Größe 日本.bin', 0, NOON],
    // Before 1980, which is where a zip's calendar begins.
    ['trip/none/', 0, new Date(1980, 0, 1).getTime()],
    ['trip/b/c', 9 * 1024 * 1024, new Date(1980, 0, 1).getTime()],
  ]);
  await over;
  const told = port.news.map(({ type }) => type);
  expect([told[0], told[1], told.at(-1)]).toEqual(['ready', 'started', 'done']);
  const progress = port.news.flatMap((news) => (news.type === 'progress' ? [news.bytesSaved] : []));
  expect(progress.length).toBeGreaterThan(0);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
});

test('promises the exact length for any names and sizes', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/^\/*$/.test(text));
  const entry = fc.tuple(name, fc.nat(5_000), fc.boolean(), fc.maxSafeNat());
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (drawn) => {
      const contents = new Map(drawn.map(([, size], index) => [index, new Blob([new Uint8Array(size)])]));
      const entries = drawn.map(([path, sizeBytes, isFolder, time], fileIndex): SaveEntry => {
        const plain = file(fileIndex, path, sizeBytes, time);
        return isFolder ? { ...plain, sizeBytes: 0, isFolder: true } : plain;
      });
      const { zips } = service(contents);
      const port = new FakePort();
      void zips.accept(order(...entries), port);
      const response = zips.answer(port.url);
      const bytes = await response.arrayBuffer();
      expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
    }),
    { numRuns: 60 },
  );
});

test('opens a file only when the one before it was taken', async () => {
  const { zips, opened } = service(CONTENTS);
  const port = new FakePort();
  void zips.accept(ORDER, port);
  const reader = zips.answer(port.url).body?.getReader();
  if (reader === undefined) throw new Error('no body');
  expect(opened).toEqual([]);
  await reader.read();
  expect(opened).toEqual([0]);
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read());
  expect(opened).toEqual([0, 1, 3]);
});

test('gives each URL once, and nothing for any other', async () => {
  const { zips } = service(CONTENTS);
  const port = new FakePort();
  void zips.accept(ORDER, port);
  expect(zips.answer(`${SCOPE}zip/guessed`).status).toBe(404);
  expect(zips.answer(port.url).status).toBe(200);
  expect(zips.answer(port.url).status).toBe(404);
  expect(zips.owns(`${SCOPE}index.html`)).toBe(false);
});

test('refuses at once what no zip can hold', async () => {
  const { zips } = service(CONTENTS);
  const port = new FakePort();
  await zips.accept(order(file(0, 'a', 0.5)), port);
  expect(port.news).toMatchObject([{ type: 'failed', message: expect.stringContaining('BigInt') }]);
});

describe('breaks off, and says so', () => {
  test.each([
    ['a file is gone', new Map([[0, new Blob(['hello'])]]), 'no file t1/1'],
    ['a file is not as long as it was', new Map([[0, new Blob(['hell'])]]), 'wanted 5 bytes, there are 4'],
  ])('when %s', async (_what, contents, message) => {
    const { zips } = service(contents);
    const port = new FakePort();
    const over = zips.accept(order(file(0, 'a', 5), file(1, 'b', 1)), port);
    await expect(zips.answer(port.url).arrayBuffer()).rejects.toThrow(message);
    await over;
    expect(port.news.at(-1)).toMatchObject({ type: 'failed', message: expect.stringContaining(message) });
  });

  test('when the person stops the download', async () => {
    const { zips } = service(CONTENTS);
    const port = new FakePort();
    const over = zips.accept(ORDER, port);
    const reader = zips.answer(port.url).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await over;
    expect(port.last).toBe('stopped');
  });

  test('when the page says stop, before it is asked for and after', async () => {
    const { zips } = service(CONTENTS);
    const [early, late] = [new FakePort(), new FakePort()];
    const overEarly = zips.accept(ORDER, early);
    early.wish('ping');
    expect(early.last).toBe('alive');
    early.wish('stop');
    await overEarly;
    expect(early.last).toBe('stopped');
    expect(zips.answer(early.url).status).toBe(404);
    const overLate = zips.accept(ORDER, late);
    const reader = zips.answer(late.url).body?.getReader();
    await reader?.read();
    late.wish('stop');
    await overLate;
    expect(late.last).toBe('stopped');
    await expect(reader?.read()).rejects.toThrow('stopped by the page');
    late.wish('stop');
    expect(late.news.filter(({ type }) => type === 'stopped')).toHaveLength(1);
  });
});

test.each([
  [
    'Ferien – Größe.zip',
    `attachment; filename="Ferien _ Gr__e.zip"; filename*=UTF-8''Ferien%20%E2%80%93%20Gr%C3%B6%C3%9Fe.zip`,
  ],
  [`it's "(1)*".zip`, `attachment; filename="it's _(1)*_.zip"; filename*=UTF-8''it%27s%20%22%281%29%2A%22.zip`],
  ['a\r\nb: c', `attachment; filename="a__b: c"; filename*=UTF-8''a%0D%0Ab%3A%20c`],
])('names %j so that every client understands it', (name, header) => {
  expect(contentDisposition(name)).toBe(header);
});
