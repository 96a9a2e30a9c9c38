import { TransferError } from '../../core/errors.ts';
import type { Hasher, Random } from '../../ports/crypto.ts';

/** What `getRandomValues` gives at once (Web Cryptography API §10.1.1). */
const MAX_RANDOM_BYTES = 65_536;

/**
 * SHA-256 by the platform, off the calling thread. Secure contexts only: rejects with 'internal', origin 'host', on a
 * page from plain HTTP that is not localhost.
 */
export const webCryptoHasher: Hasher = {
  async sha256(bytes) {
    if (globalThis.crypto?.subtle === undefined) {
      throw new TransferError(
        'internal',
        'host',
        'crypto.subtle is missing: needs HTTPS or localhost (secure context)',
      );
    }
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  },
};

export const webCryptoRandom: Random = {
  bytes(count) {
    if (!Number.isInteger(count) || count < 0 || count > MAX_RANDOM_BYTES) {
      throw new TransferError('internal', 'local', `random bytes: count ${count}, wanted 0 to ${MAX_RANDOM_BYTES}`);
    }
    return crypto.getRandomValues(new Uint8Array(count));
  },
};
