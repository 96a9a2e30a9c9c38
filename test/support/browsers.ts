import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, launch } from 'puppeteer-core';
import { type BrowserKind, requireBrowser } from '../../scripts/shared/find-browsers.ts';
import { chromiumArgs, firefoxPrefs } from './browser-settings.ts';
import { guardGroup, isAlive, killAll, processTree } from './processes.ts';

export type { BrowserKind } from '../../scripts/shared/find-browsers.ts';

export const BROWSER_KINDS = ['chromium', 'firefox'] as const satisfies readonly BrowserKind[];

/** Sender first. */
export type Pair = readonly [BrowserKind, BrowserKind];

export const PAIRS = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
] as const satisfies readonly Pair[];

export interface LaunchOptions {
  /** A profile to use again, kept on close. Without one, a fresh profile is made and removed on close. */
  readonly profileDir?: string;
  /** Where saved files go: no question asked. A folder in the temp profile when left out. */
  readonly downloadDir?: string;
  /** Hide host addresses behind mDNS names, as browsers do by default. False gives plain addresses. */
  readonly mdns?: boolean;
  /**
   * A camera, without a permission prompt: a test picture, or (Chromium only) a y4m or mjpeg file, which is played in
   * a loop and may be overwritten while it is. Without one, the machine's real camera is what there is: none.
   */
  readonly camera?: 'fake' | { readonly file: string };
  /** Private browsing throughout (Chromium: incognito). Firefox refuses OPFS there, Chromium does not. */
  readonly isPrivate?: boolean;
  /** Sends every request, those to localhost included, through this local HTTP proxy (`recording-proxy.ts`). */
  readonly proxyPort?: number;
  /** In place of the browser that is found: a script that runs it somewhere else. */
  readonly program?: string;
  /** More command line switches. */
  readonly args?: readonly string[];
  /** Chromium only: 'WebRTC-NoSdpMangleUfrag/Enabled/'. */
  readonly fieldTrials?: string;
  /** Firefox only. */
  readonly prefs?: Readonly<Record<string, string | number | boolean>>;
}

/** A real browser in processes and a profile of its own. Ends with the test process, whatever happens to that. */
export interface TestBrowser {
  readonly kind: BrowserKind;
  readonly browser: Browser;
  readonly profileDir: string;
  readonly downloadDir: string;
  newPage(): Promise<Page>;
  /** The browser's processes as of now, main process first. */
  pids(): readonly number[];
  /** Idempotent. Removes the profile unless it was given. */
  close(): Promise<void>;
  /** SIGKILL to every process, as in a crash. The profile stays: `launchBrowser` with this `profileDir` comes after it. */
  kill(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 10_000;
/** One command to the page: a whole transfer or a slow contract may be awaited inside it. */
const COMMAND_TIMEOUT_MS = 10 * 60_000;

export const launchChromium = (options: LaunchOptions = {}): Promise<TestBrowser> => launchBrowser('chromium', options);
export const launchFirefox = (options: LaunchOptions = {}): Promise<TestBrowser> => launchBrowser('firefox', options);

export async function launchBrowser(kind: BrowserKind, options: LaunchOptions = {}): Promise<TestBrowser> {
  const executablePath = options.program ?? requireBrowser(kind);
  const profileDir = options.profileDir ?? (await mkdtemp(join(tmpdir(), `heliograph-${kind}-`)));
  const ownProfile = options.profileDir === undefined;
  const downloadDir = options.downloadDir ?? join(profileDir, 'downloads-of-test');
  await mkdir(downloadDir, { recursive: true });

  const browser = await launch({
    executablePath,
    userDataDir: profileDir,
    headless: true,
    defaultViewport: { width: 1000, height: 900 },
    protocolTimeout: COMMAND_TIMEOUT_MS,
    timeout: 60_000,
    ...(kind === 'chromium'
      ? { browser: 'chrome', pipe: true, args: chromiumArgs(options) }
      : {
          browser: 'firefox',
          args: [...(options.args ?? [])],
          extraPrefsFirefox: firefoxPrefs(options, downloadDir),
        }),
  }).catch(async (error: unknown) => {
    if (ownProfile) await removeFolder(profileDir);
    throw error;
  });
  const pid = browser.process()?.pid;
  if (pid === undefined) throw new Error(`${kind} was started, but has no process`);
  const callOffGuard = guardGroup(pid, ownProfile ? profileDir : undefined);
  if (kind === 'chromium') await allowDownloads(browser, downloadDir);

  let ending: Promise<void> | undefined;
  /** Regular closing writes the profile, and takes seconds: not for one that is thrown away. */
  const end = async (isRegular: boolean, removeProfile: boolean): Promise<void> => {
    const pids = processTree(pid);
    if (!isRegular) killAll(pids);
    // After a kill, this is how Puppeteer notices; it then puts the profile's preference files back.
    await closeWithin(browser, CLOSE_TIMEOUT_MS);
    killAll(pids);
    await waitUntilGone(pids);
    callOffGuard();
    if (removeProfile) await removeFolder(profileDir);
  };
  return {
    kind,
    browser,
    profileDir,
    downloadDir,
    newPage: () => browser.newPage(),
    pids: () => (ending === undefined ? processTree(pid) : []),
    close: () => (ending ??= end(!ownProfile, ownProfile)),
    kill: () => (ending ??= end(false, false)),
  };
}

/** Grants reading and writing the clipboard to a page's origin. Firefox needs no grant: a preference allows it. */
export async function allowClipboard({ kind, browser }: TestBrowser, origin: string): Promise<void> {
  if (kind === 'firefox') return;
  const permissions = ['clipboard-read', 'clipboard-write'] as const;
  await browser.defaultBrowserContext().overridePermissions(origin, [...permissions]);
}

/** Removes a profile that was given to `launchBrowser`, or was left by `kill`. */
export async function removeFolder(folder: string): Promise<void> {
  // A process that was just killed may still be closing files: try again for a while.
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

async function allowDownloads(browser: Browser, downloadPath: string): Promise<void> {
  // The session stays: detaching takes the setting back.
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath });
}

/** Closes in the regular way, so that the profile is written; gives up after a while, since killing comes next. */
async function closeWithin(browser: Browser, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  // A browser that is gone already rejects; it is ended either way.
  await Promise.race([browser.close().catch(() => {}), timeout]);
  clearTimeout(timer);
}

async function waitUntilGone(pids: readonly number[]): Promise<void> {
  const giveUp = performance.now() + CLOSE_TIMEOUT_MS;
  while (pids.some(isAlive) && performance.now() < giveUp) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
