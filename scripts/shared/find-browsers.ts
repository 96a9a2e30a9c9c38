import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type BrowserKind = 'chromium' | 'firefox';

/** Where each browser may be: a variable that names it outright, then programs on the PATH, then usual places. */
const PLACES: Record<BrowserKind, { variable: string; programs: readonly string[]; files: readonly string[] }> = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
    files: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    ],
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    programs: ['firefox-esr', 'firefox'],
    files: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      String.raw`C:\Program Files\Mozilla Firefox\firefox.exe`,
    ],
  },
};

/**
 * The program to run for this browser, or undefined when there is none.
 * @throws Error when the variable is set and names nothing that can be run: silently taking another would mislead
 */
export function findBrowser(kind: BrowserKind): string | undefined {
  const { variable, programs, files } = PLACES[kind];
  const chosen = process.env[variable];
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) throw new Error(`${variable}: ${chosen} is not a program that can be run`);
    return chosen;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return [...candidates, ...files].find(isExecutable);
}

/** The same, for callers that cannot go on without. */
export function requireBrowser(kind: BrowserKind): string {
  const path = findBrowser(kind);
  if (path === undefined) throw new Error(howToGet(kind));
  return path;
}

export function howToGet(kind: BrowserKind): string {
  const { variable, programs } = PLACES[kind];
  return `No ${kind} found (looked for ${programs.join(', ')}). Install it, or set ${variable} to the program.`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not for us: either way it is not a browser we can run.
  }
}
