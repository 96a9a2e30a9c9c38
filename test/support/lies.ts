import { expect } from 'vitest';
import type { HostilePeer } from './hostile-peer.ts';
import { utf8, wire, WireTransfer, zeros } from './hostile-wire.ts';

/** What an honest device makes of a lie. */
export type Ending =
  /** ERROR with this code; then the channels are closed, and unfinished transfers wait for a better link. */
  | { readonly error: string }
  /** HALT with this code; the link and other transfers go on. */
  | { readonly halt: string }
  /** DECLINE; `person`, or a code. */
  | { readonly decline: string }
  /** Nothing: it is ignored, or mended. */
  | 'goes on';

export interface Lie {
  /** Section of WIRE.md, and what it says. */
  readonly rule: string;
  readonly tell: (peer: HostilePeer) => Promise<void>;
  readonly ends: Ending;
}

export const ID = 'ab'.repeat(16);
export const ID_BYTES = zeros(16).fill(0xab);

/** Two small blocks in two files, with an empty one between. */
export const SMALL = new WireTransfer(ID_BYTES, [
  { path: 'a/b.txt', bytes: utf8('abc') },
  { path: 'empty', bytes: zeros(0) },
  { path: 'c', bytes: utf8('another') },
]);

/** Plays a lie, and looks at what came of it; then whether the device is any the worse for it. */
export async function expectEnding(peer: HostilePeer, { tell, ends }: Lie): Promise<void> {
  await tell(peer);
  const { device } = peer;
  if (ends === 'goes on') {
    expect({ error: peer.error, halt: peer.halt, isOpen: peer.isOpen }).toEqual({ isOpen: true });
  } else if ('error' in ends) {
    expect({ error: peer.error, halt: peer.halt }).toEqual({ error: ends.error });
    expect(peer.isOpen).toBe(false);
    expect(device.linkFailures).toEqual([ends.error]);
    for (const [id, state] of device.states) if (id === ID) expect(['interrupted', 'verified']).toContain(state);
  } else {
    expect({ error: peer.error, halt: peer.halt, decline: peer.decline }).toEqual(ends);
    expect(peer.isOpen).toBe(true);
  }
  expect(device.violations).toEqual([]);
  await expectUsable(peer);
}

/** A transfer by the book still comes through, on a new link. */
async function expectUsable(peer: HostilePeer): Promise<void> {
  const id = zeros(16).fill(0xee);
  const transfer = new WireTransfer(id, [{ path: 'proof', bytes: utf8('still here') }]);
  peer.device.acceptsAll = true;
  peer.device.unstall();
  await peer.connect();
  await peer.say(transfer.offer(1), wire.manifest(1, 0, transfer.entries));
  await peer.sayData(transfer.chunk(1, 0));
  await peer.say(wire.root(1, transfer.root));
  expect(peer.last('verified')).toEqual(wire.verified(1, transfer.root));
  expect(peer.device.violations).toEqual([]);
}
