import { afterEach, expect, test, vi } from 'vitest';
import { storageSpace } from '../../../src/adapters/storage/storage-space.ts';

afterEach(() => vi.unstubAllGlobals());

test('says what the browser says', async () => {
  vi.stubGlobal('navigator', {
    storage: {
      estimate: async () => ({ usage: 5, quota: 10 }),
      persisted: async () => false,
      persist: async () => true,
    },
  });
  expect(await storageSpace.estimate()).toEqual({ usedBytes: 5, quotaBytes: 10 });
  expect(await storageSpace.persist()).toBe(true);
});

test('does not ask again for what is granted', async () => {
  const persist = vi.fn();
  vi.stubGlobal('navigator', { storage: { persisted: async () => true, persist } });
  expect(await storageSpace.persist()).toBe(true);
  expect(persist).not.toHaveBeenCalled();
});

test.each([
  ['there is no storage manager', {}],
  ['site data is blocked', { storage: { estimate: async () => Promise.reject(new TypeError('opaque origin')) } }],
])('knows nothing and grants nothing where %s', async (_what, navigator) => {
  vi.stubGlobal('navigator', navigator);
  expect(await storageSpace.estimate()).toEqual({ usedBytes: undefined, quotaBytes: undefined });
  expect(await storageSpace.persist()).toBe(false);
});
