/**
 * Every way in which Heliograph can fail, one code each. The words for people are in `ui/messages/`, a
 * `Record<ErrorCode, …>`: a code without words does not compile.
 */
export type ErrorCode =
  // SDP and tickets
  | 'malformed-sdp' // not SDP, or a line we need is broken
  | 'missing-credentials' // SDP without ICE ufrag/pwd
  | 'missing-fingerprint' // SDP without a SHA-256 DTLS fingerprint
  | 'not-a-ticket' // text that is not a Heliograph code (another app's QR code, say)
  | 'ticket-truncated' // a Heliograph code whose end was cut off
  | 'ticket-damaged' // a Heliograph code with at least one wrong character
  | 'ticket-newer-version' // made by a newer Heliograph
  // pairing
  | 'own-ticket' // my own code was scanned or pasted back
  | 'reply-to-other' // a reply, but to some other code
  | 'stale-ticket' // the peer's code belongs to a connection that is gone; both need fresh codes
  | 'no-network' // no candidate was gathered within the deadline
  | 'webrtc-unavailable' // the browser has no RTCPeerConnection, or it is switched off
  | 'description-refused' // the browser refused a description
  | 'connect-timeout' // both codes were read, but no data channel opened in time
  | 'peer-differs' // what both people see differs, or a nonce was exchanged: somebody may be in between
  | 'call-for-other' // a code for one scan, made for a device that knows its maker: not this one
  | 'peer-elsewhere' // another tab has the link to this device, or this tab has a link to another one
  | 'link-lost' // a live connection ended
  // scanning
  | 'camera-missing'
  | 'camera-refused'
  | 'camera-busy'
  | 'camera-black'
  | 'scanner-failed' // the decoder itself could not start or crashed
  | 'no-code-found' // a picture without a readable QR code
  | 'clipboard-refused'
  | 'share-failed'
  // wire and transfer
  | 'malformed-frame' // bytes that no frame layout allows
  | 'protocol-violation' // a well-formed frame that is illegal in this state
  | 'protocol-version' // no common protocol version
  | 'limit-exceeded' // a count or size above what we accept
  | 'block-corrupt' // a block did not match its hash again and again
  | 'root-mismatch' // the file on disk is not the file that was sent
  | 'source-changed' // a file changed or vanished while it was being sent
  | 'unknown-transfer'
  | 'transfer-elsewhere' // another tab of this browser has the transfer
  // storage and platform
  | 'disk-full'
  | 'storage-unavailable' // neither OPFS nor IndexedDB can be used
  | 'storage-failed'
  | 'folder-refused' // the permission for a picked folder, or the folder, is gone
  | 'file-unreadable'
  | 'save-failed' // the browser or the chosen folder did not take a file that was to be saved
  | 'worker-failed'
  | 'internal'; // our own bug, shown with details to copy

/**
 * Who broke the rule. `local`: we did, it is a bug. `remote`: the peer (or a code) sent something illegal.
 * `host`: quota, permission, network, disk.
 */
export type ErrorOrigin = 'local' | 'remote' | 'host';

/** The one error class. `message` is for developers: field, place, wanted, got. */
export class TransferError extends Error {
  readonly code: ErrorCode;
  readonly origin: ErrorOrigin;

  constructor(code: ErrorCode, origin: ErrorOrigin, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransferError';
    this.code = code;
    this.origin = origin;
  }
}
