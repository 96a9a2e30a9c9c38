import type { Clock } from '../../ports/clock.ts';

const POLL_EVERY_MS = 200;
/** Where the browser does not count received checks, a succeeded pair is believed after this long. */
const BELIEVE_AFTER_MS = 5_000;

/**
 * Calls back once when the peer's ICE agent has sent us an authenticated connectivity check (RFC 8445 §7.3), which
 * it can only do after it has applied our description.
 *
 * There is no event for it; `RTCIceCandidatePairStats.requestsReceived` counts them in Chromium and Safari, even
 * before we have applied anything. Firefox 153 does not count them (2026-11), and does not need to know: see
 * PAIRING.md §3.
 *
 * @returns stops watching; idempotent
 */
export function watchForPeer(pc: RTCPeerConnection, clock: Clock, onSeen: () => void): () => void {
  let isStopped = false;
  let stopTimer: (() => void) | undefined;
  let succeededSinceMs: number | undefined;

  const poll = async (): Promise<void> => {
    const checks = summarise(await pc.getStats());
    if (isStopped) return;
    if (checks.hasUncountedSuccess) succeededSinceMs ??= clock.nowMs();
    const isBelieved = succeededSinceMs !== undefined && clock.nowMs() - succeededSinceMs >= BELIEVE_AFTER_MS;
    if (checks.received > 0 || (isBelieved && pc.signalingState === 'have-remote-pranswer')) {
      isStopped = true;
      onSeen();
      return;
    }
    schedule();
  };
  const schedule = (): void => {
    stopTimer = clock.startTimer(POLL_EVERY_MS, () => {
      // getStats rejects on a closed connection only: then there is nobody left to see.
      poll().catch(() => undefined);
    });
  };
  schedule();
  return () => {
    isStopped = true;
    stopTimer?.();
  };
}

function summarise(report: RTCStatsReport): { received: number; hasUncountedSuccess: boolean } {
  let received = 0;
  let hasUncountedSuccess = false;
  for (const stats of report.values() as Iterable<RTCIceCandidatePairStats>) {
    if (stats.type !== 'candidate-pair') continue;
    if (typeof stats.requestsReceived === 'number') received += stats.requestsReceived;
    else if (stats.state === 'succeeded') hasUncountedSuccess = true;
  }
  return { received, hasUncountedSuccess };
}
