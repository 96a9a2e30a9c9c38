import { TransferError, type ErrorCode } from '../../core/errors.ts';
import { describeCause, errorName } from '../exceptions.ts';

/** 720p: 3 px a module for a version 6 code that takes a fifth of the frame's width, and cheap to read back. */
const CONSTRAINTS: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** What getUserMedia's errors mean (Media Capture and Streams §10.2.5). */
const CODES = new Map<string, ErrorCode>([
  ['NotAllowedError', 'camera-refused'],
  ['SecurityError', 'camera-refused'], // the site's permissions policy forbids it
  ['NotFoundError', 'camera-missing'],
  ['OverconstrainedError', 'camera-missing'],
  ['TypeError', 'camera-missing'], // what an insecure context may throw
  ['NotReadableError', 'camera-busy'],
  ['AbortError', 'camera-busy'],
]);

/** A camera that is on delivers its first picture within a second or two; some are on and stay black. */
const FIRST_PICTURE_LIMIT_MS = 10_000;
/** Another app that had the camera may let go of it a moment after our page is shown again. */
const REOPEN_WAITS_MS = [400, 1_200] as const;

/** Asks for the camera. Rejects with TransferError 'camera-missing', 'camera-refused' or 'camera-busy', origin 'host'. */
export async function openCamera(): Promise<MediaStream> {
  // Only a secure context has it.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    throw new TransferError('camera-missing', 'host', `no mediaDevices; secure context: ${isSecureContext}`);
  }
  try {
    return await devices.getUserMedia(CONSTRAINTS);
  } catch (cause) {
    const code = CODES.get(errorName(cause)) ?? 'camera-busy';
    throw new TransferError(code, 'host', `getUserMedia: ${describeCause(cause)}`, cause);
  }
}

/** Asks for a camera that was ours before, and more than once while it is busy. Rejects as `openCamera` does. */
export async function reopenCamera(signal: AbortSignal): Promise<MediaStream> {
  for (const waitMs of REOPEN_WAITS_MS) {
    try {
      return await openCamera();
    } catch (error) {
      if (signal.aborted || !(error instanceof TransferError) || error.code !== 'camera-busy') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return openCamera();
}

/** Shows the camera. Rejects with 'camera-busy' when its picture cannot be played, or never comes. */
export async function showCamera(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  // Both, or iOS plays nothing, or in full screen.
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`none within ${FIRST_PICTURE_LIMIT_MS} ms`)), FIRST_PICTURE_LIMIT_MS);
  });
  try {
    await Promise.race([video.play(), limit]);
  } catch (cause) {
    throw new TransferError('camera-busy', 'host', `the camera's picture: ${describeCause(cause)}`, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns the camera off, its light too. */
export function endCamera(video: HTMLVideoElement, stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
  if (video.srcObject === stream) video.srcObject = null;
}
