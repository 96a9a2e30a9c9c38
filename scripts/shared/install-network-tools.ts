import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';

/** What some end-to-end tests need beside the browsers. Without them those tests are skipped, and say why. */
const TOOLS = [
  { program: 'turnserver', package: 'coturn' },
  { program: 'ip', package: 'iproute2' },
  { program: 'nft', package: 'nftables' },
] as const;

/** Of each step; they are worth a minute, no more. */
const INSTALL_TIMEOUT_MS = 60_000;

/** The program on the PATH, or where administrators have theirs, or undefined. */
export function findTool(program: (typeof TOOLS)[number]['program']): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

/** Installs what is missing, on Debian as root; elsewhere, and where that fails, tells what will be skipped. */
export async function tryToInstallNetworkTools(cwd: string): Promise<void> {
  const missing = TOOLS.filter(({ program }) => findTool(program) === undefined);
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const packages = missing.map((tool) => tool.package);
    console.log(`Installing ${packages.join(' and ')} with apt-get`);
    // No TURN server of the system is to be started by the installation, where there is something that would.
    const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const apt = (...args: string[]) => runCommand('apt-get', args, { cwd, env, timeoutMs: INSTALL_TIMEOUT_MS });
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  }
  for (const tool of missing) {
    if (findTool(tool.program) !== undefined) continue;
    console.log(`No ${tool.program} (package ${tool.package}): the tests that need it are skipped.`);
  }
}
