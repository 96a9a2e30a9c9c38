import { TransferError } from '../../core/errors.ts';
import type { CameraFacts, CameraListener, CameraWish } from '../../ports/scanner.ts';
import { cameraFacts, endCamera, openCamera, reopenCamera, setTorch, showCamera } from './open-camera.ts';
import { ScanClient } from './scan-client.ts';
import { TextThrottle } from './text-throttle.ts';
import { nextFrame } from './video-frames.ts';
import { frameView } from './views.ts';

/** A worker that fails this often in a row, each time a fresh one, will not get better. */
const MAX_FAILURES = 3;

/** A camera that came back mute (iOS, after a call) gets this long to deliver, then it is opened once more. */
const MUTE_LIMIT_MS = 3_000;

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
  readonly #wish: CameraWish;
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
  /** Its picture stayed away, and it was opened once more for that; until a real frame comes. */
  #wasMuted = false;

  constructor(video: HTMLVideoElement, makeWorker: () => Worker, wish: CameraWish, listener: CameraListener) {
    this.#video = video;
    this.#makeWorker = makeWorker;
    this.#wish = wish;
    this.#listener = listener;
    // Loads while the person is asked for the camera.
    this.#client = new ScanClient(makeWorker());
  }

  /** Rejects with the errors of `CodeReader.startCamera`; `stop` is still needed then. */
  async start(): Promise<CameraFacts> {
    const { signal } = this.#stopped;
    let facts: CameraFacts = { cameras: [], id: '', facing: undefined, hasTorch: false };
    await this.#open(async () => {
      const stream = await openCamera(this.#wish);
      facts = await cameraFacts(stream);
      return stream;
    });
    await this.#client.ready;
    document.addEventListener('visibilitychange', () => this.#follow(), { signal });
    this.#follow();
    return facts;
  }

  async setTorch(isOn: boolean): Promise<boolean> {
    return this.#running === undefined ? false : setTorch(this.#running.stream, isOn);
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
    this.#open((signal) => reopenCamera(this.#wish, signal)).catch((error: unknown) => this.#fail(error));
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
    for (const track of stream.getTracks()) {
      track.addEventListener('mute', () => this.#muted(running, track), { signal });
      if (track.muted) this.#muted(running, track);
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

  /** On, and black: another app has it, or a phone forgot to give it back. Opened anew it works, or says why not. */
  #muted(running: Running, track: MediaStreamTrack): void {
    const timer = setTimeout(() => {
      if (this.#running !== running || !track.muted) return;
      if (this.#wasMuted) {
        return this.#fail(new TransferError('camera-black', 'host', `muted for ${MUTE_LIMIT_MS} ms, twice`));
      }
      this.#wasMuted = true;
      this.#lost(running);
    }, MUTE_LIMIT_MS);
    running.ended.signal.addEventListener('abort', () => clearTimeout(timer));
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
        if (this.#running?.stream.getTracks().every(({ muted }) => !muted) === true) this.#wasMuted = false;
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
