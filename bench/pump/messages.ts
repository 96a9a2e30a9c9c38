/** From the window to the pump's worker. */
export type PumpCommand =
  | { readonly type: 'channel'; readonly channel: RTCDataChannel }
  /** Count what comes in, and acknowledge with one empty-handed message when it is this much. */
  | { readonly type: 'receive'; readonly totalBytes: number }
  | { readonly type: 'send'; readonly totalBytes: number; readonly messageBytes: number }
  /** Send without end. */
  | { readonly type: 'flood'; readonly messageBytes: number }
  /** Say how much has come in so far. */
  | { readonly type: 'count' };

/** From the worker to the window. */
export type PumpEvent =
  | { readonly type: 'open' }
  /** From the first `send` to the peer's acknowledgement of the last byte. */
  | { readonly type: 'sent'; readonly durationMs: number }
  | { readonly type: 'counted'; readonly receivedBytes: number }
  | { readonly type: 'failed'; readonly message: string };
