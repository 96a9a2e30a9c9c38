import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const project = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The built app. */
export const appFolder = project('dist');
/** The page that runs contracts in a browser (`test/browser/`). */
export const contractsFolder = project('dist-test/browser');
/** The page that pairs without the app's UI (`test/pages/pair/`). */
export const pairPageFolder = project('dist-test/pair');

/** Builds a page that is not part of the app: no service worker, no policy, module workers. */
export async function buildPage(source: string, outFolder: string): Promise<void> {
  await build({
    configFile: false,
    root: project(source),
    base: './',
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir: outFolder, emptyOutDir: true, target: 'es2023', modulePreload: false },
  });
}

/** As `npm run build` does. Vitest sets NODE_ENV to `test`, with which Vite would build for development. */
export async function buildApp(): Promise<void> {
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({ root: project('.'), logLevel: 'warn' });
  if (environment === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = environment;
}

/** Vitest's global setup of the end-to-end project: what they open is built from the sources as they are now. */
export async function setup(): Promise<void> {
  await buildPage('test/browser', contractsFolder);
  await buildPage('test/pages/pair', pairPageFolder);
  // `npm test` has just built the app as a step of its own.
  if (process.env['HELIOGRAPH_BUILT'] !== '1') await buildApp();
}
