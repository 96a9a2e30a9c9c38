import { existsSync } from 'node:fs';
import { type BrowserKind, findBrowser, howToGet } from './find-browsers.ts';
import { runCommand } from './run-command.ts';

const DEBIAN_PACKAGES: Record<BrowserKind, string> = { chromium: 'chromium', firefox: 'firefox-esr' };
const KINDS = ['chromium', 'firefox'] as const;
const INSTALL_TIMEOUT_MS = 6 * 60_000;

/**
 * Makes sure that both browsers are there. On Debian, as root (a container, a CI machine), missing ones are installed;
 * anywhere else that is for the person to decide.
 *
 * @throws Error that says what is missing and how to get it
 */
export async function ensureBrowsers(cwd: string): Promise<void> {
  const missing = KINDS.filter((kind) => findBrowser(kind) === undefined);
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const packages = missing.map((kind) => DEBIAN_PACKAGES[kind]);
    console.log(`Installing ${packages.join(' and ')} with apt-get`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) => runCommand('apt-get', args, { cwd, env, timeoutMs: INSTALL_TIMEOUT_MS });
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  }
  const still = missing.filter((kind) => findBrowser(kind) === undefined);
  if (still.length > 0) throw new Error(still.map(howToGet).join('\n'));
}
