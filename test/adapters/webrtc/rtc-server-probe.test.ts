import { afterEach, expect, test, vi } from 'vitest';
import { createRtcServerProbe } from '../../../src/adapters/webrtc/rtc-server-probe.ts';
import { PROBE_LIMIT_MS, type ProbeResult } from '../../../src/ports/server-probe.ts';
import { FakeClock } from '../../support/fake-clock.ts';

type Step =
  | { readonly candidate: { readonly type: string; readonly address: string } }
  | { readonly errorCode: number; readonly errorText: string }
  | 'complete';

/** Plays back what Chromium 156 and Firefox 153 were seen to tell about real servers (2026-11). */
class PlayedConnection extends EventTarget {
  static steps: readonly Step[] = [];
  static closed = 0;
  iceGatheringState = 'gathering';

  createDataChannel(): void {}

  async setLocalDescription(): Promise<void> {
    for (const step of PlayedConnection.steps) this.#play(step);
  }

  close(): void {
    PlayedConnection.closed += 1;
  }

  #play(step: Step): void {
    if (step === 'complete') {
      this.iceGatheringState = 'complete';
      this.dispatchEvent(new Event('icegatheringstatechange'));
    } else if ('candidate' in step) {
      this.dispatchEvent(Object.assign(new Event('icecandidate'), step));
    } else {
      this.dispatchEvent(Object.assign(new Event('icecandidateerror'), step));
    }
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const host: Step = { candidate: { type: 'host', address: '753ef488-0ed0-45c0-a2c7-b4dd4538a108.local' } };
const srflx: Step = { candidate: { type: 'srflx', address: '203.0.113.7' } };
const relay: Step = { candidate: { type: 'relay', address: '198.51.100.9' } };
const lookup: Step = { errorCode: 701, errorText: 'STUN host lookup received error.' };
const stun = { urls: 'stun:stun.example.org' };
const turn = { urls: 'turn:turn.example.org', username: 'anna', credential: 'secret' };

async function probed(server: typeof stun, steps: readonly Step[]): Promise<ProbeResult> {
  PlayedConnection.steps = steps;
  PlayedConnection.closed = 0;
  vi.stubGlobal('RTCPeerConnection', PlayedConnection);
  const clock = new FakeClock();
  const result = createRtcServerProbe(clock).probe(server, new AbortController().signal);
  clock.pass(PROBE_LIMIT_MS);
  const known = await result;
  expect(PlayedConnection.closed).toBe(1);
  return known;
}

test.each<readonly [string, typeof stun, readonly Step[], ProbeResult]>([
  ['a public address', stun, [host, srflx, 'complete'], { type: 'sees', address: '203.0.113.7' }],
  ['an address of this device’s own', stun, [host, 'complete'], { type: 'seesSame' }],
  ['no network at all', stun, ['complete'], { type: 'unreachable' }],
  ['a relay', turn, [relay, 'complete'], { type: 'relays', address: '198.51.100.9' }],
  ['a wrong password', turn, [{ errorCode: 401, errorText: 'Unauthorized.' }, 'complete'], { type: 'unauthorized' }],
  [
    'a full server',
    turn,
    [{ errorCode: 486, errorText: 'Allocation Quota Reached' }, 'complete'],
    { type: 'refused', errorCode: 486, errorText: 'Allocation Quota Reached' },
  ],
  ['a name that is none, in Chromium', stun, [host, lookup, lookup, 'complete'], { type: 'hostUnknown' }],
  ['… in Firefox', stun, [host, { errorCode: 701, errorText: '' }, 'complete'], { type: 'unreachable' }],
  [
    'an error of one family, and an answer of the other',
    stun,
    [host, lookup, srflx],
    { type: 'sees', address: '203.0.113.7' },
  ],
  ['silence', stun, [host], { type: 'noAnswer' }],
  [
    'an error, and then silence',
    turn,
    [{ errorCode: 701, errorText: 'TURN allocate request timed out.' }],
    { type: 'noAnswer' },
  ],
])('%s', async (_, server, steps, wanted) => {
  expect(await probed(server, steps)).toEqual(wanted);
});

test('an address that the browser refuses is said to be so', async () => {
  vi.stubGlobal('RTCPeerConnection', function refuse() {
    throw new DOMException('uses a port that is blocked', 'SyntaxError');
  });
  const result = await createRtcServerProbe(new FakeClock()).probe(stun, new AbortController().signal);
  expect(result).toEqual({ type: 'refusedByBrowser' });
});

test('can be given up', async () => {
  PlayedConnection.steps = [host];
  PlayedConnection.closed = 0;
  vi.stubGlobal('RTCPeerConnection', PlayedConnection);
  const controller = new AbortController();
  const result = createRtcServerProbe(new FakeClock()).probe(stun, controller.signal);
  controller.abort(new Error('nobody waits'));
  await expect(result).rejects.toThrow('nobody waits');
  expect(PlayedConnection.closed).toBe(1);
});
