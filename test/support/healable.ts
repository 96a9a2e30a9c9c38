import type { AppDriver } from './app-driver.ts';

/** Waits until this device has stored what brings the link back: both connections that wait at the peer. */
export async function waitUntilHealable(app: AppDriver): Promise<void> {
  await app.waitFor('standbys of the peer', async () => (await storedStandbys(app)).length === 2);
}

/** … and that none of these is among them: the peer's page was loaded again since, and they are gone with it. */
export async function waitUntilHealableAnew(app: AppDriver, before: readonly string[]): Promise<void> {
  await app.waitFor('other standbys of the peer', async () => {
    const ids = await storedStandbys(app);
    return ids.length === 2 && !ids.some((id) => before.includes(id));
  });
}

/** Ids of the connections that wait at the peer, as this device has stored them. */
export async function storedStandbys(app: AppDriver): Promise<readonly string[]> {
  const ids: unknown = await app.page.evaluate(`(async () => {
    const open = indexedDB.open('heliograph-peers');
    const db = await new Promise((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    try {
      if (!db.objectStoreNames.contains('peers')) return [];
      const all = db.transaction('peers').objectStore('peers').getAll();
      await new Promise((resolve) => { all.onsuccess = resolve; });
      return all.result.flatMap(({ standbys }) => standbys.map(({ id }) => id));
    } finally {
      db.close();
    }
  })()`);
  if (!Array.isArray(ids)) throw new Error(`standbys: ${String(ids)}`);
  return ids.map(String);
}
