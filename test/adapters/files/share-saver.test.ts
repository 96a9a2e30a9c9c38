import { afterEach, describe, expect, test, vi } from 'vitest';
import { canShareFiles, shareFiles } from '../../../src/adapters/files/share-saver.ts';

afterEach(() => vi.unstubAllGlobals());

const stub = (navigator: object, isStandalone = false): void => {
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: isStandalone && query === '(display-mode: standalone)' }));
};
const canShare = (): boolean => true;

describe('files go by the share sheet', () => {
  test.each([
    ['in an installed app on iOS', { canShare, standalone: true }, true, true],
    ['not in a tab on iOS', { canShare, standalone: false }, false, false],
    ['not in an installed app elsewhere', { canShare }, true, false],
    ['not where the system takes no files', { canShare: () => false, standalone: true }, true, false],
    ['not where there is no Web Share', { standalone: true }, true, false],
  ])('%s', (_where, navigator, isStandalone, expected) => {
    stub(navigator, isStandalone);
    expect(canShareFiles()).toBe(expected);
  });
});

test('names the files, and tells a change of mind from a failure', async () => {
  const files = [{ blob: new Blob(['abc']), name: 'a.txt' }];
  const shared: File[] = [];
  stub({ share: async (data: { files: File[] }) => void shared.push(...data.files) });
  expect(await shareFiles(files)).toBe('saved');
  expect(shared.map(({ name, size }) => [name, size])).toEqual([['a.txt', 3]]);
  stub({ share: () => Promise.reject(new DOMException('closed', 'AbortError')) });
  expect(await shareFiles(files)).toBe('stopped');
  stub({ share: () => Promise.reject(new DOMException('no click', 'NotAllowedError')) });
  await expect(shareFiles(files)).rejects.toMatchObject({ code: 'save-failed', origin: 'host' });
});
