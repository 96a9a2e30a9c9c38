import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { launchChromium, removeFolder, type TestBrowser } from '../support/browsers.ts';
import { makeFile } from '../support/files.ts';
import { type NatLab, natIsImpossible, openNatLab } from '../support/nat-lab.ts';
import { candidatesInCode, reachOverInternet, type TestServer } from '../support/reach-steps.ts';
import { startTurnServer, TURN_PASSWORD, TURN_USER, turnIsMissing, type TurnServer } from '../support/turn-server.ts';

const reason = turnIsMissing ?? natIsImpossible();
const PORT = 3478;

if (reason !== undefined) {
  console.log(`SKIPPED: two devices behind routers that translate addresses (NAT): ${reason}`);
  test.skip(`two devices behind NAT: ${reason}`, () => {});
}

/** Chromium only: its tests speak to it over a pipe, which leads into a namespace; Firefox's over a port, which does not. */
describe.skipIf(reason !== undefined)('two homes, each behind a router that translates addresses', () => {
  let lab: NatLab;
  let turn: TurnServer;
  let browsers: readonly TestBrowser[];
  let folder: string;
  let stun: TestServer;
  let relay: TestServer;

  beforeAll(async () => {
    lab = await openNatLab();
    turn = await startTurnServer({ host: lab.internetAddress, port: PORT, prefix: lab.internetPrefix });
    stun = { uri: `stun:${turn.address}` };
    relay = { uri: `turn:${turn.address}`, username: TURN_USER, credential: TURN_PASSWORD };
    browsers = await Promise.all(lab.homes.map(({ chromium }) => launchChromium({ program: chromium })));
    folder = await mkdtemp(join(tmpdir(), 'heliograph-files-'));
  });

  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await turn.stop();
    await lab.close();
    await removeFolder(folder);
  });

  /** The first server is for the first device, all others are for the second one. */
  const open = async (
    ...servers: readonly [first: TestServer, ...second: readonly TestServer[]]
  ): Promise<readonly [AppDriver, AppDriver]> => {
    const [one, two] = await Promise.all(
      browsers.map(async (browser, index) => {
        const stale = await browser.browser.pages();
        const app = await AppDriver.open(browser, lab.homes[index === 0 ? 0 : 1].url);
        await app.page.evaluate(() => localStorage.clear());
        await app.page.reload();
        await Promise.all(stale.map((page) => page.close()));
        const used = index === 0 ? servers.slice(0, 1) : servers.slice(1);
        if (used.length > 0) await reachOverInternet(app, used);
        return app;
      }),
    );
    if (one === undefined || two === undefined) throw new Error('two browsers were wanted');
    return [one, two];
  };

  const sendOne = async (sender: AppDriver, receiver: AppDriver): Promise<void> => {
    const file = await makeFile(folder, 'across.bin', 1_000_000);
    await sender.sendMore([file.path]);
    await receiver.accept();
    await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
  };

  test('connect through STUN where the port stays the same', async () => {
    lab.setNat('portPreserving');
    const [one, two] = await open(stun, stun);
    await Promise.all([one.receive(), two.receive()]);
    const reflexive = (await candidatesInCode(one)).filter(({ type }) => type === 'srflx');
    expect(reflexive.map(({ address }) => address)).toEqual(['198.51.100.2']);
    await pairByPaste(one, two);
    await one.press('Connection details');
    await one.waitForAttribute('path', 'data-kind', 'nat');
    await sendOne(one, two);
  });

  test('say that a relay is needed where each destination gets another port, and only STUN helps', async () => {
    lab.setNat('symmetric');
    const [one, two] = await open(stun, stun);
    await Promise.all([one.receive(), two.receive()]);
    await readBoth(one, two);
    await two.waitForAttribute('verdict', 'data-verdict', 'needs-relay', 30_000);
    await two.waitForText('The networks of the two devices let no direct connection through');
    await two.waitForText('Add a relay (TURN) server in the settings of one of them');
  });

  test('say that the relay did not help, where its password is wrong', async () => {
    lab.setNat('symmetric');
    const [one, two] = await open(stun, { ...relay, credential: 'wrong' }, stun);
    await Promise.all([one.receive(), two.receive()]);
    await readBoth(one, two);
    await two.waitForAttribute('verdict', 'data-verdict', 'relay-silent', 30_000);
  });

  test('say which device keeps to its own network', async () => {
    lab.setNat('portPreserving');
    const [one, two] = await open(stun);
    await Promise.all([one.receive(), two.receive()]);
    await readBoth(one, two);
    await two.waitForAttribute('verdict', 'data-verdict', 'reach-here', 30_000);
  });

  test('connect through TURN where each destination gets another port', async () => {
    lab.setNat('symmetric');
    const [one, two] = await open(relay, relay);
    await Promise.all([one.receive(), two.receive()]);
    await pairByPaste(one, two);
    await one.press('Connection details');
    await one.waitForAttribute('path', 'data-kind', 'relayed');
    await sendOne(two, one);
  });
});

/** The second one knows that both were read, since it has read a reply. */
async function readBoth(one: AppDriver, two: AppDriver): Promise<void> {
  await one.readCode(await two.link());
  await one.waitForAttribute('status', 'data-state', 'read');
  await two.readCode(await one.link());
}
