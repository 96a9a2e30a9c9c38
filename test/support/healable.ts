import type { AppDriver } from './app-driver.ts';

/** Waits until this device has stored what brings the link back: both connections that wait at the peer. */
export async function waitUntilHealable(app: AppDriver): Promise<void> {
  await app.waitFor('standbys of the peer', async () => (await storedStandbys(app)) === 2);
}

async function storedStandbys(app: AppDriver): Promise<unknown> {
  return app.page.evaluate(`(async () => {
    const open = indexedDB.open('heliograph-peers');
    const db = await new Promise((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    try {
      if (!db.objectStoreNames.contains('peers')) return 0;
      const all = db.transaction('peers').objectStore('peers').getAll();
      await new Promise((resolve) => { all.onsuccess = resolve; });
      return all.result.reduce((sum, peer) => sum + peer.standbys.length, 0);
    } finally {
      db.close();
    }
  })()`);
}
