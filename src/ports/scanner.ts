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

/** Reads codes through a camera or from a picture file. The decoding itself happens in a worker. */
export interface CodeReader {
  /**
   * Asks for the camera, shows it in `video` (muted, inline) and calls back with every code it sees (the same text
   * not more than once a second) until `stop`. While the page is hidden the camera is off.
   * Rejects with TransferError, origin 'host': 'camera-missing', 'camera-refused', 'camera-busy', 'scanner-failed'.
   * @param onFailed called at most once, after it had started, with one of the same errors: unplugged, taken by
   *   another app, not there when the page was shown again, or the decoder crashed. The camera is off then.
   * @returns stops the camera, for good; idempotent
   */
  startCamera(
    video: HTMLVideoElement,
    onText: (text: string) => void,
    onFailed?: (error: TransferError) => void,
  ): Promise<() => void>;
  /** Reads a photo or screenshot. undefined when no code was found. Rejects with 'file-unreadable' or 'scanner-failed'. */
  readPicture(picture: Blob): Promise<string | undefined>;
}
