import { endCamera, openCamera, showCamera } from './open-camera.ts';
import { ScanClient } from './scan-client.ts';
import { TextThrottle } from './text-throttle.ts';
import { nextFrame } from './video-frames.ts';
import { frameView } from './views.ts';

/** A worker that fails this often in a row, each time a fresh one, will not get better. */
const MAX_FAILURES = 3;

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
  readonly #onText: (text: string) => void;
  readonly #throttle = new TextThrottle();
  readonly #stopped = new AbortController();
  #client: ScanClient;
  #running: Running | undefined;
  /** A camera is being asked for. */
  #isOpening = false;
  #turn = 0;
  #failures = 0;

  constructor(video: HTMLVideoElement, makeWorker: () => Worker, onText: (text: string) => void) {
    this.#video = video;
    this.#makeWorker = makeWorker;
    this.#onText = onText;
    // Loads while the person is asked for the camera.
    this.#client = new ScanClient(makeWorker());
  }

  /** Rejects with 'camera-missing', 'camera-refused', 'camera-busy' or 'scanner-failed'; `stop` is still needed then. */
  async start(): Promise<void> {
    const { signal } = this.#stopped;
    await this.#open();
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
    // No one waits for an answer: the picture stays dark, and showing the page again tries again.
    this.#open().catch(reportError);
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    let stream: MediaStream;
    try {
      stream = await openCamera();
    } finally {
      this.#isOpening = false;
    }
    // Stopped while the person was asked. (Hidden: `start` and `visibilitychange` see to it.)
    if (this.#stopped.signal.aborted) return endCamera(this.#video, stream);
    const running = { stream, ended: new AbortController() };
    this.#running = running;
    // Unplugged, or taken by another app: `stop()` of a track does not fire this.
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => this.#lost(running), { signal: running.ended.signal });
    }
    try {
      await showCamera(this.#video, stream);
    } catch (error) {
      if (running.ended.signal.aborted) return;
      this.#end();
      throw error;
    }
    this.#watch(running.ended.signal).catch(reportError);
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
      this.#onText(text);
    } catch (error) {
      // The listener's fault, not the scanner's.
      reportError(error);
    }
  }
}
