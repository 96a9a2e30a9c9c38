/**
 * `npm start`: builds the app and serves it on http://localhost:4173. PORT and HOST change the address; `--no-build`
 * serves what is there.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { isCode, startStaticServer } from './shared/static-server.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

async function main(): Promise<void> {
  const port = readPort(process.env['PORT'] ?? '4173');
  const host = process.env['HOST'];
  if (!process.argv.includes('--no-build')) await build({ root });
  if (!existsSync(`${dist}index.html`)) throw new Error('there is no dist/index.html; run without --no-build');

  try {
    const server = await startStaticServer({ root: dist, port, ...(host === undefined ? {} : { host }) });
    console.log(`\nHeliograph is at ${server.url}  (Ctrl-C ends it)`);
    const stop = (): void => {
      void server.stop().then(() => process.exit(0));
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  } catch (error) {
    if (!isCode(error, 'EADDRINUSE')) throw error;
    throw new Error(`port ${port} is taken by another program; end that one, or choose a port: PORT=4174 npm start`, {
      cause: error,
    });
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`PORT: wanted 0 to 65535, got ${text}`);
  return port;
}

try {
  await main();
} catch (error) {
  console.error(`npm start failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
