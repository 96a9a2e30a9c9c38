import { TransferError } from '../../core/errors.ts';
import type { CodeReader } from '../../ports/scanner.ts';
import { describeCause } from '../exceptions.ts';
import { openCamera } from './open-camera.ts';
import { ScanClient } from './scan-client.ts';

/** What a scanner looks at is scaled to this: a QR code of 45 modules has 7 px per module in half of it. */
const FRAME_PX = 960;
/** A code that stays in view is told once in this time. */
const SAME_TEXT_EVERY_MS = 1_000;
/** A photo of a screen may show the code small or huge. */
const PICTURE_SIZES_PX = [1_280, 2_560, 640] as const;

/** @param makeWorker starts `workers/scanner-worker.ts`; called when scanning starts, and the worker is ended after it */
export function createCodeReader(makeWorker: () => Worker): CodeReader {
  return {
    startCamera: async (video, onText) => {
      const session = new CameraSession(video, new ScanClient(makeWorker()), onText);
      try {
        await session.start();
      } catch (error) {
        session.stop();
        throw error;
      }
      return () => session.stop();
    },
    readPicture: (picture) => readPicture(picture, makeWorker),
  };
}

async function readPicture(picture: Blob, makeWorker: () => Worker): Promise<string | undefined> {
  const client = new ScanClient(makeWorker());
  try {
    for (const maxPx of PICTURE_SIZES_PX) {
      const bitmap = await openPicture(picture);
      const whole = { x: 0, y: 0, widthPx: bitmap.width, heightPx: bitmap.height };
      const text = await client.scan(bitmap, whole, maxPx);
      if (text !== undefined) return text;
    }
    return undefined;
  } finally {
    client.close();
  }
}

async function openPicture(picture: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch (cause) {
    throw new TransferError('file-unreadable', 'host', `picture: ${describeCause(cause)}`, cause);
  }
}

/** One use of the camera: from the click until it is stopped. It pauses while the page is hidden. */
class CameraSession {
  readonly #video: HTMLVideoElement;
  readonly #client: ScanClient;
  readonly #onText: (text: string) => void;
  readonly #listeners = new AbortController();
  #stream: MediaStream | undefined;
  #isStopped = false;
  #isCentre = true;
  #lastText = '';
  #lastTextAtMs = -Infinity;

  constructor(video: HTMLVideoElement, client: ScanClient, onText: (text: string) => void) {
    this.#video = video;
    this.#client = client;
    this.#onText = onText;
  }

  async start(): Promise<void> {
    await this.#open();
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal: this.#listeners.signal });
    this.#nextFrame();
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#listeners.abort();
    this.#release();
    this.#client.close();
  }

  async #open(): Promise<void> {
    const stream = await openCamera();
    if (this.#isStopped) {
      endTracks(stream);
      return;
    }
    this.#stream = stream;
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = stream;
    try {
      await this.#video.play();
    } catch (cause) {
      // Stopped while it began to play.
      if (this.#isStopped) return;
      throw new TransferError(
        'camera-busy',
        'host',
        `the camera's picture does not play: ${describeCause(cause)}`,
        cause,
      );
    }
  }

  #release(): void {
    if (this.#stream !== undefined) endTracks(this.#stream);
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  #visibilityChanged(): void {
    if (document.hidden) {
      this.#release();
    } else if (this.#stream === undefined) {
      // Black after coming back is worse than off: the next start asks again and can say why.
      this.#open().catch(() => this.#release());
    }
  }

  /** The next picture that the camera delivers; while one is being looked at, pictures are let go. */
  #nextFrame(): void {
    if (this.#isStopped) return;
    const look = (): void => {
      if (this.#isStopped) return;
      if (this.#client.isBusy || this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return this.#nextFrame();
      this.#look().then(
        () => this.#nextFrame(),
        // A picture that cannot be had is followed by others; a broken worker fails them all, so go slowly.
        () => setTimeout(() => this.#nextFrame(), 500),
      );
    };
    // Without a stream no frame ever comes; a hidden page needs no haste.
    if ('requestVideoFrameCallback' in this.#video && this.#stream !== undefined)
      this.#video.requestVideoFrameCallback(look);
    else setTimeout(look, 100);
  }

  async #look(): Promise<void> {
    const bitmap = await createImageBitmap(this.#video);
    const text = await this.#client.scan(bitmap, this.#crop(bitmap), FRAME_PX);
    if (text === undefined || this.#isStopped) return;
    const nowMs = performance.now();
    if (text === this.#lastText && nowMs - this.#lastTextAtMs < SAME_TEXT_EVERY_MS) return;
    this.#lastText = text;
    this.#lastTextAtMs = nowMs;
    this.#onText(text);
  }

  /** The centre at full resolution and the whole picture in turn: far codes and near ones. */
  #crop({ width, height }: ImageBitmap): { x: number; y: number; widthPx: number; heightPx: number } {
    this.#isCentre = !this.#isCentre;
    if (!this.#isCentre) return { x: 0, y: 0, widthPx: width, heightPx: height };
    const side = Math.floor(Math.min(width, height) * 0.75);
    return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), widthPx: side, heightPx: side };
  }
}

function endTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
