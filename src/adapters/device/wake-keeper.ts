import type { WakeKeeper } from '../../ports/install.ts';

/**
 * The browser drops the lock whenever the page is hidden, so it is asked for again when the page is visible.
 * Browsers refuse it on low battery or without the API; then the screen sleeps as it always did.
 */
export function createWakeKeeper(): WakeKeeper {
  let isWanted = false;
  let lock: WakeLockSentinel | undefined;

  const update = async (): Promise<void> => {
    if (!isWanted) {
      const held = lock;
      lock = undefined;
      await held?.release();
      return;
    }
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    if (lock !== undefined && !lock.released) return;
    const sentinel = await navigator.wakeLock.request('screen');
    if (isWanted) lock = sentinel;
    else await sentinel.release();
  };
  const tryUpdate = (): void => {
    update().catch(() => undefined);
  };
  document.addEventListener('visibilitychange', tryUpdate);
  return {
    setAwake: (isAwake) => {
      if (isWanted === isAwake) return;
      isWanted = isAwake;
      tryUpdate();
    },
  };
}
