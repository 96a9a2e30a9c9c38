import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { downloadFile } from '../../../src/adapters/files/download-saver.ts';

interface FakeLink {
  href: string;
  download: string;
  click: () => void;
  remove: () => void;
}

const clicks: { href: string; download: string }[] = [];
let urls = 0;
const revoked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  clicks.length = 0;
  revoked.length = 0;
  vi.stubGlobal('document', {
    body: { append: () => undefined },
    createElement: (): FakeLink => {
      const link: FakeLink = {
        href: '',
        download: '',
        click: () => clicks.push({ href: link.href, download: link.download }),
        remove: () => undefined,
      };
      return link;
    },
  });
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    urls++;
    return `blob:${urls}:${blob instanceof Blob ? blob.type : 'none'}`;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('clicks a link with the name, as a type that nothing displays, and revokes it a minute later', async () => {
  await downloadFile(new Blob(['x'], { type: 'text/html' }), 'a b.html');
  expect(clicks).toEqual([
    { href: expect.stringMatching(/^blob:\d+:application\/octet-stream$/), download: 'a b.html' },
  ]);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(revoked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(revoked).toEqual([clicks[0]?.href]);
});

test('starts one download at a time, in order', async () => {
  await vi.advanceTimersByTimeAsync(1000);
  const saves = ['1', '2', '3'].map((name) => downloadFile(new Blob([name]), name));
  await saves[0];
  expect(clicks.map(({ download }) => download)).toEqual(['1']);
  await vi.advanceTimersByTimeAsync(250);
  expect(clicks.map(({ download }) => download)).toEqual(['1', '2']);
  await vi.advanceTimersByTimeAsync(250);
  await Promise.all(saves);
  expect(clicks.map(({ download }) => download)).toEqual(['1', '2', '3']);
});
