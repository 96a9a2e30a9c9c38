import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'puppeteer-core';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { type Description, parseDescription, writeDescription } from '../../src/core/sdp/description.ts';
import { decodeTicket, encodeTicket } from '../../src/core/ticket/ticket.ts';
import { BROWSER_KINDS, type TestBrowser, launchBrowser } from '../support/browsers.ts';
import { contractsFolder } from '../support/build-pages.ts';

/**
 * Every session description we have, from browsers and libraries of ten years, through a ticket and back: real
 * browsers take what is rebuilt as an answer to their own offer, whichever DTLS role it gives them.
 */
const folder = fileURLToPath(new URL('../vectors/sdp/', import.meta.url));
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.sdp'))
  .toSorted();

describe.each(BROWSER_KINDS)('%s', (kind) => {
  let server: StaticServer;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    server = await startStaticServer({ root: contractsFolder });
    browser = await launchBrowser(kind);
    page = await browser.newPage();
    await page.goto(server.url);
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test.each(vectors)('takes %s', async (name) => {
    const description = throughTicket(parseDescription(readFileSync(folder + name, 'utf8')));
    for (const setup of ['passive', 'active'] as const) {
      const applied = await page.evaluate(
        applyAsAnswer,
        // The browser's own mid is only known once it has made its offer.
        writeDescription(description, { type: 'answer', setup, mid: '@mid@' }),
      );
      expect(applied.signalingState).toBe('stable');
      const kept = parseDescription(applied.remoteSdp);
      expect(kept).toMatchObject({ ufrag: description.ufrag, pwd: description.pwd, sctpPort: description.sctpPort });
      expect(kept.fingerprint).toEqual(description.fingerprint);
    }
  });

  test('refuses a description without a fingerprint, so that taking one means something', async () => {
    const sdp = readFileSync(`${folder}${vectors[0]}`, 'utf8');
    const whole = writeDescription(parseDescription(sdp), { type: 'answer', setup: 'active', mid: '@mid@' });
    await expect(page.evaluate(applyAsAnswer, whole.replace(/a=fingerprint.*\r\n/, ''))).rejects.toThrow();
  });
});

function throughTicket(description: Description): Description {
  const ticket = decodeTicket(encodeTicket({ kind: 'open', createdMinute: 0, description }));
  if (ticket.kind === 'call') throw new Error('an open ticket became a call');
  return ticket.description;
}

/** Runs in the page: a fresh connection offers a negotiated data channel, and takes this as the answer. */
async function applyAsAnswer(sdpTemplate: string): Promise<{ signalingState: string; remoteSdp: string }> {
  const connection = new RTCPeerConnection();
  try {
    connection.createDataChannel('', { negotiated: true, id: 0 });
    await connection.setLocalDescription(await connection.createOffer());
    const mid = /^a=mid:(.+)$/m.exec(connection.localDescription?.sdp ?? '')?.[1]?.trim() ?? '';
    await connection.setRemoteDescription({ type: 'answer', sdp: sdpTemplate.replaceAll('@mid@', mid) });
    const { signalingState, remoteDescription } = connection;
    return { signalingState, remoteSdp: remoteDescription?.sdp ?? '' };
  } finally {
    connection.close();
  }
}
