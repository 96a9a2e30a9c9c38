import { TransferError, type ErrorCode } from '../../core/errors.ts';
import type { CameraFacts, CameraInfo, CameraWish } from '../../ports/scanner.ts';
import { describeCause, errorName } from '../exceptions.ts';

/** 720p: 3 px a module for a version 6 code that takes a fifth of the frame's width, and cheap to read back. */
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } } as const;

/** Ideals only: a camera that was unplugged, or an id that the browser has made anew, must not stand in the way. */
function constraints({ id, facing }: CameraWish): MediaStreamConstraints {
  const which = id === undefined ? { facingMode: { ideal: facing } } : { deviceId: { ideal: id } };
  return { audio: false, video: { ...which, ...SIZE } };
}

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

/** Asks for a camera. Rejects with TransferError 'camera-missing', 'camera-refused' or 'camera-busy', origin 'host'. */
export async function openCamera(wish: CameraWish): Promise<MediaStream> {
  // Only a secure context has it.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    throw new TransferError('camera-missing', 'host', `no mediaDevices; secure context: ${isSecureContext}`);
  }
  try {
    return await devices.getUserMedia(constraints(wish));
  } catch (cause) {
    const code = CODES.get(errorName(cause)) ?? 'camera-busy';
    throw new TransferError(code, 'host', `getUserMedia: ${describeCause(cause)}`, cause);
  }
}

/** Asks for a camera that was ours before, and more than once while it is busy. Rejects as `openCamera` does. */
export async function reopenCamera(wish: CameraWish, signal: AbortSignal): Promise<MediaStream> {
  for (const waitMs of REOPEN_WAITS_MS) {
    try {
      return await openCamera(wish);
    } catch (error) {
      if (signal.aborted || !(error instanceof TransferError) || error.code !== 'camera-busy') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return openCamera(wish);
}

/** Shows the camera. Rejects with 'camera-black' when its picture cannot be played, or never comes. */
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
    throw new TransferError('camera-black', 'host', `the camera's picture: ${describeCause(cause)}`, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns the camera off, its light too. */
export function endCamera(video: HTMLVideoElement, stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
  if (video.srcObject === stream) video.srcObject = null;
}

/** What the opened camera is. The list has names only now that the camera is allowed (Media Capture §9.2). */
export async function cameraFacts(stream: MediaStream): Promise<CameraFacts> {
  const [track] = stream.getVideoTracks();
  const settings = track?.getSettings();
  const devices = await navigator.mediaDevices.enumerateDevices();
  const cameras: CameraInfo[] = devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return {
    cameras,
    id: settings?.deviceId ?? '',
    facing: facingOf(settings?.facingMode, track?.label ?? ''),
    hasTorch: track !== undefined && offersTorch(track),
  };
}

/** Firefox on a phone says it in the name only. A laptop's says nothing: it looks at the person. */
function facingOf(mode: string | undefined, label: string): CameraFacts['facing'] {
  if (mode === 'user' || mode === 'environment') return mode;
  if (/\b(?:back|rear|environment)\b/i.test(label)) return 'environment';
  return /\b(?:front|user|facetime)\b/i.test(label) ? 'user' : undefined;
}

/** `torch` is of the Image Capture specification, which TypeScript's library does not have. */
function offersTorch(track: MediaStreamTrack): boolean {
  // Firefox before 132 has no getCapabilities.
  const capabilities: object = 'getCapabilities' in track ? track.getCapabilities() : {};
  const torch: unknown = 'torch' in capabilities ? capabilities.torch : false;
  return torch === true || (Array.isArray(torch) && torch.includes(true));
}

/** @returns whether the light is on now */
export async function setTorch(stream: MediaStream, isOn: boolean): Promise<boolean> {
  const [track] = stream.getVideoTracks();
  if (track === undefined || !offersTorch(track)) return false;
  const light: MediaTrackConstraintSet & { torch: boolean } = { torch: isOn };
  try {
    await track.applyConstraints({ advanced: [light] });
    return isOn;
  } catch {
    return false; // Promised, and not there: iOS does so on some front cameras.
  }
}
