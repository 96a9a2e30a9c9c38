import { TransferError, type ErrorCode } from '../../core/errors.ts';
import { describeCause, errorName } from '../exceptions.ts';

const CONSTRAINTS: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** What getUserMedia's errors mean (Media Capture and Streams §10.2). */
const CODES = new Map<string, ErrorCode>([
  ['NotAllowedError', 'camera-refused'],
  ['SecurityError', 'camera-refused'],
  ['NotFoundError', 'camera-missing'],
  ['OverconstrainedError', 'camera-missing'],
  ['TypeError', 'camera-missing'],
  ['NotReadableError', 'camera-busy'],
  ['AbortError', 'camera-busy'],
]);

/** Rejects with 'camera-missing', 'camera-refused' or 'camera-busy', origin 'host'. */
export async function openCamera(): Promise<MediaStream> {
  // Only a secure context has it.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined)
    throw new TransferError('camera-missing', 'host', 'no mediaDevices: not a secure context?');
  try {
    return await devices.getUserMedia(CONSTRAINTS);
  } catch (cause) {
    const code = CODES.get(errorName(cause) ?? '') ?? 'camera-busy';
    throw new TransferError(code, 'host', `getUserMedia: ${describeCause(cause)}`, cause);
  }
}
