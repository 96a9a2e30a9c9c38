import { TransferError } from '../../core/errors.ts';
import { Gathering } from '../../core/pairing/gathering.ts';
import type { Clock } from '../../ports/clock.ts';

/** Call before `setLocalDescription`. Resolves when there are candidates enough; rejects with 'no-network'. */
export function gathered(pc: RTCPeerConnection, clock: Clock, iceServers: readonly RTCIceServer[]): Promise<void> {
  const gathering = new Gathering(clock.nowMs(), {
    usesStun: iceServers.length > 0,
    usesTurn: iceServers.some(({ urls }) => [urls].flat().some((url) => url.startsWith('turn'))),
  });
  return new Promise((resolve, reject) => {
    let stopTimer: (() => void) | undefined;
    const step = (input: Parameters<Gathering['handle']>[0]): void => {
      stopTimer?.();
      const result = gathering.handle(input, clock.nowMs());
      if (result === undefined) {
        stopTimer = clock.startTimer(Math.max(0, gathering.deadlineMs() - clock.nowMs()), () =>
          step({ type: 'timeout' }),
        );
        return;
      }
      pc.onicecandidate = null;
      pc.onicegatheringstatechange = null;
      if (result === 'enough') resolve();
      else reject(new TransferError('no-network', 'host', 'no ICE candidate was gathered'));
    };
    pc.onicecandidate = ({ candidate }) => {
      // An empty string is end-of-candidates for one generation (RFC 8838 §8.2); the state change says the same.
      if (candidate !== null && candidate.candidate !== '') step({ type: 'candidate', kind: candidate.type ?? 'host' });
    };
    pc.onicegatheringstatechange = () => {
      if (pc.iceGatheringState === 'complete') step({ type: 'complete' });
    };
    step({ type: 'timeout' });
  });
}
