import type { IceServer } from '../../core/reach/reach-settings.ts';
import type { Clock } from '../../ports/clock.ts';
import { PROBE_LIMIT_MS, type ProbeResult, type ServerProbe } from '../../ports/server-probe.ts';

/** RFC 9429 (W3C webrtc-pc §4.8.2): no answer that could be understood, as opposed to a STUN error code (300 to 699). */
const NO_STUN_ERROR = 701;

export function createRtcServerProbe(clock: Clock): ServerProbe {
  return { probe: (server, signal) => probe(server, signal, clock) };
}

async function probe(server: IceServer, signal: AbortSignal, clock: Clock): Promise<ProbeResult> {
  signal.throwIfAborted();
  const isRelay = server.urls.startsWith('turn');
  const pc = openWith(server, isRelay);
  if (pc === undefined) return { type: 'refusedByBrowser' };
  const errors: RTCPeerConnectionIceErrorEvent[] = [];
  let hasOwnAddress = false;
  try {
    return await new Promise<ProbeResult>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true });
      clock.startTimer(PROBE_LIMIT_MS, () => resolve(worst(errors) ?? { type: 'noAnswer' }));
      pc.addEventListener('icecandidateerror', (event) => errors.push(event));
      pc.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.address === undefined || candidate.address === null) return;
        if (candidate.type === 'host') hasOwnAddress = true;
        if (!isRelay && candidate.type === 'srflx') resolve({ type: 'sees', address: candidate.address });
        if (isRelay && candidate.type === 'relay') resolve({ type: 'relays', address: candidate.address });
      });
      pc.addEventListener('icegatheringstatechange', () => {
        if (pc.iceGatheringState !== 'complete') return;
        // Without an error there was an answer, unless there was no network to ask in: a reflexive candidate that equals
        // a host candidate is left out (RFC 8445 §5.1.3).
        resolve(worst(errors) ?? { type: hasOwnAddress && !isRelay ? 'seesSame' : 'unreachable' });
      });
      pc.createDataChannel('probe');
      pc.setLocalDescription().catch((cause: unknown) => reject(asError(cause)));
    });
  } finally {
    pc.close();
  }
}

function openWith({ urls, username, credential }: IceServer, isRelay: boolean): RTCPeerConnection | undefined {
  const server = username === undefined || credential === undefined ? { urls } : { urls, username, credential };
  try {
    return new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: isRelay ? 'relay' : 'all' });
  } catch {
    return undefined; // SyntaxError: the address is checked before, so it is a rule of this browser.
  }
}

/** Of the errors from several local addresses, the one that tells the most. */
function worst(errors: readonly RTCPeerConnectionIceErrorEvent[]): ProbeResult | undefined {
  const answered = errors.find(({ errorCode }) => errorCode !== NO_STUN_ERROR);
  if (answered !== undefined) {
    const { errorCode, errorText } = answered;
    return errorCode === 401 ? { type: 'unauthorized' } : { type: 'refused', errorCode, errorText };
  }
  if (errors.length === 0) return undefined;
  // Chromium 156: 'STUN host lookup received error.', 'TURN allocate request timed out.'; Firefox 153 says nothing.
  if (errors.some(({ errorText }) => /lookup/i.test(errorText))) return { type: 'hostUnknown' };
  if (errors.some(({ errorText }) => /timed? ?out/i.test(errorText))) return { type: 'noAnswer' };
  return { type: 'unreachable' };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
