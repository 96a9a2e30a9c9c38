import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/ensure-installed.mjs', import.meta.url));

/** A project folder with the real script and an npm that only writes down how it was called. */
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'heliograph-install-'));
  mkdirSync(join(project, 'scripts'));
  cpSync(script, join(project, 'scripts/ensure-installed.mjs'));
  writeFileSync(
    join(project, 'npm-cli.js'),
    `require('fs').writeFileSync('called', process.argv.slice(2).join(' ')); process.exit(Number(process.env.NPM_EXIT));`,
  );
});

afterEach(() => rmSync(project, { recursive: true }));

function run(npmExit = 0): { exitCode: number | null; npm: string | undefined; output: string } {
  const result = spawnSync(process.execPath, [join(project, 'scripts/ensure-installed.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: join(project, 'npm-cli.js'), NPM_EXIT: String(npmExit) },
  });
  const called = join(project, 'called');
  return {
    exitCode: result.status,
    npm: existsSync(called) ? readFileSync(called, 'utf8') : undefined,
    output: result.stdout + result.stderr,
  };
}

function putLock(file: string, packages: Record<string, object>): void {
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  writeFileSync(join(project, file), JSON.stringify({ packages }));
}

const LOCK = 'package-lock.json';
const INSTALLED = 'node_modules/.package-lock.json';

describe('ensure-installed', () => {
  test('installs what the lockfile says when nothing is installed', () => {
    writeFileSync(join(project, LOCK), JSON.stringify({ packages: {} }));
    expect(run()).toMatchObject({ exitCode: 0, npm: 'ci --include=dev --no-audit --no-fund' });
  });

  test('lets npm resolve when there is no lockfile', () => {
    expect(run()).toMatchObject({ exitCode: 0, npm: 'install --include=dev --no-audit --no-fund' });
  });

  test('does nothing when all that is wanted is installed, packages for other platforms aside', () => {
    putLock(LOCK, {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/mac': { version: '1', optional: true },
    });
    putLock(INSTALLED, { 'node_modules/a': { version: '1.0.0' } });
    expect(run()).toEqual({ exitCode: 0, npm: undefined, output: '' });
  });

  test('installs again when a version changed or a package is missing', () => {
    putLock(LOCK, { 'node_modules/a': { version: '1.0.1' } });
    putLock(INSTALLED, { 'node_modules/a': { version: '1.0.0' } });
    expect(run().output).toContain('node_modules/a is 1.0.0, package-lock.json wants 1.0.1');
    putLock(INSTALLED, {});
    expect(run().npm).toContain('ci');
  });

  test('installs again when npm was broken off while it wrote its record', () => {
    putLock(LOCK, {});
    writeFileSync(join(project, INSTALLED), '{"packages":');
    expect(run().npm).toContain('ci');
  });

  test('fails with a clear line when npm fails', () => {
    expect(run(1)).toMatchObject({ exitCode: 1, output: expect.stringContaining('npm install failed') });
  });
});
