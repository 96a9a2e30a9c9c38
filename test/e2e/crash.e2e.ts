import { describe, expect, test } from 'vitest';
import type { Pair } from '../support/browsers.ts';
import { BOTH_IN_TURN, formatKill, runCrashes } from '../support/crash-run.ts';

const KILLS_PER_PAIR = 5;
/** The goal for what one kill may cost. */
const MAX_RESENT_BYTES = 16 * 1024 * 1024;

/** Both engines are killed in both roles: ten kills, five in one transfer. `npm run soak -- --kills N` makes more. */
const PAIRS_OF_CRASHES: readonly Pair[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];

describe.each(PAIRS_OF_CRASHES)('%s to %s', (...pair) => {
  test(`a file arrives whole in spite of ${KILLS_PER_PAIR} kills`, { timeout: 5 * 60_000 }, async () => {
    const plan = { pair, kills: KILLS_PER_PAIR, roles: BOTH_IN_TURN, seed: Date.now() % 100_000 };
    const kills = await runCrashes(plan);
    for (const kill of kills) console.log(formatKill(plan, kill));
    expect(kills).toHaveLength(KILLS_PER_PAIR);
    expect(Math.max(...kills.map(({ resentBytes }) => resentBytes))).toBeLessThanOrEqual(MAX_RESENT_BYTES);
  });
});
