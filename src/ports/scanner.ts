import type { TransferError } from '../core/errors.ts';

/** Finds and decodes one QR code in a picture. */
export interface Scanner {
  readonly name: 'zxing' | 'jsqr' | 'native';
  /**
   * @param picture RGBA, 4 bytes a pixel
   * @returns the code's text, or undefined when none was found
   */
  scan(picture: Picture): Promise<string | undefined>;
}

export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** `widthPx * heightPx * 4` bytes. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Which camera to use: the one of this id, else one that looks this way, else any. */
export interface CameraWish {
  /** `MediaDeviceInfo.deviceId`. */
  readonly id: string | undefined;
  /** `user`: towards the person, as over a screen; `environment`: away from them, as on a phone's back. */
  readonly facing: 'user' | 'environment';
}

export interface CameraInfo {
  readonly id: string;
  /** What the browser calls it; may be empty. */
  readonly label: string;
}

/** What a started camera is, and can do. */
export interface CameraFacts {
  /** Every camera of the device that the browser tells of, this one included. */
  readonly cameras: readonly CameraInfo[];
  readonly id: string;
  /** undefined where neither the browser nor the camera's name says it. */
  readonly facing: 'user' | 'environment' | undefined;
  readonly hasTorch: boolean;
}

export interface RunningCamera extends CameraFacts {
  /** Switches the light next to the lens. Resolves to whether it is on now: some cameras promise one and have none. */
  setTorch(isOn: boolean): Promise<boolean>;
  /** Stops the camera, for good. Idempotent. */
  readonly stop: () => void;
}

export interface CameraListener {
  /** Every code it sees, the same text not more than once a second. */
  readonly onText: (text: string) => void;
  /**
   * At most once, after it had started, with one of the errors of `startCamera`: unplugged, taken by another app, black
   * or gone when the page was shown again, or the decoder crashed. The camera is off then.
   */
  readonly onFailed: (error: TransferError) => void;
}

/** Reads codes through a camera or from a picture file. The decoding itself happens in a worker. */
export interface CodeReader {
  /**
   * Asks for the camera, and shows it in `video` (muted, inline) until `stop`. While the page is hidden it is off.
   * Rejects with TransferError, origin 'host': 'camera-missing', 'camera-refused', 'camera-busy', 'camera-black' (it
   * is on, and delivers no picture), 'scanner-failed'.
   */
  startCamera(video: HTMLVideoElement, wish: CameraWish, listener: CameraListener): Promise<RunningCamera>;
  /** Reads a photo or screenshot. undefined when no code was found. Rejects with 'file-unreadable' or 'scanner-failed'. */
  readPicture(picture: Blob): Promise<string | undefined>;
}
