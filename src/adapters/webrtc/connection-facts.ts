import type { ConnectionFacts, PathFacts, SeenCandidate } from '../../core/reach/facts.ts';

/**
 * The statistics that we read, with what only one engine has (Chromium 156, Firefox 153; 2026-11). Firefox has no
 * `requestsReceived`; both leave hidden addresses out, Chromium as an empty text, Firefox as '(redacted)' or a name.
 */
interface CandidateStats extends RTCStats {
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly address?: string | null;
  readonly port?: number;
  readonly networkType?: string;
  readonly relayProtocol?: string;
}

interface PairStats extends RTCIceCandidatePairStats {
  /** Firefox's own; elsewhere `RTCTransportStats.selectedCandidatePairId` says it. */
  readonly selected?: boolean;
}

/** Reads the state of a connection. Works on one that has failed, too. */
export async function readFacts(pc: RTCPeerConnection): Promise<ConnectionFacts> {
  const [report, isLocalNetworkDenied] = await Promise.all([pc.getStats(), isDenied()]);
  const byId = new Map<string, RTCStats>();
  for (const stats of report.values() as Iterable<RTCStats>) byId.set(stats.id, stats);
  const all = [...byId.values()];
  const pairs = all.filter((stats): stats is PairStats => stats.type === 'candidate-pair');
  const transport = all.find((stats): stats is RTCTransportStats => stats.type === 'transport');
  const candidates = (type: string): SeenCandidate[] =>
    all.filter((stats) => stats.type === type).flatMap((stats) => seen(stats) ?? []);
  const counted = pairs.flatMap(({ requestsReceived }) => requestsReceived ?? []);
  return {
    iceState: pc.iceConnectionState,
    dtlsState: transport?.dtlsState,
    locals: candidates('local-candidate'),
    remotes: candidates('remote-candidate'),
    checksReceived: counted.length === 0 ? undefined : sum(counted),
    answersReceived: sum(pairs.map(({ responsesReceived }) => responsesReceived ?? 0)),
    path: pathOf(pairs, transport, byId),
    isLocalNetworkDenied,
  };
}

function pathOf(
  pairs: readonly PairStats[],
  transport: RTCTransportStats | undefined,
  byId: ReadonlyMap<string, RTCStats>,
): PathFacts | undefined {
  const pair = pairs.find(({ id, selected }) => id === transport?.selectedCandidatePairId || selected === true);
  const local = seen(byId.get(pair?.localCandidateId ?? ''));
  const remote = seen(byId.get(pair?.remoteCandidateId ?? ''));
  if (pair === undefined || local === undefined || remote === undefined) return undefined;
  const { currentRoundTripTime, bytesSent = 0, bytesReceived = 0 } = pair;
  const roundTripMs = currentRoundTripTime === undefined ? undefined : currentRoundTripTime * 1000;
  return { local, remote, roundTripMs, bytesSent, bytesReceived };
}

function seen(stats: CandidateStats | undefined): SeenCandidate | undefined {
  if (stats === undefined) return undefined;
  const { candidateType: type, protocol, address, port, networkType, relayProtocol } = stats;
  if (type !== 'host' && type !== 'srflx' && type !== 'prflx' && type !== 'relay') return undefined;
  return {
    type,
    protocol: protocol === 'tcp' ? 'tcp' : 'udp',
    address: address === undefined || address === null || /^(\(.*\))?$/.test(address) ? undefined : address,
    port,
    networkType,
    relayProtocol:
      relayProtocol === 'udp' || relayProtocol === 'tcp' || relayProtocol === 'tls' ? relayProtocol : undefined,
  };
}

/** Chromium's Local Network Access, under the names of its versions 138 to 156. */
async function isDenied(): Promise<boolean> {
  const states = await Promise.all(['local-network-access', 'local-network'].map(permissionState));
  return states.includes('denied');
}

async function permissionState(name: string): Promise<PermissionState | undefined> {
  try {
    // The names are not in TypeScript's list.
    const permissions: { query(descriptor: { name: string }): Promise<PermissionStatus> } = navigator.permissions;
    return (await permissions.query({ name })).state;
  } catch {
    return undefined; // TypeError: this browser has no such permission, or no permissions; so nothing is denied.
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
