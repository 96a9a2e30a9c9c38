import { addressScope } from './address-scope.ts';
import type { PathFacts, PathKind, SeenCandidate } from './facts.ts';

/**
 * How the two ends see each other. A peer-reflexive candidate (RFC 8445 §7.3.1.3) was learnt from a packet: behind a NAT,
 * or in the same network where a name had not been found yet, which its address tells; Firefox and Chromium hide that
 * where they hide their own, which they do for the same network only.
 */
export function kindOfPath({ local, remote }: Pick<PathFacts, 'local' | 'remote'>): PathKind {
  if (local.type === 'relay' || remote.type === 'relay') return 'relayed';
  return isTranslated(local) || isTranslated(remote) ? 'nat' : 'direct';
}

function isTranslated({ type, address }: SeenCandidate): boolean {
  if (type === 'host' || type === 'relay') return false;
  if (type === 'srflx') return true;
  return address !== undefined && addressScope(address) === 'public';
}
