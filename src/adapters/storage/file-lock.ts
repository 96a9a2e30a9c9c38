/** Locks of this realm, for where there are no Web Locks. */
const held = new Map<string, { mode: LockMode; count: number }>();

export interface FileLock {
  /** Resolves when the lock is free for others. */
  release(): Promise<void>;
}

/**
 * Takes a lock at once, or gives undefined when somebody else holds it: across tabs by Web Locks (every current browser,
 * secure contexts), which go with the tab or worker that held them; else within this realm only.
 */
export async function tryLock(name: string, mode: LockMode): Promise<FileLock | undefined> {
  return hasWebLocks() ? requestWebLock(name, { mode, ifAvailable: true }) : tryRealmLock(name, mode);
}

/** Takes an exclusive lock when everybody else has let go of it. Without Web Locks nobody can tell: it never resolves. */
export async function waitForLock(name: string): Promise<FileLock> {
  const lock = hasWebLocks() ? await requestWebLock(name, { mode: 'exclusive' }) : undefined;
  return lock ?? new Promise<FileLock>(() => {});
}

function hasWebLocks(): boolean {
  return typeof navigator !== 'undefined' && 'locks' in navigator;
}

async function requestWebLock(name: string, options: LockOptions): Promise<FileLock | undefined> {
  return new Promise((resolve, reject) => {
    const released = navigator.locks.request(name, options, (lock) => {
      if (lock === null) {
        resolve(undefined);
        return undefined;
      }
      return new Promise<void>((letGo) => {
        resolve({
          release: async () => {
            letGo();
            await released;
          },
        });
      });
    });
    released.catch(reject);
  });
}

/** A lock among the users of this module only: one tab or worker. */
export function tryRealmLock(name: string, mode: LockMode): FileLock | undefined {
  const holders = held.get(name);
  if (holders !== undefined && (mode === 'exclusive' || holders.mode === 'exclusive')) return undefined;
  const lock = holders ?? { mode, count: 0 };
  lock.count++;
  held.set(name, lock);
  let isReleased = false;
  return {
    release: async () => {
      if (isReleased) return;
      isReleased = true;
      lock.count--;
      if (lock.count === 0) held.delete(name);
    },
  };
}
