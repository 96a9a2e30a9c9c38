import { signal, type ReadonlySignal } from '@preact/signals';
import type { ErrorCode, TransferError } from '../core/errors.ts';

/** What can come of two devices that look at each other while their codes change: fresh codes settle it. */
const MISSED: ReadonlySet<ErrorCode> = new Set(['reply-to-other', 'stale-ticket', 'connect-timeout']);
/** After so many fresh codes in one go a person should look at what is wrong. */
const MAX_RESTARTS = 3;

export interface FaceToFaceOptions {
  /** My code has only mDNS names: with the camera's permission a better one can be made. */
  readonly hidesAddresses: () => boolean;
  /** My code is on its way by other means. */
  readonly keepsCode: () => boolean;
  readonly isPairing: () => boolean;
  readonly startPairing: () => void;
  readonly stopPairing: () => void;
  readonly stopCamera: () => void;
}

/** Two devices held towards each other, each with its code on show and its camera on. */
export class FaceToFace {
  readonly #options: FaceToFaceOptions;
  readonly #isOn = signal(false);
  #restarts = 0;

  constructor(options: FaceToFaceOptions) {
    this.#options = options;
  }

  get isOn(): ReadonlySignal<boolean> {
    return this.#isOn;
  }

  /** A code that would be replaced as soon as the camera is on is not shown: the other device might read it before. */
  start(): void {
    const { hidesAddresses, keepsCode, stopCamera, stopPairing } = this.#options;
    stopCamera();
    this.#isOn.value = true;
    this.#restarts = 0;
    if (hidesAddresses() && !keepsCode()) stopPairing();
  }

  /** One code at a time again. */
  leave(): void {
    this.stop();
    if (!this.#options.isPairing()) this.#options.startPairing();
  }

  stop(): void {
    this.#options.stopCamera();
    this.#isOn.value = false;
  }

  /** The camera is on, or will not be. */
  cameraSettled(): void {
    const { hidesAddresses, isPairing, keepsCode, startPairing } = this.#options;
    if (hidesAddresses() && !keepsCode()) startPairing();
    else if (this.#isOn.value && !isPairing()) startPairing();
  }

  /** @returns true where fresh codes are tried, and nobody has to be told */
  missed({ code }: TransferError): boolean {
    if (!this.#isOn.value || !MISSED.has(code) || this.#restarts >= MAX_RESTARTS) return false;
    this.#restarts++;
    this.#options.startPairing();
    return true;
  }
}
