/** What a machine can be tuned by. Not part of the protocol: two peers may differ in all of it. */
export interface TransferOptions {
  /** Longest frame that we send, where the peer accepts it; bytes. */
  readonly frameBytes: number;
  /** … and where there are several lanes: what is on one of them, and not whole, holds its block up. */
  readonly stripeBytes: number;
  /** Lanes that we ask for as soon as there is something to send, and at most; the first included. */
  readonly firstLanes: number;
  readonly maxLanes: number;
  /** Payload that a peer may have outstanding: sent to us and not yet verified on disk; bytes. Bounds our memory. */
  readonly windowBytes: number;
  /** Read from files and not yet sent, per running transfer; bytes. */
  readonly readAheadBytes: number;
  /** One read of a file at most; bytes, a multiple of the block size. */
  readonly slabBytes: number;
  /** Reads of files at once, per running transfer. */
  readonly readsAtOnce: number;
  /** Outgoing transfers that are read and sent at once; accepted ones beyond wait for their turn. */
  readonly sendersAtOnce: number;
  /** Blocks being written at once, per transfer: enough to overlap opening files, writing and hashing. */
  readonly storesAtOnce: number;
  /** A checkpoint follows so many stored bytes at the latest, */
  readonly checkpointBytes: number;
  /** or so long after the first stored block that no checkpoint covers. */
  readonly checkpointMs: number;
  /**
   * Where a flush copies the file (a picked folder: its swap file takes the file's place), a checkpoint follows so many
   * stored bytes, or half of what the file has that is being written, if that is more; and at the end, in a pause, and
   * when the link is gone. So all copying together stays below three times the file. What a crash costs: that much, since
   * swap files do not outlive the page; with other stores only what travels in `checkpointBytes` or `checkpointMs`.
   */
  readonly copyingCheckpointBytes: number;
  /** The sender's: hashes of so many bytes, or of so long, are read again after a crash. */
  readonly sourceCheckpointBytes: number;
  readonly sourceCheckpointMs: number;
  /** A PING follows when nothing has come over the link for so long; Infinity: never. */
  readonly pingAfterMs: number;
  /** … and after so long the link counts as silent. */
  readonly silentAfterMs: number;
  /** A link whose HELLO has not come by then is of no use. */
  readonly helloTimeoutMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_OPTIONS: TransferOptions = {
  // The most that both engines announce as max-message-size: the fewer messages, the less work per byte.
  frameBytes: 256 * 1024,
  stripeBytes: 64 * 1024,
  firstLanes: 1,
  maxLanes: 12,
  // At 25 MB/s more than a second of a stalled disk, and harmless on a phone.
  windowBytes: 32 * MIB,
  readAheadBytes: 8 * MIB,
  slabBytes: 4 * MIB,
  readsAtOnce: 32,
  sendersAtOnce: 3,
  storesAtOnce: 16,
  checkpointBytes: 16 * MIB,
  checkpointMs: 1000,
  copyingCheckpointBytes: 64 * MIB,
  // Only hashes: nothing is lost with them but the time to read a part of a file again.
  sourceCheckpointBytes: 64 * MIB,
  sourceCheckpointMs: 4000,
  pingAfterMs: 1500,
  silentAfterMs: 4500,
  helloTimeoutMs: 15_000,
};
