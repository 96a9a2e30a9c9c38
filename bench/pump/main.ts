import type { PumpCommand, PumpEvent } from './messages.ts';

/** One end of the raw pump. The bench carries descriptions between two such pages. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const connection = new RTCPeerConnection();
const channel = connection.createDataChannel('pump', { negotiated: true, id: 1 });
// In the task that created it: later, it cannot be transferred any more.
command({ type: 'channel', channel }, [channel]);
const isOpen = nextEvent('open');

/** The local description with all its candidates. With a peer's offer, it answers that. */
async function describe(offer?: string): Promise<string> {
  if (offer !== undefined) await connection.setRemoteDescription({ type: 'offer', sdp: offer });
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => connection.addEventListener('icegatheringstatechange', resolve, { once: true }));
  }
  return connection.localDescription?.sdp ?? '';
}

async function accept(answer: string): Promise<void> {
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
}

async function opened(): Promise<void> {
  await isOpen;
}

function receive(totalBytes: number): void {
  command({ type: 'receive', totalBytes });
}

/** Milliseconds until the peer, which has to be told to `receive` first, has acknowledged the last byte. */
async function send(totalBytes: number, messageBytes: number): Promise<number> {
  command({ type: 'send', totalBytes, messageBytes });
  return (await nextEvent('sent')).durationMs;
}

/** Sends for as long as the page is open. */
function flood(messageBytes: number): void {
  command({ type: 'flood', messageBytes });
}

/** Bytes that have come in since the page was opened. */
async function received(): Promise<number> {
  const counted = nextEvent('counted');
  command({ type: 'count' });
  return (await counted).receivedBytes;
}

function command(message: PumpCommand, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

function nextEvent<Type extends PumpEvent['type']>(type: Type): Promise<Extract<PumpEvent, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const onMessage = ({ data }: MessageEvent<PumpEvent>): void => {
      if (isOfType(data, type)) resolve(data);
      else if (data.type === 'failed') reject(new Error(data.message));
      else return;
      end.abort();
    };
    worker.addEventListener('message', onMessage, { signal: end.signal });
    worker.addEventListener('error', (event) => reject(new Error(event.message)), { signal: end.signal });
  });
}

function isOfType<Type extends PumpEvent['type']>(
  event: PumpEvent,
  type: Type,
): event is Extract<PumpEvent, { type: Type }> {
  return event.type === type;
}

const pump = { describe, accept, opened, receive, send, flood, received };

declare global {
  interface Window {
    pump: typeof pump;
  }
}

window.pump = pump;
