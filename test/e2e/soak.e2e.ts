import { describe, expect, test } from 'vitest';
import { PAIRS } from '../support/browsers.ts';
import { PairSoak } from '../support/pair-soak.ts';

/** `npm run soak -- connections --count 50` makes fifty; a busy machine takes two seconds for each. */
const CONNECTIONS = 2;
const BYTES = 5_000_000;

/** Connections made from rebuilt descriptions have been seen open but silent under load: every byte is checked. */
describe.each(PAIRS)('%s and %s', (...pair) => {
  test(`${CONNECTIONS} connections in a row carry 5 MB each way, none is silent`, { timeout: 5 * 60_000 }, async () => {
    const soak = await PairSoak.launch(pair, { mdns: false });
    try {
      for (let i = 0; i < CONNECTIONS; i++) {
        expect(await soak.connect(i % 2 === 0 ? 0 : 1, 0, BYTES)).toBeGreaterThanOrEqual(0);
      }
    } finally {
      await soak.close();
    }
  });
});
