import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readFacts } from '../../../src/adapters/webrtc/connection-facts.ts';

const permission = { state: 'prompt' };

beforeEach(() => {
  permission.state = 'prompt';
  vi.stubGlobal('navigator', { permissions: { query: async () => permission } });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function connection(iceConnectionState: string, stats: readonly { id: string; type: string }[]): RTCPeerConnection {
  const report = new Map(stats.map((one) => [one.id, one]));
  return { iceConnectionState, getStats: async () => report } as unknown as RTCPeerConnection;
}

/** As Chromium 156 gave them (shortened): it says which pair is selected in the transport, and hides as ''. */
const CHROMIUM = [
  {
    id: 'CP1',
    type: 'candidate-pair',
    bytesReceived: 6613,
    bytesSent: 2095,
    currentRoundTripTime: 0.001,
    localCandidateId: 'I1',
    remoteCandidateId: 'I2',
    requestsReceived: 6,
    responsesReceived: 5,
    state: 'succeeded',
  },
  {
    id: 'CP2',
    type: 'candidate-pair',
    bytesReceived: 0,
    bytesSent: 0,
    localCandidateId: 'I1',
    remoteCandidateId: 'I3',
    requestsReceived: 1,
    responsesReceived: 0,
    state: 'waiting',
  },
  {
    id: 'I1',
    type: 'local-candidate',
    address: '',
    candidateType: 'host',
    port: 57_136,
    protocol: 'udp',
    networkType: 'wifi',
  },
  { id: 'I2', type: 'remote-candidate', address: '192.0.2.77', candidateType: 'prflx', port: 41_443, protocol: 'udp' },
  { id: 'I3', type: 'remote-candidate', address: '', candidateType: 'host', port: 53_817, protocol: 'tcp' },
  { id: 'T01', type: 'transport', dtlsState: 'connected', selectedCandidatePairId: 'CP1' },
];

/** As Firefox 153 gave them: no count of requests, names for local addresses, '(redacted)' for seen ones. */
const FIREFOX = [
  {
    id: '21013ea3',
    type: 'candidate-pair',
    bytesReceived: 2467,
    bytesSent: 2406,
    currentRoundTripTime: 0,
    localCandidateId: 'c6845bd4',
    remoteCandidateId: 'cf756d07',
    responsesReceived: 1,
    selected: true,
    state: 'succeeded',
  },
  {
    id: 'c6845bd4',
    type: 'local-candidate',
    address: 'ab23c460.local',
    candidateType: 'host',
    port: 5,
    protocol: 'udp',
  },
  { id: 'cf756d07', type: 'remote-candidate', address: '(redacted)', candidateType: 'prflx', port: 6, protocol: 'udp' },
];

test('reads what Chromium says', async () => {
  const facts = await readFacts(connection('connected', CHROMIUM));
  expect(facts).toMatchObject({
    iceState: 'connected',
    dtlsState: 'connected',
    checksReceived: 7,
    answersReceived: 5,
    isLocalNetworkDenied: false,
    path: {
      local: { type: 'host', address: undefined, port: 57_136, networkType: 'wifi' },
      remote: { type: 'prflx', address: '192.0.2.77' },
      roundTripMs: 1,
      bytesSent: 2095,
      bytesReceived: 6613,
    },
  });
  expect(facts.remotes.map(({ address, protocol }) => [address, protocol])).toEqual([
    ['192.0.2.77', 'udp'],
    [undefined, 'tcp'],
  ]);
});

test('reads what Firefox says', async () => {
  const facts = await readFacts(connection('connected', FIREFOX));
  expect(facts).toMatchObject({
    dtlsState: undefined,
    checksReceived: undefined,
    answersReceived: 1,
    path: { local: { address: 'ab23c460.local' }, remote: { address: undefined }, roundTripMs: 0 },
  });
});

test('there is no path before one is selected', async () => {
  const facts = await readFacts(connection('checking', CHROMIUM.slice(1, 5)));
  expect(facts.path).toBeUndefined();
});

test('a denied local network is noticed, and a browser that knows of no such permission denies nothing', async () => {
  permission.state = 'denied';
  expect((await readFacts(connection('failed', []))).isLocalNetworkDenied).toBe(true);
  vi.stubGlobal('navigator', { permissions: { query: async () => Promise.reject(new TypeError('no such name')) } });
  expect((await readFacts(connection('failed', []))).isLocalNetworkDenied).toBe(false);
});
