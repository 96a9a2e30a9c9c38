import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppDriver, connectedByCodes } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { BROWSER_KINDS, removeFolder } from '../support/browsers.ts';
import { makeFile, sha256OfFile, waitForDownload } from '../support/files.ts';
import {
  addServer,
  candidatesInCode,
  codeWithOnly,
  openInternetSettings,
  reachOverInternet,
  type TestServer,
} from '../support/reach-steps.ts';
import {
  ownAddress,
  startTurnServer,
  TURN_PASSWORD,
  TURN_USER,
  turnIsMissing,
  type TurnServer,
} from '../support/turn-server.ts';

const host = ownAddress();
const reason = turnIsMissing ?? (host === undefined ? 'no network but loopback' : undefined);
const FILE_BYTES = 3_000_000;

if (reason !== undefined) {
  console.log(`SKIPPED: everything with a real STUN and TURN server: ${reason}`);
  test.skip(`with a real STUN and TURN server: ${reason}`, () => {});
}

describe.skipIf(reason !== undefined)('with a real STUN and TURN server', () => {
  let apps: AppPair;
  let folder: string;
  let turn: TurnServer;
  /** Takes everything, and answers nothing. */
  let silent: Socket;
  let askedSilent = 0;
  let turnServer: Required<TestServer>;
  let silentUri: string;

  beforeAll(async () => {
    turn = await startTurnServer({ host: host ?? '' });
    turnServer = { uri: `turn:${turn.address}`, username: TURN_USER, credential: TURN_PASSWORD };
    silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, host, resolve));
    silent.on('message', () => {
      askedSilent += 1;
    });
    silentUri = `stun:${host}:${silent.address().port}`;
    folder = await mkdtemp(join(tmpdir(), 'heliograph-files-'));
    apps = await AppPair.launch(['chromium', 'firefox']);
  });

  afterAll(async () => {
    await apps.close();
    await turn.stop();
    silent.close();
    await removeFolder(folder);
  });

  describe.each(BROWSER_KINDS)('%s', (kind) => {
    let app: AppDriver;

    const openAnew = async (): Promise<void> => {
      const opened = await apps.open();
      app = opened[kind === 'chromium' ? 0 : 1];
      await app.page.evaluate(() => localStorage.clear());
      await app.page.reload();
    };

    test('the test of each server says what it answers', async () => {
      await openAnew();
      await openInternetSettings(app);
      const cases = [
        [{ uri: turn.address }, 'sees'],
        [turnServer, 'relays'],
        [{ ...turnServer, uri: `${turnServer.uri}?transport=tcp` }, 'relays'],
        [{ ...turnServer, credential: 'wrong' }, 'unauthorized'],
        [{ uri: 'stun:nowhere.invalid' }, kind === 'chromium' ? 'hostUnknown' : 'unreachable'],
        [{ uri: silentUri }, 'noAnswer'],
      ] as const;
      for (const [index, [asked]] of cases.entries()) await addServer(app, index, asked);
      const tests = await app.page.$$('[data-testid="server"] .actions button.secondary');
      expect(tests).toHaveLength(cases.length);
      // Answers make the cards grow, and push the next button away from under a pointer.
      for (const button of tests) await button.evaluate((element) => (element as HTMLElement).click());
      await app.waitFor('every answer', async () => {
        const states = await app.attributes('server-result', 'data-state');
        return !states.includes('asking');
      });
      expect(await app.attributes('server-result', 'data-state')).toEqual(cases.map(([, answer]) => answer));
      await app.waitForText(`It works. It sees this device as ${host}.`);
      await app.waitForText('It answers, but does not accept this username and password.');
    });

    test('a mistake in an address is said, and nothing is asked', async () => {
      await openAnew();
      await openInternetSettings(app);
      await addServer(app, 0, { uri: 'https://stun.example.org' });
      await app.waitForText('the address has to begin with stun:, stuns:, turn: or turns:.');
      expect(await app.hasButton('Test https://stun.example.org')).toBe(false);
    });

    test('the public address and that of the relay are in the code, and after a reload again', async () => {
      await openAnew();
      await reachOverInternet(app, [turnServer]);
      for (const round of ['at once', 'after a reload']) {
        await app.receive();
        const candidates = await candidatesInCode(app);
        const types = new Set(candidates.map(({ type }) => type));
        expect([...types].toSorted(), round).toEqual(['host', 'relay', 'srflx']);
        const far = candidates.filter(({ type }) => type !== 'host');
        expect(new Set(far.map(({ address }) => address)), round).toEqual(new Set([host]));
        await app.page.reload();
      }
    });

    test('a server that does not answer holds up the code for 2 s, far less than the browser waits', async () => {
      await openAnew();
      await reachOverInternet(app, [{ uri: silentUri }]);
      await app.receive();
      // The browsers themselves wait for 11 s (Firefox) and 40 s (Chromium).
      await app.waitFor('my code', async () => (await app.code()) !== '', 8_000);
      const types = (await candidatesInCode(app)).map(({ type }) => type);
      expect(new Set(types)).toEqual(new Set(['host']));
      expect(askedSilent).toBeGreaterThan(0);
    });

    test('in this network only the same server is not asked', async () => {
      await openAnew();
      await openInternetSettings(app);
      await addServer(app, 0, { uri: silentUri });
      const choice = await (await app.byTestId('reach-network')).toElement('input');
      await choice.click();
      await app.press('Back');
      askedSilent = 0;
      await app.receive();
      expect(await app.code()).not.toBe('');
      expect(askedSilent).toBe(0);
    });
  });

  describe.each([
    ['chromium to firefox', 0],
    ['firefox to chromium', 1],
  ] as const)('%s, through the relay only', (_, first) => {
    test('files arrive, and are what was sent', async () => {
      const file = await makeFile(folder, `through the relay ${first}.bin`, FILE_BYTES);
      const before = turn.relayedBytes();
      const opened = await apps.open();
      const [sender, receiver] = first === 0 ? opened : [opened[1], opened[0]];
      for (const app of opened) {
        await app.page.evaluate(() => localStorage.clear());
        await app.page.reload();
      }
      await Promise.all([reachOverInternet(sender, [turnServer]), reachOverInternet(receiver, [turnServer])]);
      await sender.send([file.path]);
      await receiver.receive();
      await connectedByCodes(sender, receiver, (app) => codeWithOnly(app, ['relay']));
      await receiver.accept();
      await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
      await receiver.save(file.name);
      const saved = await waitForDownload(apps.browsers[first === 0 ? 1 : 0].downloadDir, file.name, file.sizeBytes);
      expect(await sha256OfFile(saved)).toBe(file.sha256);
      await sender.press('Disconnect');
      await sender.waitFor('what the server has counted', async () => turn.relayedBytes() - before > FILE_BYTES);
    });
  });
});
