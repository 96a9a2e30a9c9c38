import type { IceServer } from '../core/reach/reach-settings.ts';

/** Asks one STUN or TURN server whether it would help, over a connection that is thrown away afterwards. */
export interface ServerProbe {
  /** @param signal gives up: rejects with its reason. Else it resolves, after 5 s at the latest. */
  probe(server: IceServer, signal: AbortSignal): Promise<ProbeResult>;
}

export type ProbeResult =
  /** STUN: it told the address that it sees this device under. */
  | { readonly type: 'sees'; readonly address: string }
  /** STUN: it sees an address that this device has itself. Browsers do not say which one. */
  | { readonly type: 'seesSame' }
  /** TURN: it would relay, from this address. */
  | { readonly type: 'relays'; readonly address: string }
  /** TURN: it answers, and does not accept username and password (STUN error 401, RFC 8489 §14.8). */
  | { readonly type: 'unauthorized' }
  /** It answers with another error: its number (300 to 699) and what it says, which may be empty. */
  | { readonly type: 'refused'; readonly errorCode: number; readonly errorText: string }
  /** There is no such name in the DNS, or there is no DNS to ask. */
  | { readonly type: 'hostUnknown' }
  /** Nobody there who could be asked: no such host, no way to it, or the connection is refused. */
  | { readonly type: 'unreachable' }
  /** Nothing came back. */
  | { readonly type: 'noAnswer' }
  /** The browser does not want to talk to it: Firefox has blocked ports. */
  | { readonly type: 'refusedByBrowser' };

export const PROBE_LIMIT_MS = 5_000;
