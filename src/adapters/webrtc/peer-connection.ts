import { TransferError } from '../../core/errors.ts';
import type { DtlsRole } from '../../core/pairing/role.ts';
import { parseDescription, writeDescription, type Description } from '../../core/sdp/description.ts';
import type { Clock } from '../../ports/clock.ts';
import { gathered } from './gather.ts';

/* What every RTCPeerConnection of ours goes through, whether it carries a link or is one more lane. */

/** Stream ids of the negotiated channels of a connection (RFC 8831 §6.4); no DCEP (RFC 8832) is spoken. */
export const CONTROL_CHANNEL_ID = 0;
export const DATA_CHANNEL_ID = 1;

/** @throws TransferError 'webrtc-unavailable' */
export function openPeerConnection(
  iceServers: readonly RTCIceServer[],
  certificates: readonly RTCCertificate[],
): RTCPeerConnection {
  try {
    return new RTCPeerConnection({
      iceServers: [...iceServers],
      certificates: [...certificates],
      bundlePolicy: 'max-bundle',
    });
  } catch (cause) {
    // One server that this browser does not like (Firefox 153: a blocked port) must not keep two neighbours apart.
    const accepted = iceServers.length === 0 ? [] : iceServers.filter(isAccepted);
    if (accepted.length < iceServers.length) return openPeerConnection(accepted, certificates);
    throw new TransferError('webrtc-unavailable', 'host', 'RTCPeerConnection cannot be made', cause);
  }
}

function isAccepted(iceServer: RTCIceServer): boolean {
  try {
    new RTCPeerConnection({ iceServers: [iceServer] }).close();
    return true;
  } catch {
    return false; // SyntaxError or InvalidAccessError; the test in the settings says so.
  }
}

/**
 * Makes an offer, applies it, and waits for candidates. Rejects with 'no-network' or 'webrtc-unavailable'.
 *
 * @param iceServers those that it was opened with
 */
export async function describe(
  pc: RTCPeerConnection,
  clock: Clock,
  iceServers: readonly RTCIceServer[],
  options: RTCOfferOptions = {},
): Promise<{ readonly description: Description; readonly mid: string }> {
  const enough = gathered(pc, clock, iceServers);
  try {
    await pc.setLocalDescription(await pc.createOffer(options));
  } catch (cause) {
    throw new TransferError('webrtc-unavailable', 'host', 'the browser refused to make an offer', cause);
  }
  await enough;
  const sdp = pc.localDescription?.sdp;
  if (sdp === undefined) throw new TransferError('webrtc-unavailable', 'host', 'no local description');
  return { description: parseDescription(sdp), mid: midOf(sdp) };
}

/** Rejects with 'description-refused'. @param as our own role; the synthesised answer is the peer's, and says the opposite */
export async function applyAnswer(
  pc: RTCPeerConnection,
  theirs: Description,
  { type, as, mid }: { readonly type: 'answer' | 'pranswer'; readonly as: DtlsRole; readonly mid: string },
): Promise<void> {
  const setup = as === 'active' ? 'passive' : 'active';
  try {
    await pc.setRemoteDescription({ type, sdp: writeDescription(theirs, { type: 'answer', setup, mid }) });
  } catch (cause) {
    // Closed meanwhile: nobody waits for it.
    if (pc.signalingState === 'closed') return;
    const what = `setRemoteDescription(${type}, ${setup}): ${String(cause)}`;
    throw new TransferError('description-refused', 'host', what, cause);
  }
}

export function midOf(sdp: string): string {
  return /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0';
}
