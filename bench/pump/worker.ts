import type { PumpCommand, PumpEvent } from './messages.ts';

/**
 * The fastest a browser pair can be asked to go: one channel in a dedicated worker, the same buffer again and again, no
 * file, no hash, no frames. What the app does beyond this is what its ratio to the pump shows.
 */
const MIB = 1024 * 1024;
/** Never empty, and far below the 16 MiB at which Chromium's `send` throws. */
const HIGH_WATER_BYTES = 4 * MIB;
const LOW_WATER_BYTES = MIB;

let channel: RTCDataChannel | undefined;
/** All that came in. */
let receivedBytes = 0;

globalThis.addEventListener('message', ({ data }: MessageEvent<PumpCommand>) => {
  try {
    if (data.type === 'channel') take(data.channel);
    else if (channel === undefined) throw new Error(`${data.type} before there is a channel`);
    else if (data.type === 'count') tell({ type: 'counted', receivedBytes });
    else if (data.type === 'flood') flood(channel, data.messageBytes);
    else if (data.type === 'receive') receive(channel, data.totalBytes);
    else send(channel, data.totalBytes, data.messageBytes);
  } catch (error) {
    tell({ type: 'failed', message: String(error) });
  }
});

function take(taken: RTCDataChannel): void {
  channel = taken;
  taken.binaryType = 'arraybuffer';
  taken.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  taken.addEventListener('open', () => tell({ type: 'open' }));
  taken.addEventListener('close', () => tell({ type: 'failed', message: 'the data channel closed' }));
  taken.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    receivedBytes += data.byteLength;
  });
  if (taken.readyState === 'open') tell({ type: 'open' });
}

function receive(from: RTCDataChannel, totalBytes: number): void {
  let leftBytes = totalBytes;
  from.addEventListener('message', function count({ data }: MessageEvent<ArrayBuffer>) {
    leftBytes -= data.byteLength;
    if (leftBytes > 0) return;
    from.removeEventListener('message', count);
    from.send(new ArrayBuffer(1));
  });
}

function noise(messageBytes: number): Uint8Array<ArrayBuffer> {
  const message = crypto.getRandomValues(new Uint8Array(Math.min(messageBytes, 65_536)));
  const full = new Uint8Array(messageBytes);
  for (let offset = 0; offset < messageBytes; offset += message.length) {
    full.set(message.subarray(0, Math.min(message.length, messageBytes - offset)), offset);
  }
  return full;
}

function flood(to: RTCDataChannel, messageBytes: number): void {
  const message = noise(messageBytes);
  const fill = (): void => {
    while (to.readyState === 'open' && to.bufferedAmount + messageBytes <= HIGH_WATER_BYTES) to.send(message);
  };
  to.addEventListener('bufferedamountlow', fill);
  fill();
}

function send(to: RTCDataChannel, totalBytes: number, messageBytes: number): void {
  const full = noise(messageBytes);
  let leftBytes = totalBytes;
  const startMs = performance.now();
  const fill = (): void => {
    while (leftBytes > 0 && to.bufferedAmount + messageBytes <= HIGH_WATER_BYTES) {
      const bytes = Math.min(messageBytes, leftBytes);
      to.send(full.subarray(0, bytes));
      leftBytes -= bytes;
    }
  };
  to.addEventListener('bufferedamountlow', fill);
  to.addEventListener(
    'message',
    () => {
      to.removeEventListener('bufferedamountlow', fill);
      tell({ type: 'sent', durationMs: performance.now() - startMs });
    },
    { once: true },
  );
  fill();
}

function tell(event: PumpEvent): void {
  globalThis.postMessage(event);
}
