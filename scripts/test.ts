/**
 * `npm test`: everything that decides whether a change is good, in one run, on a machine that has only Node and npm.
 * `--only check|unit|e2e` runs one part. The last line is always `N passed, N failed`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowsers } from './shared/install-browsers.ts';
import { tryToInstallNetworkTools } from './shared/install-network-tools.ts';
import { runCommand } from './shared/run-command.ts';
import { type Counts, countVitest } from './shared/vitest-counts.ts';

const PARTS = ['check', 'unit', 'e2e'] as const;
type Part = (typeof PARTS)[number];

const root = fileURLToPath(new URL('../', import.meta.url));
const reports = join(root, 'node_modules/.cache/heliograph');
const require = createRequire(import.meta.url);

/** A step that hangs is ended and counts as failed. Together they stay well under 20 minutes. */
const CHECK_TIMEOUT_MS = 3 * 60_000;
const UNIT_TIMEOUT_MS = 8 * 60_000;
const E2E_TIMEOUT_MS = 17 * 60_000;

const PASSED: Counts = { passed: 1, failed: 0, skipped: 0 };
const FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };

async function main(): Promise<number> {
  const parts = readParts(process.argv.slice(2));
  const results: { readonly name: string; readonly counts: Counts; readonly seconds: number }[] = [];
  const step = async (name: string, run: () => Promise<Counts>): Promise<boolean> => {
    console.log(`\n=== ${name}`);
    const start = performance.now();
    const counts = await run().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return FAILED;
    });
    results.push({ name, counts, seconds: (performance.now() - start) / 1000 });
    return counts.failed === 0;
  };

  if (parts.has('check')) {
    await step('types (tsc -b)', () => check('typescript', 'tsc', '-b'));
    await step('lint (oxlint)', () => check('oxlint', 'oxlint', '--type-aware'));
    await step('format (oxfmt)', () => check('oxfmt', 'oxfmt', '--check', '.'));
  }
  if (parts.has('unit')) await step('unit tests', () => vitest('unit', UNIT_TIMEOUT_MS));
  const isBuilt =
    parts.has('check') || parts.has('e2e') ? await step('build (vite)', () => check('vite', 'vite', 'build')) : true;
  if (parts.has('e2e')) {
    await step('end-to-end tests', async () => {
      if (!isBuilt) throw new Error('not run: the app could not be built');
      await ensureBrowsers(root);
      await tryToInstallNetworkTools(root);
      return vitest('e2e', E2E_TIMEOUT_MS);
    });
  }

  console.log();
  let [passed, failed, skipped] = [0, 0, 0];
  for (const { name, counts, seconds } of results) {
    const verdict = counts.failed === 0 ? 'ok    ' : 'FAILED';
    console.log(`${verdict} ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds.toFixed(0)} s)`);
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.skipped;
  }
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function readParts(args: readonly string[]): ReadonlySet<Part> {
  if (args.length === 0) return new Set(PARTS);
  const chosen = PARTS.find((part) => part === args[1]);
  if (args.length !== 2 || args[0] !== '--only' || chosen === undefined) {
    throw new Error(`wanted nothing or --only ${PARTS.join('|')}, got ${args.join(' ')}`);
  }
  return new Set([chosen]);
}

/** Runs a tool of one of our packages; its exit code decides. */
async function check(packageName: string, binary: string, ...args: string[]): Promise<Counts> {
  const result = await runNode([binaryOf(packageName, binary), ...args], CHECK_TIMEOUT_MS);
  return result.exitCode === 0 ? PASSED : FAILED;
}

async function vitest(project: 'unit' | 'e2e', timeoutMs: number): Promise<Counts> {
  mkdirSync(reports, { recursive: true });
  const report = join(reports, `vitest-${project}.json`);
  rmSync(report, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { exitCode } = await runNode([binaryOf('vitest', 'vitest'), ...args], timeoutMs, { HELIOGRAPH_BUILT: '1' });
  return countVitest(readIfThere(report), exitCode);
}

async function runNode(
  args: readonly string[],
  timeoutMs: number,
  env: Record<string, string> = {},
): Promise<{ exitCode: number | null }> {
  const result = await runCommand(process.execPath, args, { cwd: root, timeoutMs, env });
  if (result.timedOut) console.error(`ended after ${timeoutMs / 1000} s without a result`);
  return result;
}

/** The script behind `npx BINARY`, without npm in between: its warnings are not ours, and it swallows signals. */
function binaryOf(packageName: string, binary: string): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin }: { bin: string | Record<string, string> } = require(manifest);
  const script = typeof bin === 'string' ? bin : bin[binary];
  if (script === undefined) throw new Error(`${packageName} has no program ${binary}`);
  return join(dirname(manifest), script);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // The runner died before it wrote one, which the count reports as a failure.
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
