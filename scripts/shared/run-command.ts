import { spawn } from 'node:child_process';

export interface CommandResult {
  /** null when it was killed. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
}

/**
 * Runs a program to its end, with its output going straight through to ours. Past `timeoutMs` it is killed together
 * with everything that it started (it gets a process group of its own), and so it is when we are interrupted.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly timeoutMs: number; readonly env?: Record<string, string> },
): Promise<CommandResult> {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(program, args, {
    cwd: options.cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: ownGroup,
    env: { ...process.env, ...options.env },
  });
  const end = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(ownGroup ? -child.pid : child.pid, signal);
    } catch {
      // ESRCH: it ended by itself in between, which is what was wanted.
    }
  };
  const onInterrupt = (): void => {
    end('SIGTERM');
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);

  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end('SIGKILL');
    }, options.timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      process.removeListener('SIGINT', onInterrupt);
      process.removeListener('SIGTERM', onInterrupt);
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('exit', (exitCode) => {
      finish();
      resolve({ exitCode, timedOut });
    });
  });
}
