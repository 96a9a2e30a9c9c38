import { describe, expect, test } from 'vitest';
import { DataChannel } from '../../../src/adapters/webrtc/data-channel.ts';

/** As much of an RTCDataChannel as the adapter touches. */
class FakeChannel extends EventTarget {
  binaryType = 'blob';
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  closeCalls = 0;
  readonly sent: Uint8Array[] = [];

  send(bytes: Uint8Array): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    this.sent.push(bytes);
  }

  close(): void {
    this.closeCalls++;
  }
}

function open(): { fake: FakeChannel; channel: DataChannel; log: string[] } {
  const fake = new FakeChannel();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in for what Node does not have
  const channel = new DataChannel(fake as unknown as RTCDataChannel);
  const log: string[] = [];
  channel.onOpen = () => log.push('open');
  channel.onClose = () => log.push('close');
  channel.onDrain = () => log.push('drain');
  channel.onMessage = (bytes) => log.push(`message ${bytes.join(',')}`);
  return { fake, channel, log };
}

describe('DataChannel', () => {
  test('passes events on as they come', () => {
    const { fake, channel, log } = open();
    expect(fake.binaryType).toBe('arraybuffer');
    expect(channel.state).toBe('connecting');
    fake.readyState = 'open';
    fake.dispatchEvent(new Event('open'));
    fake.dispatchEvent(new MessageEvent('message', { data: Uint8Array.of(1, 2).buffer }));
    fake.dispatchEvent(new Event('bufferedamountlow'));
    expect(channel.state).toBe('open');
    expect(log).toEqual(['open', 'message 1,2', 'drain']);
  });

  test('a text message is an empty one, which no frame is', () => {
    const { fake, log } = open();
    fake.dispatchEvent(new MessageEvent('message', { data: 'hello' }));
    expect(log).toEqual(['message ']);
  });

  test('closes once, whoever closes, and is silent afterwards', () => {
    const { fake, channel, log } = open();
    fake.readyState = 'closing';
    fake.dispatchEvent(new Event('closing'));
    fake.dispatchEvent(new Event('close'));
    fake.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(1) }));
    channel.close();
    expect(log).toEqual(['close']);
    expect(channel.state).toBe('closed');
  });

  test('a send that the browser refuses is a lost link', () => {
    const { channel } = open();
    expect(() => channel.send(new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'link-lost', origin: 'host' }),
    );
  });
});
