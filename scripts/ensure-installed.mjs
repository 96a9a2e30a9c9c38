// Runs before every command, on bare Node: it may import no package, and is written in syntax that an old Node can
// still read, so that the version check below is what a person gets to see.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED = [20, 19]; // Vite 8 needs it; `engines` in package.json says the same.

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
checkNode();
const why = reasonToInstall();
if (why) install(why);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return;
  fail(
    `Heliograph needs Node ${WANTED.join('.')} or newer; this is Node ${process.versions.node}. See https://nodejs.org`,
  );
}

/**
 * Compares what the lockfile asks for with what npm wrote down as installed. By content: a fresh clone, or a switch of
 * branches, changes the files' times and means nothing. npm writes its record last, so a broken-off run is seen too.
 */
function reasonToInstall() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'The npm packages are not installed yet';
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (!wanted) return undefined;
  for (const [path, entry] of Object.entries(wanted)) {
    // The project itself, links, and packages for other platforms are not in npm's record.
    if (path === '' || entry.link || entry.optional || entry.devOptional || entry.peer) continue;
    if (!installed[path]) return `${path} is missing`;
    if (installed[path].version !== entry.version) {
      return `${path} is ${installed[path].version}, package-lock.json wants ${entry.version}`;
    }
  }
  return undefined;
}

function readPackages(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages || undefined;
  } catch (error) {
    console.error(`${file} cannot be read (${error.message})`);
    return undefined;
  }
}

function install(reason) {
  const verb = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  // `--include=dev`: NODE_ENV=production in someone's shell must not leave the tools out.
  const args = [verb, '--include=dev', '--no-audit', '--no-fund'];
  console.error(`${reason}: running npm ${args.join(' ')}`);
  // Standard input and output belong to the command that follows.
  const stdio = ['ignore', 2, 2];
  const npmCli = process.env.npm_execpath;
  const run =
    npmCli && npmCli.endsWith('npm-cli.js')
      ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio })
      : spawnSync('npm', args, { cwd: root, stdio, shell: process.platform === 'win32' });
  if (run.error) fail(`npm could not be started: ${run.error.message}`);
  if (run.status !== 0) fail(`npm ${verb} failed; its message is above. Is there a network?`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
