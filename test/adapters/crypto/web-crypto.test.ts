import { afterEach, expect, test, vi } from 'vitest';
import { webCryptoHasher, webCryptoRandom } from '../../../src/adapters/crypto/web-crypto.ts';
import { hasherContract } from '../../contracts/hasher-contract.ts';
import { suite } from '../contract-suite.ts';

suite('Hasher: web crypto', hasherContract, async () => webCryptoHasher);

afterEach(() => vi.unstubAllGlobals());

test('says what is missing in an insecure context', async () => {
  vi.stubGlobal('crypto', { getRandomValues: () => undefined });
  await expect(webCryptoHasher.sha256(new Uint8Array(1))).rejects.toMatchObject({
    code: 'internal',
    origin: 'host',
    message: expect.stringContaining('secure context'),
  });
});

test('gives as many random bytes as asked for, never the same twice', () => {
  expect(webCryptoRandom.bytes(0)).toEqual(new Uint8Array(0));
  expect(webCryptoRandom.bytes(65_536).length).toBe(65_536);
  expect(webCryptoRandom.bytes(16)).not.toEqual(webCryptoRandom.bytes(16));
});

test.each([-1, 0.5, 65_537, Number.NaN])('refuses to give %s random bytes', (count) => {
  expect(() => webCryptoRandom.bytes(count)).toThrow(expect.objectContaining({ code: 'internal', origin: 'local' }));
});
