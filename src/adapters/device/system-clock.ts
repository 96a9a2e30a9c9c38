import type { Clock } from '../../ports/clock.ts';

/** The longest delay of `setTimeout`: a longer one overflows a signed 32-bit integer and fires at once (HTML §8.6). */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The device's clocks. A hidden window may run its timers late, by a minute (Chromium) or more; a worker's are not
 * held back. `nowMs` may stand still while the device sleeps.
 */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  startTimer(delayMs, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (leftMs: number): void => {
      const partMs = Math.min(leftMs, MAX_DELAY_MS);
      timer = setTimeout(() => (leftMs > partMs ? arm(leftMs - partMs) : callback()), partMs);
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};
