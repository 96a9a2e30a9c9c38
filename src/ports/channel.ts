import type { Bytes } from '../core/bytes.ts';

/** One reliable, ordered data channel (RFC 8831) after it was handed over to the transfer runner. */
export interface Channel {
  /** 'connecting' until `onOpen`; 'closed' for good after `onClose`. */
  readonly state: 'connecting' | 'open' | 'closed';
  /** Bytes handed to `send` and not yet on the network. */
  readonly bufferedAmount: number;
  /** `onDrain` fires when `bufferedAmount` falls to this or below. */
  bufferedAmountLowThreshold: number;
  /** Throws TransferError 'link-lost' when not open. The caller may reuse `bytes` afterwards. */
  send(bytes: Bytes): void;
  close(): void;
  onOpen: (() => void) | undefined;
  /** The receiver owns `bytes`. */
  onMessage: ((bytes: Bytes) => void) | undefined;
  onDrain: (() => void) | undefined;
  /** Fires once, whatever the reason. */
  onClose: (() => void) | undefined;
}
