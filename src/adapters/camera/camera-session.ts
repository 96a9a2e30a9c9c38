import { TransferError } from '../../core/errors.ts';
import { endCamera, openCamera, reopenCamera, showCamera } from './open-camera.ts';
import { ScanClient } from './scan-client.ts';
import { TextThrottle } from './text-throttle.ts';
import { nextFrame } from './video-frames.ts';
import { frameView } from './views.ts';

/** A worker that fails this often in a row, each time a fresh one, will not get better. */
const MAX_FAILURES = 3;

/** What happens to a session from outside. */
export interface CameraListener {
  readonly onText: (text: string) => void;
  /** The session has ended by itself, after it had started. */
  readonly onFailed: (error: TransferError) => void;
}

/** While the camera is on: ends with `stop`, or when the page is hidden. */
interface Running {
  readonly stream: MediaStream;
  readonly ended: AbortController;
}

/**
 * One use of the camera: from the click until `stop`.
 *
 * While the page is hidden the camera is off (its light is a promise to people, and phones take it from hidden
 * pages anyway); it comes back by itself. Frames are looked at one at a time: the next one taken is the newest.
 */
export class CameraSession {
  readonly #video: HTMLVideoElement;
  readonly #makeWorker: () => Worker;
  readonly #listener: CameraListener;
  readonly #throttle = new TextThrottle();
  readonly #stopped = new AbortController();
  #client: ScanClient;
  #running: Running | undefined;
  /** A camera is being asked for. */
  #isOpening = false;
  #watching = Promise.resolve();
  #turn = 0;
  #failures = 0;

  constructor(video: HTMLVideoElement, makeWorker: () => Worker, listener: CameraListener) {
    this.#video = video;
    this.#makeWorker = makeWorker;
    this.#listener = listener;
    // Loads while the person is asked for the camera.
    this.#client = new ScanClient(makeWorker());
  }

  /** Rejects with 'camera-missing', 'camera-refused', 'camera-busy' or 'scanner-failed'; `stop` is still needed then. */
  async start(): Promise<void> {
    const { signal } = this.#stopped;
    await this.#open(openCamera);
    await this.#client.ready;
    document.addEventListener('visibilitychange', () => this.#follow(), { signal });
    this.#follow();
  }

  /** Idempotent. */
  stop(): void {
    this.#stopped.abort();
    this.#end();
    this.#client.close();
  }

  /** Does what the page's visibility asks for. */
  #follow(): void {
    if (document.hidden) return this.#end();
    if (this.#running !== undefined || this.#isOpening) return;
    this.#open(reopenCamera).catch((error: unknown) => this.#fail(error));
  }

  async #open(open: (signal: AbortSignal) => Promise<MediaStream>): Promise<void> {
    const stopped = this.#stopped.signal;
    this.#isOpening = true;
    let stream: MediaStream;
    try {
      stream = await open(stopped);
    } finally {
      this.#isOpening = false;
    }
    // While the person was asked, or the camera warmed up. A hidden page is seen to when it is shown again.
    if (stopped.aborted || document.hidden) return endCamera(this.#video, stream);
    const running = { stream, ended: new AbortController() };
    this.#running = running;
    // Unplugged, or taken by another app. Engines differ in which of the two they tell; our own stopping aborts both.
    const { signal } = running.ended;
    for (const target of [this.#video, ...stream.getTracks()]) {
      target.addEventListener('ended', () => this.#lost(running), { signal });
    }
    try {
      await showCamera(this.#video, stream);
    } catch (error) {
      if (signal.aborted) return;
      this.#end();
      throw error;
    }
    // A frame of the camera before may still be with the worker, which looks at one at a time.
    this.#watching = this.#watching.then(() => this.#watch(signal)).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.stop();
    const isOurs = error instanceof TransferError;
    this.#listener.onFailed(isOurs ? error : new TransferError('internal', 'local', `camera: ${String(error)}`, error));
  }

  #end(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.ended.abort();
    endCamera(this.#video, running.stream);
  }

  #lost(running: Running): void {
    if (this.#running !== running) return;
    this.#end();
    this.#follow();
  }

  /** Looks at frames until `ended`. Rejects with 'scanner-failed' when no worker can be made to work. */
  async #watch(ended: AbortSignal): Promise<void> {
    for (;;) {
      await nextFrame(this.#video, ended);
      if (ended.aborted) return;
      if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
      try {
        await this.#look(ended);
        this.#failures = 0;
      } catch (error) {
        if (ended.aborted) return;
        this.#failures += 1;
        if (this.#failures >= MAX_FAILURES) throw error;
        this.#client.close();
        this.#client = new ScanClient(this.#makeWorker());
      }
    }
  }

  async #look(ended: AbortSignal): Promise<void> {
    const frame = await createImageBitmap(this.#video);
    const view = frameView(frame.width, frame.height, this.#turn++);
    const text = await this.#client.scan(frame, [view], false);
    if (text === undefined || ended.aborted || !this.#throttle.admits(text, performance.now())) return;
    try {
      this.#listener.onText(text);
    } catch (error) {
      // The listener's fault, not the scanner's.
      reportError(error);
    }
  }
}
