import { canonicalAddress } from '../sdp/address.ts';

/** A STUN (RFC 7064) or TURN (RFC 7065) server, as browsers take it. */
export interface IceUri {
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns';
  /** IPv4, IPv6 (RFC 5952, without brackets) or a name in lower case. */
  readonly host: string;
  /** undefined: the scheme's own (3478; 5349 with TLS), and for names what DNS says. */
  readonly port: number | undefined;
  /** TURN only: how to reach the server. What it relays is UDP in either case. */
  readonly transport: 'udp' | 'tcp' | undefined;
}

/** What is wrong with the address of a server, for which there are words. */
export type IceUriProblem =
  | 'empty'
  /** http:, https:, ws: and so on. */
  | 'other-scheme'
  | 'bad-host'
  /** Not 1 to 65535. */
  | 'bad-port'
  /** Neither `?transport=udp` nor `?transport=tcp`. */
  | 'bad-query'
  /** A query behind a STUN server; RFC 7064 has none, and browsers refuse it. */
  | 'stun-query'
  /** `user:secret@host`: they have fields of their own, and RFC 7065 has no place for them. */
  | 'has-user';

/** Well above every real one: a name has 253 characters at most (RFC 1035 §2.3.4). */
const MAX_CHARACTERS = 300;

/**
 * Reads what a person typed: spaces around it, capitals and `//` do no harm, and a host without a scheme gets one:
 * `turn:` where it is called turn.something, else `stun:`.
 */
export function parseIceUri(text: string): IceUri | IceUriProblem {
  const typed = text.trim();
  if (typed === '') return 'empty';
  if (typed.length > MAX_CHARACTERS) return 'bad-host';
  const [, given, rest = ''] = /^(?:(stuns?|turns?):(?:\/\/)?)?(.*)$/is.exec(typed) ?? [];
  if (given === undefined && /^[a-z][a-z0-9+-]*:(\/\/|\D)/i.test(rest) && !isBareIpv6(rest)) return 'other-scheme';
  const [authority = '', ...queries] = rest.split('?');
  if (authority.includes('@')) return 'has-user';
  const [hostText, portText] = splitPort(authority.replace(/\/$/, ''));
  const host = canonicalAddress(hostText)?.toLowerCase();
  if (host === undefined) return 'bad-host';
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (!/^\d{1,5}$/.test(portText ?? '') || port < 1 || port > 65_535)) return 'bad-port';
  const scheme = schemeOf(given?.toLowerCase(), host);
  if (queries.length === 0) return { scheme, host, port, transport: undefined };
  if (!isTurnScheme(scheme)) return 'stun-query';
  const transport = /^transport=(udp|tcp)$/i.exec(queries.join('?'))?.[1]?.toLowerCase();
  if (transport !== 'udp' && transport !== 'tcp') return 'bad-query';
  return { scheme, host, port, transport };
}

/** In the one spelling that we keep and hand to the browser. */
export function formatIceUri({ scheme, host, port, transport }: IceUri): string {
  const address = host.includes(':') ? `[${host}]` : host;
  const suffix = port === undefined ? '' : `:${port}`;
  return `${scheme}:${address}${suffix}${transport === undefined ? '' : `?transport=${transport}`}`;
}

export function isTurn({ scheme }: IceUri): boolean {
  return isTurnScheme(scheme);
}

function isTurnScheme(scheme: IceUri['scheme']): boolean {
  return scheme === 'turn' || scheme === 'turns';
}

function schemeOf(given: string | undefined, host: string): IceUri['scheme'] {
  if (given === 'stun' || given === 'stuns' || given === 'turn' || given === 'turns') return given;
  return /^turn\d*\./.test(host) ? 'turn' : 'stun';
}

/** `[v6]:port`, `host:port`, or an IPv6 address without brackets, which can have no port. */
function splitPort(authority: string): readonly [host: string, port: string | undefined] {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority);
  if (bracketed !== null) {
    const [, host = '', port] = bracketed;
    // Brackets are for IPv6 only (RFC 3986 §3.2.2).
    return [host.includes(':') ? host : '', port];
  }
  if (isBareIpv6(authority)) return [authority, undefined];
  const colon = authority.indexOf(':');
  return colon === -1 ? [authority, undefined] : [authority.slice(0, colon), authority.slice(colon + 1)];
}

function isBareIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && text.split(':').length > 2;
}
