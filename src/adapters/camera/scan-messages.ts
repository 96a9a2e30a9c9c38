/** What the window asks of the scanner worker: one picture, answered by one `ScanAnswer`. */
export interface ScanRequest {
  /** Transferred; the worker closes it. */
  readonly bitmap: ImageBitmap;
  /** The part to look at, in the bitmap's pixels. */
  readonly crop: { readonly x: number; readonly y: number; readonly widthPx: number; readonly heightPx: number };
  /** What the part is scaled to. */
  readonly widthPx: number;
  readonly heightPx: number;
}

export type ScanAnswer =
  | { readonly type: 'scanned'; readonly text: string | undefined; readonly scanner: 'zxing' | 'jsqr' | 'native' }
  | { readonly type: 'failed'; readonly message: string };
