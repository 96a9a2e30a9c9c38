import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { BROWSER_KINDS, type TestBrowser, launchBrowser, removeFolder } from '../support/browsers.ts';
import { makeEdgeFiles, makeFile, sha256OfFile, waitForDownload } from '../support/files.ts';
import { PageDriver } from '../support/page-driver.ts';
import { isAlive } from '../support/processes.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';

/**
 * What the other end-to-end tests take for granted about the browsers and about this project's way of driving them.
 * When one of these fails, look here first.
 */
const PAGE = `<!doctype html><title>support</title><link rel="icon" href="data:,">
<h1>Support</h1><button>Send</button><button hidden>Send</button><input data-testid="paste-input">
<input data-testid="file-input" type="file" multiple><p data-testid="said"></p>
<script>document.querySelector('button').onclick = (event) => said(event.isTrusted ? 'sent' : 'untrusted');
function said(text) { document.querySelector('p').textContent = text; }</script>`;
const CALLS_OUT = 'fetch("http://localhost:1717/from-KIND").catch(() => {})';

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-support-'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'worker.js'), `${CALLS_OUT.replace('KIND', 'worker')}.then(() => postMessage(1))`);
  const fromServiceWorker = CALLS_OUT.replace('KIND', 'service-worker');
  await writeFile(join(folder, 'sw.js'), `oninstall = (event) => event.waitUntil(${fromServiceWorker})`);
  server = await startStaticServer({ root: folder });
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

describe.each(BROWSER_KINDS)('%s', (kind) => {
  let proxy: RecordingProxy;
  let browser: TestBrowser;

  beforeAll(async () => {
    proxy = await startRecordingProxy();
    browser = await launchBrowser(kind, { proxyPort: proxy.port });
  });

  afterAll(async () => {
    await browser.close();
    await proxy.stop();
  });

  const open = async (): Promise<PageDriver> => {
    const driver = new PageDriver(await browser.newPage());
    await driver.page.goto(server.url);
    return driver;
  };

  test('treats localhost as secure, and the proxy sees requests of windows and of both kinds of worker', async () => {
    const { page } = await open();
    const has = await page.evaluate(async () => {
      await fetch('http://localhost:1717/from-window').catch(() => {});
      await new Promise((resolve) => new Worker('worker.js').addEventListener('message', resolve));
      await navigator.serviceWorker.register('sw.js');
      await navigator.serviceWorker.ready;
      return {
        isSecure: isSecureContext,
        digest: (await crypto.subtle.digest('SHA-256', new Uint8Array(1))).byteLength,
        opfs: (await navigator.storage.getDirectory()).kind,
      };
    });
    expect(has).toEqual({ isSecure: true, digest: 32, opfs: 'directory' });
    expect([...proxy.foreign(server.origin)].toSorted()).toEqual([
      'http://localhost:1717/from-service-worker',
      'http://localhost:1717/from-window',
      'http://localhost:1717/from-worker',
    ]);
  });

  test('presses buttons by name with real clicks, and pastes', async () => {
    const driver = await open();
    await driver.press('Send');
    expect(await driver.read('said')).toBe('sent');
    await driver.paste('paste-input', 'ein Text');
    expect(await driver.read('paste-input')).toBe('ein Text');
    await expect(driver.press('Receive', 100)).rejects.toThrow(
      /not there after 100 ms: a button named Receive[^]*Support/,
    );
    expect(driver.problems).toEqual([]);
  });

  test('takes files of every size and script from disk, and saves them back unchanged', async () => {
    const driver = await open();
    const files = [...(await makeEdgeFiles(folder)), await makeFile(folder, 'large.bin', 200 * 1024 * 1024)];
    await driver.chooseFiles(
      'file-input',
      files.map(({ path }) => path),
    );
    const chosen = await driver.page.$eval('input[type=file]', (input) =>
      Array.from(input.files ?? [], (file) => [file.name, file.size]),
    );
    expect(chosen).toEqual(files.map(({ name, sizeBytes }) => [name, sizeBytes]));
    for (const [index, { name, sizeBytes, sha256 }] of files.entries()) {
      await driver.page.$eval(
        'input[type=file]',
        (input, which) => {
          const file = input.files?.[which];
          if (file === undefined) throw new Error(`no file ${which}`);
          const link = document.createElement('a');
          link.href = URL.createObjectURL(file);
          link.download = file.name;
          link.click();
        },
        index,
      );
      expect(await sha256OfFile(await waitForDownload(browser.downloadDir, name, sizeBytes))).toBe(sha256);
    }
  });

  test('leaves no process after a kill, and starts again on the same profile with what was stored', async () => {
    const first = await launchBrowser(kind);
    const page = await first.newPage();
    await page.goto(server.url);
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('kept');
          opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('s'));
          opening.addEventListener('error', () => reject(opening.error));
          opening.addEventListener('success', () => {
            const transaction = opening.result.transaction('s', 'readwrite', { durability: 'strict' });
            transaction.objectStore('s').put('value', 'key');
            transaction.addEventListener('complete', () => resolve());
          });
        }),
    );
    const pids = first.pids();
    await first.kill();
    expect(pids.length).toBeGreaterThan(1);
    expect(pids.filter(isAlive)).toEqual([]);

    const second = await launchBrowser(kind, { profileDir: first.profileDir });
    const again = await second.newPage();
    await again.goto(server.url);
    expect(await again.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual(['kept']);
    await second.close();
    await removeFolder(first.profileDir);
  });

  test('hides its addresses, or not, and has a camera as the options say', async () => {
    const { page } = await open();
    const hidden = await page.evaluate(gatherAddresses);
    expect(hidden.length).toBeGreaterThan(0);
    expect(hidden.filter((address) => !address.endsWith('.local'))).toEqual([]);

    const other = await launchBrowser(kind, { mdns: false, camera: 'fake' });
    const openPage = await other.newPage();
    await openPage.goto(server.url);
    const plain = await openPage.evaluate(gatherAddresses);
    expect(plain.length).toBeGreaterThan(0);
    expect(plain.filter((address) => address.endsWith('.local'))).toEqual([]);
    const tracks = await openPage.evaluate(async () =>
      (await navigator.mediaDevices.getUserMedia({ video: true })).getTracks().map((track) => track.kind),
    );
    expect(tracks).toEqual(['video']);
    await other.close();
  });
});

/** Runs in the page: the addresses of this device's own candidates. */
async function gatherAddresses(): Promise<readonly string[]> {
  const connection = new RTCPeerConnection();
  const addresses: string[] = [];
  const gathered = new Promise<void>((resolve) => {
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate === null || candidate.candidate === '') resolve();
      else addresses.push(candidate.address ?? '');
    });
  });
  connection.createDataChannel('');
  await connection.setLocalDescription();
  await gathered;
  connection.close();
  return addresses;
}
