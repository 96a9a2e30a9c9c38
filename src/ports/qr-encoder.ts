/** Draws nothing: gives the modules of a QR code (ISO/IEC 18004) for the UI to draw. */
export interface QrEncoder {
  /** `prefix` (a link up to and with `#`, may be empty) goes into a byte segment, `digits` into a numeric one. Level L. */
  encode(prefix: string, digits: string): QrMatrix;
}

export interface QrMatrix {
  /** 1 to 40. */
  readonly version: number;
  /** `17 + 4 * version`. */
  readonly sizeModules: number;
  /** Row by row, 1 is dark. `sizeModules ** 2` entries. */
  readonly modules: Uint8Array<ArrayBuffer>;
}
