import type { AppDriver } from './app-driver.ts';

/** Closes the connection that carries the link, as if the network had ended it; what waits to be dialed goes on. */
export async function cutLink(app: AppDriver): Promise<void> {
  await app.page.evaluate(
    "for (const connection of connectionsOfTest) if (connection.connectionState === 'connected') connection.close()",
  );
}
