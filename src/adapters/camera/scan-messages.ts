import type { Picture, Scanner } from '../../ports/scanner.ts';
import type { View } from './views.ts';

/**
 * What the window asks of the scanner worker, one at a time, each answered by one 'scanned' or 'failed'.
 *
 * `isPatient`: wait for the best scanner to load. A camera goes on to its next frame instead; a photo has no next.
 */
export type ScanRequest =
  /** `image` is transferred, and the worker closes it. The views are looked at in order until one has a code. */
  | {
      readonly type: 'image';
      readonly image: ImageBitmap;
      readonly views: readonly View[];
      readonly isPatient: boolean;
    }
  /** For where a worker cannot draw (Safari before 16.4 has no OffscreenCanvas). */
  | { readonly type: 'picture'; readonly picture: Picture; readonly isPatient: boolean };

export type ScanAnswer =
  /** The worker's script has run: sent once, before anything is asked. */
  | { readonly type: 'ready' }
  | { readonly type: 'scanned'; readonly text: string | undefined; readonly scanner: Scanner['name'] }
  /** The scanner threw. It may be beyond use; a fresh worker is not. */
  | { readonly type: 'failed'; readonly message: string };
