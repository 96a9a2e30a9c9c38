import type { Candidate } from '../sdp/candidate.ts';
import type { Description } from '../sdp/description.ts';
import { addressScope, isSameSubnet, type AddressScope } from './address-scope.ts';
import type { ConnectionFacts } from './facts.ts';

/** Why two devices that have read each other's code are not connected, as far as one of them can tell. */
export type Verdict =
  /**
   * The browser keeps this page out of the local network. Chromium 156 never does so for a page from a loopback address,
   * so end-to-end tests can see the verdict, and not the block (2026-11).
   */
  | 'local-network-denied'
  /** The peer was heard, and has fallen silent. */
  | 'peer-gone'
  /** There is a path, and DTLS did not get through it. */
  | 'not-encrypted'
  /** The code was made long ago, and nothing was ever heard. */
  | 'code-old'
  /** One side has nothing but addresses of a VPN. */
  | 'vpn-only-here'
  | 'vpn-only-there'
  /** Their addresses are hidden behind names, and nobody answers for those: multicast is blocked, or another network. */
  | 'names-unknown'
  /** The same network or the same way out of it, and nothing gets through: guest networks keep devices apart. */
  | 'isolated'
  /** Each has addresses of its own network only, and the two networks differ. */
  | 'no-common-network'
  /** One reaches over the internet, the other does not. */
  | 'reach-here'
  | 'reach-there'
  /** This device should reach over the internet, and no server has told it an address. */
  | 'servers-silent'
  /** Both know their public address, and the routers in between let nothing through: a TURN server is needed. */
  | 'needs-relay'
  /** This device has one in its list, which gave it no address: wrong password, or it does not answer. */
  | 'relay-silent'
  /** There was one. */
  | 'relay-failed'
  /** None of these. */
  | 'unknown';

export interface Attempt {
  readonly mine: Description;
  readonly theirs: Description;
  /** Of their code, when it was read. */
  readonly theirAgeMinutes: number;
  /** This device has servers that it asks. */
  readonly asksServers: boolean;
  /** One of them is a TURN server. */
  readonly asksRelay: boolean;
  readonly facts: ConnectionFacts;
  /** Since the last sign of the peer on this connection; undefined: there was none. */
  readonly heardMsAgo: number | undefined;
}

/** Checks come every few 100 ms while a browser tries, and the consent ones every 5 s (RFC 7675 §5.1). */
export const GONE_AFTER_MS = 6_000;
/** A page that was left alone for so long is likely to be closed, or its tab asleep. */
export const OLD_CODE_MINUTES = 30;

/** The likeliest cause, the surest first. */
export function verdictOn(attempt: Attempt): Verdict {
  const { facts, heardMsAgo, theirAgeMinutes } = attempt;
  if (heardMsAgo !== undefined && heardMsAgo >= GONE_AFTER_MS) return 'peer-gone';
  const hasPath = facts.iceState === 'connected' || facts.iceState === 'completed';
  if (hasPath) return facts.dtlsState === 'connected' ? 'unknown' : 'not-encrypted';
  if (facts.isLocalNetworkDenied) return 'local-network-denied';
  if (heardMsAgo === undefined && theirAgeMinutes >= OLD_CODE_MINUTES) return 'code-old';
  return verdictOnAddresses(attempt);
}

function verdictOnAddresses({ mine, theirs, asksServers, asksRelay, facts }: Attempt): Verdict {
  const [here, there] = [reachOf(mine), reachOf(theirs)];
  const localTypes = facts.locals.filter(({ type }) => type === 'host').map(({ networkType }) => networkType);
  if (here.isTunnelOnly || (localTypes.length > 0 && localTypes.every((type) => type === 'vpn')))
    return 'vpn-only-here';
  if (there.isTunnelOnly) return 'vpn-only-there';
  if (here.hasRelay || there.hasRelay) return 'relay-failed';

  const isSameSite = here.publics.some((address) => there.publics.includes(address));
  const isNeighbour = here.plains.some((one) => there.plains.some((two) => isSameSubnet(one, two)));
  if (isNeighbour) return 'isolated';
  const isLocal = isSameSite || here.publics.length === 0 || there.publics.length === 0;
  const isAnyFound = facts.remotes.some(({ type }) => type === 'host');
  if (isLocal && there.hasNames && there.plains.length === 0) {
    // A name that was found is of this network, as multicast does not leave it.
    if (isAnyFound) return 'isolated';
    return isSameSite || !isFarApart(here, there) ? 'names-unknown' : reachVerdict(here, asksServers);
  }
  if (isSameSite) return 'isolated';
  if (here.publics.length > 0 && there.publics.length > 0) return asksRelay ? 'relay-silent' : 'needs-relay';
  if (isFarApart(here, there)) return reachVerdict(here, asksServers);
  if (asksServers && here.publics.length === 0) return 'servers-silent';
  const isKnown = here.plains.length > 0 && there.plains.length > 0;
  return isKnown && !here.hasNames && !there.hasNames ? 'no-common-network' : 'unknown';
}

interface SideReach {
  /** What STUN told. Not public host addresses: with IPv6 every home has them, and most routers let nothing in. */
  readonly publics: readonly string[];
  /** Private addresses in plain sight, and public ones of IPv6: a network can be told by them. */
  readonly plains: readonly string[];
  readonly hasNames: boolean;
  readonly hasRelay: boolean;
  readonly isTunnelOnly: boolean;
}

function reachOf({ candidates }: Description): SideReach {
  const hosts = candidates.filter(({ type }) => type === 'host');
  const reflexive = candidates.filter(({ type }) => type === 'srflx' || type === 'prflx');
  return {
    publics: reflexive.map(({ address }) => address),
    plains: hosts.filter((one) => isOf(one, 'private', 'public')).map(({ address }) => address),
    hasNames: hosts.some((one) => isOf(one, 'hidden')),
    hasRelay: candidates.some(({ type }) => type === 'relay'),
    isTunnelOnly: candidates.length > 0 && candidates.every((one) => isOf(one, 'tunnel')),
  };
}

function isOf({ address }: Candidate, ...scopes: readonly AddressScope[]): boolean {
  return scopes.includes(addressScope(address));
}

/** One side knows its public address, and the other one does not. */
function isFarApart(here: SideReach, there: SideReach): boolean {
  return here.publics.length > 0 !== there.publics.length > 0;
}

/** Who of the two should reach over the internet as well. */
function reachVerdict(here: SideReach, asksServers: boolean): Verdict {
  if (here.publics.length > 0) return 'reach-there';
  return asksServers ? 'servers-silent' : 'reach-here';
}
