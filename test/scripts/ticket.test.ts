import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseDescription } from '../../src/core/sdp/description.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sdp = readFileSync(new URL('../vectors/sdp/03-chromium156-mdns-srflx-offer.sdp', import.meta.url), 'utf8');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command of package.json, without npm around it. */
function ticket(args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/ticket.ts', ...args],
      { cwd: root },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

describe('ticket', () => {
  test('encode prints one line of base64url, decode an offer of it, inspect its fields', async () => {
    const encoded = await ticket(['encode'], sdp);
    expect(encoded).toEqual({ code: 0, stderr: '', stdout: expect.stringMatching(/^[\w-]+\n$/) });
    const text = encoded.stdout.trim();

    const decoded = await ticket(['decode', text]);
    expect(decoded).toMatchObject({ code: 0, stderr: '' });
    expect(decoded.stdout.endsWith('\r\n')).toBe(true);
    expect(decoded.stdout).toContain('\r\na=setup:actpass\r\n');
    const wanted = parseDescription(sdp);
    expect(parseDescription(decoded.stdout)).toEqual(wanted);

    const inspected = await ticket(['inspect', text]);
    expect(inspected).toMatchObject({ code: 0, stderr: '' });
    for (const field of [wanted.ufrag, wanted.pwd, ...wanted.candidates.map(({ address }) => address)]) {
      expect(inspected.stdout).toContain(field);
    }
  });

  test('a code of many interfaces says how many it leaves out, and its SDP which ones', async () => {
    const more = Array.from({ length: 12 }, (_, i) => {
      return `a=candidate:${i + 50} 1 udp 2122260223 2001:db8:${i}::7 ${50_000 + i} typ host\r\n`;
    });
    const many = `${sdp}${more.join('')}`;
    const text = (await ticket(['encode'], many)).stdout.trim();
    const inspected = await ticket(['inspect', text]);
    const count = /^left out +(\d+) candidates/m.exec(inspected.stdout)?.[1];
    expect(Number(count)).toBeGreaterThan(0);
    const fromSdp = await ticket(['inspect'], many);
    expect(fromSdp.stdout.startsWith(inspected.stdout)).toBe(true);
    expect(fromSdp.stdout.slice(inspected.stdout.length).match(/^left out +host udp 2001:db8:/gm)).toHaveLength(
      Number(count),
    );
  });

  test.each([
    ['an SDP without credentials', sdp.replaceAll(/a=ice-(ufrag|pwd).*\r?\n/g, ''), 'no ICE credentials'],
    ['an SDP without fingerprint', sdp.replaceAll(/a=fingerprint.*\r?\n/g, ''), 'no SHA-256 certificate fingerprint'],
    ['no SDP', 'hello', 'not an SDP'],
    ['nothing', '', 'no SDP on standard input'],
  ])('encode refuses %s in one line', async (_, input, why) => {
    const { code, stdout, stderr } = await ticket(['encode'], input);
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toContain(why);
  });

  test('decode and inspect refuse bad text in one line that says what is wrong', async () => {
    const text = (await ticket(['encode'], sdp)).stdout.trim();
    const damaged = `${text.slice(0, 30)}${text[30] === 'A' ? 'B' : 'A'}${text.slice(31)}`;
    for (const [given, why] of [
      [text.slice(0, -10), 'was cut off'],
      [damaged, 'has a mistake in it'],
      ['WIFI:T:WPA;S:Guest;P:secret1234;;', 'not a Heliograph code'],
    ] as const) {
      for (const command of ['decode', 'inspect']) {
        const { code, stdout, stderr } = await ticket([command, given]);
        expect([code, stdout, stderr.trim().split('\n').length]).toEqual([1, '', 1]);
        expect(stderr).toContain(why);
      }
    }
  });

  test('anything else gets the usage', async () => {
    for (const args of [[], ['decode'], ['encode', 'x'], ['unpack', 'x']]) {
      expect(await ticket(args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^usage: /) });
    }
  });
});
