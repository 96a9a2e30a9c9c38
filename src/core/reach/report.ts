import { redactAddress } from './address-scope.ts';
import type { ConnectionFacts, PathKind, SeenCandidate } from './facts.ts';

export interface PathReport {
  readonly facts: ConnectionFacts;
  readonly kind: PathKind | undefined;
  readonly laneCount: number;
  readonly sendBytesPerSec: number | undefined;
  readonly receiveBytesPerSec: number | undefined;
}

/**
 * What can be shown to somebody who is to help: how it goes, and nothing about who, what or exactly where. Of addresses
 * the half that names the network; no names, no ports, no files, no servers, no credentials.
 */
export function writeReport({ facts, kind, laneCount, ...rates }: PathReport): string {
  const { path } = facts;
  return [
    'Heliograph connection report (addresses are cut to their network part)',
    `path: ${kind ?? 'none'}`,
    `ice: ${facts.iceState}, dtls: ${facts.dtlsState ?? 'unknown'}`,
    `local: ${path === undefined ? 'none' : describe(path.local)}`,
    `remote: ${path === undefined ? 'none' : describe(path.remote)}`,
    `round trip: ${path?.roundTripMs === undefined ? 'unknown' : `${Math.round(path.roundTripMs)} ms`}`,
    `sent: ${path?.bytesSent ?? 0} bytes, now ${rate(rates.sendBytesPerSec)}`,
    `received: ${path?.bytesReceived ?? 0} bytes, now ${rate(rates.receiveBytesPerSec)}`,
    `lanes: ${laneCount}`,
    `local candidates: ${listed(facts.locals)}`,
    `remote candidates: ${listed(facts.remotes)}`,
  ].join('\n');
}

function describe({ type, protocol, address, networkType, relayProtocol }: SeenCandidate): string {
  const parts = [type, protocol, address === undefined ? '(hidden)' : redactAddress(address)];
  if (networkType !== undefined && networkType !== 'unknown') parts.push(networkType);
  if (relayProtocol !== undefined) parts.push(`relay over ${relayProtocol}`);
  return parts.join(' ');
}

function listed(candidates: readonly SeenCandidate[]): string {
  const texts = candidates.map(describe);
  const distinct = [...new Set(texts)].toSorted();
  const counted = distinct.map((text) => {
    const count = texts.filter((one) => one === text).length;
    return count === 1 ? text : `${count} x ${text}`;
  });
  return counted.length === 0 ? 'none' : counted.join('; ');
}

function rate(bytesPerSec: number | undefined): string {
  return bytesPerSec === undefined ? 'unknown' : `${Math.round(bytesPerSec)} bytes/s`;
}
