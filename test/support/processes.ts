import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * The processes of a browser that a test started, found by who started whom. Nothing here ever looks for a program by
 * its name: other browsers on the machine are somebody else's.
 */

/** A process and everything it started, parents first. Linux; elsewhere only the process itself. */
export function processTree(rootPid: number): readonly number[] {
  if (process.platform !== 'linux') return [rootPid];
  const childrenOf = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent === undefined) continue;
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [pid]);
    else siblings.push(pid);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/**
 * Memory held by these processes, in bytes: the sum of their proportional set sizes, in which shared pages count once.
 * Linux only; 0 elsewhere.
 */
export function memoryBytes(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of pids) {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? '');
    kib += Number(pss?.[1] ?? 0);
  }
  return kib * 1024;
}

/** Sends SIGKILL to each, and to the process group that the first one leads. One that has ended already is fine. */
export function killAll(pids: readonly number[]): void {
  const [leader] = pids;
  const targets = leader === undefined || process.platform === 'win32' ? pids : [-leader, ...pids];
  for (const pid of targets) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ESRCH: it is gone, which is what was wanted.
    }
  }
}

/** False for a zombie as well: it runs no more, and only waits for init to take notice. */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') return !['Z', 'X', undefined].includes(statOf(pid)?.[0]);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH
  }
}

/**
 * Outlives this process, however it ends (SIGKILL included), to end a browser's process group and to remove a folder.
 * It waits for the end of its standard input, which the kernel closes when we are gone.
 *
 * @param folder removed as well, when given
 * @returns calls the guard off, once there is nothing left to guard
 */
export function guardGroup(leaderPid: number, folder: string | undefined): () => void {
  if (process.platform === 'win32') return () => {};
  // dash refuses `kill -KILL -- -PID`.
  const script = 'cat >/dev/null; kill -9 "-$1" 2>/dev/null; if [ -n "$2" ]; then sleep 1; rm -rf -- "$2"; fi';
  const guard: ChildProcess = spawn('/bin/sh', ['-c', script, 'guard', String(leaderPid), folder ?? ''], {
    // Of a session of its own: Ctrl-C in a terminal goes to every process of the foreground group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return () => {
    // The shell first, or the end of `cat` would set it to work.
    if (guard.pid !== undefined) killAll([guard.pid]);
  };
}

function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** The fields of /proc/PID/stat from the third on: state, parent, … */
function statOf(pid: number): readonly string[] | undefined {
  // pid (name) state ppid …; the name may hold spaces and parentheses, so count from its end.
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // The process ended while we looked.
  }
}
