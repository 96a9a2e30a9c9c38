/** From the window to the pump's worker. */
export type PumpCommand =
  | { readonly type: 'channel'; readonly channel: RTCDataChannel }
  /** Count what comes in, and acknowledge with one empty-handed message when it is this much. */
  | { readonly type: 'receive'; readonly totalBytes: number }
  | { readonly type: 'send'; readonly totalBytes: number; readonly messageBytes: number };

/** From the worker to the window. */
export type PumpEvent =
  | { readonly type: 'open' }
  /** From the first `send` to the peer's acknowledgement of the last byte. */
  | { readonly type: 'sent'; readonly durationMs: number }
  | { readonly type: 'failed'; readonly message: string };
