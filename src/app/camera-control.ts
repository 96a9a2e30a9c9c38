import { signal, type ReadonlySignal } from '@preact/signals';
import type { TransferError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { PreferenceName, Preferences } from '../ports/preferences.ts';
import type { CodeReader, RunningCamera } from '../ports/scanner.ts';
import type { CameraUse, CameraView } from './model.ts';
import { asTransferError } from './pairing-driver.ts';

export interface CameraPorts {
  readonly codeReader: CodeReader;
  readonly clock: Clock;
  readonly preferences: Preferences;
}

export interface CameraOptions {
  readonly onText: (text: string) => void;
  /** The camera delivers pictures; the browser may tell real addresses from now on. */
  readonly onStarted: () => void;
  /** There will be no pictures. */
  readonly onFailed: () => void;
}

/** Nothing was found for so long: say how far away to hold it. */
export const HINT_AFTER_MS = 5_000;

const FACING = { face: 'user', scan: 'environment' } as const;
const PREFERENCES = { face: 'camera-face', scan: 'camera-scan' } as const satisfies Record<CameraUse, PreferenceName>;

/** The camera is on only while it is needed; starting it twice, or stopping it while it starts, is fine. */
export class CameraControl {
  readonly #ports: CameraPorts;
  readonly #options: CameraOptions;
  readonly #view = signal<CameraView>({ state: 'off' });
  /** Counts starts and stops, so that a camera that comes too late is stopped at once. */
  #turn = 0;
  #using: { readonly video: HTMLVideoElement; readonly use: CameraUse } | undefined;
  #running: RunningCamera | undefined;
  #stopHint = (): void => undefined;

  constructor(ports: CameraPorts, options: CameraOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  get view(): ReadonlySignal<CameraView> {
    return this.#view;
  }

  start(video: HTMLVideoElement, use: CameraUse): void {
    this.stop();
    const turn = ++this.#turn;
    this.#using = { video, use };
    this.#view.value = { state: 'starting' };
    const wish = { id: this.#ports.preferences.read(PREFERENCES[use]), facing: FACING[use] };
    this.#ports.codeReader
      .startCamera(video, wish, {
        onText: (text) => {
          if (turn === this.#turn) this.#found(text);
        },
        onFailed: (error) => this.#failed(turn, error),
      })
      .then(
        (running) => {
          if (turn === this.#turn) this.#started(running);
          else running.stop();
          return undefined;
        },
        (cause: unknown) => this.#failed(turn, asTransferError(cause)),
      );
  }

  /** Uses another camera from now on, and the next time. */
  choose(id: string): void {
    if (this.#using === undefined) return;
    const { video, use } = this.#using;
    this.#ports.preferences.write(PREFERENCES[use], id);
    this.start(video, use);
  }

  setTorch(isOn: boolean): void {
    const turn = this.#turn;
    this.#running?.setTorch(isOn).then(
      (isLit) => {
        const view = this.#view.value;
        if (turn !== this.#turn || view.state !== 'on') return undefined;
        this.#view.value = { ...view, torch: isLit ? 'on' : isOn ? 'none' : 'off' };
        return undefined;
      },
      (cause: unknown) => this.#failed(turn, asTransferError(cause)),
    );
  }

  stop(): void {
    this.#turn += 1;
    this.#stopHint();
    this.#running?.stop();
    this.#running = undefined;
    this.#using = undefined;
    this.#view.value = { state: 'off' };
  }

  #started(running: RunningCamera): void {
    this.#running = running;
    const { cameras, id, facing, hasTorch } = running;
    this.#view.value = {
      state: 'on',
      cameras,
      cameraId: id,
      // What looks at the person is shown as in a mirror, or they move the wrong way.
      isMirrored: facing === 'user' || (facing === undefined && this.#using?.use === 'face'),
      torch: hasTorch ? 'off' : 'none',
      isSearching: false,
    };
    this.#startHint();
    this.#options.onStarted();
  }

  #found(text: string): void {
    this.#startHint();
    this.#options.onText(text);
  }

  #startHint(): void {
    this.#stopHint();
    const show = (isSearching: boolean): void => {
      const view = this.#view.value;
      if (view.state === 'on' && view.isSearching !== isSearching) this.#view.value = { ...view, isSearching };
    };
    show(false);
    this.#stopHint = this.#ports.clock.startTimer(HINT_AFTER_MS, () => show(true));
  }

  #failed(turn: number, error: TransferError): void {
    if (turn !== this.#turn) return;
    this.stop();
    this.#view.value = { state: 'failed', error };
    this.#options.onFailed();
  }
}
