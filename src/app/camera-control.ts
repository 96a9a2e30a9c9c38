import { signal, type ReadonlySignal } from '@preact/signals';
import type { TransferError } from '../core/errors.ts';
import type { CodeReader } from '../ports/scanner.ts';
import type { CameraView } from './model.ts';
import { asTransferError } from './pairing-driver.ts';

export interface CameraOptions {
  readonly onText: (text: string) => void;
  /** The camera delivers pictures; the browser may tell real addresses from now on. */
  readonly onStarted: () => void;
}

/** The camera is on only while it is needed; starting it twice, or stopping it while it starts, is fine. */
export class CameraControl {
  readonly #reader: CodeReader;
  readonly #options: CameraOptions;
  readonly #view = signal<CameraView>({ state: 'off' });
  /** Counts starts and stops, so that a camera that comes too late is stopped at once. */
  #turn = 0;
  #stop = (): void => undefined;

  constructor(reader: CodeReader, options: CameraOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  get view(): ReadonlySignal<CameraView> {
    return this.#view;
  }

  start(video: HTMLVideoElement): void {
    this.stop();
    const turn = ++this.#turn;
    this.#view.value = { state: 'starting' };
    this.#reader
      .startCamera(
        video,
        (text) => {
          if (turn === this.#turn) this.#options.onText(text);
        },
        (error) => this.#failed(turn, error),
      )
      .then(
        (stop) => {
          if (turn === this.#turn) this.#started(stop);
          else stop();
          return undefined;
        },
        (cause: unknown) => this.#failed(turn, asTransferError(cause)),
      );
  }

  #started(stop: () => void): void {
    this.#stop = stop;
    this.#view.value = { state: 'on' };
    this.#options.onStarted();
  }

  #failed(turn: number, error: TransferError): void {
    if (turn !== this.#turn) return;
    this.stop();
    this.#view.value = { state: 'failed', error };
  }

  stop(): void {
    this.#turn += 1;
    this.#stop();
    this.#stop = () => undefined;
    this.#view.value = { state: 'off' };
  }
}
