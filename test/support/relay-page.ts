import type { Page } from 'puppeteer-core';
import type { RelaySide, UdpRelay } from './udp-relay.ts';

/*
 * Sends every connection of a page through the relay, whoever signals it and how: a ticket that was pasted, a standby
 * ticket, a lane that the app signals in-band. It is done where all of them have to pass, in `setRemoteDescription` and
 * `addIceCandidate` of the page: the remote candidates are replaced by the relay's before the browser hears of them. The
 * product knows nothing of it, and needs no option for it.
 *
 * Both ends of a connection come to the same pair of sockets by the two ICE ufrags, which both know by then.
 */

const EXPOSED = 'relayPortOfTest';

/** A remote candidate that is never reached: it keeps a waiting browser waiting (PAIRING.md), and is left as it is. */
const DUMMY_ADDRESS = '192.0.2.200';

/** Call before the page loads anything. @param side which end of the path this page is */
export async function throughRelay(page: Page, relay: UdpRelay, side: RelaySide): Promise<void> {
  await page.exposeFunction(EXPOSED, async (localUfrag: string, remoteUfrag: string) => {
    const name = side === 'a' ? `${localUfrag} ${remoteUfrag}` : `${remoteUfrag} ${localUfrag}`;
    return (await relay.connection(name)).portFor(side);
  });
  await page.evaluateOnNewDocument(hook(relay.address));
}

function hook(address: string): string {
  return `(() => {
    const prototype = RTCPeerConnection.prototype;
    const original = {
      setLocalDescription: prototype.setLocalDescription,
      setRemoteDescription: prototype.setRemoteDescription,
      addIceCandidate: prototype.addIceCandidate,
    };
    /** The relay's candidate of each connection, once asked for. */
    const candidates = new WeakMap();
    /** Operations of a connection stay in order, though asking takes time. */
    const chains = new WeakMap();
    const ufragOf = (sdp) => /^a=ice-ufrag:(\\S+)/m.exec(sdp ?? '')?.[1] ?? '';
    const chain = (connection, operation) => {
      const next = (chains.get(connection) ?? Promise.resolve()).catch(() => {}).then(operation);
      chains.set(connection, next);
      return next;
    };
    const rewritten = async (connection, description) => {
      const local = connection.pendingLocalDescription ?? connection.currentLocalDescription;
      const remoteUfrag = ufragOf(description.sdp);
      // Of an answerer the local description comes later, with credentials that nobody knows yet: asked for then.
      if (local === null) return undefined;
      const port = await globalThis.${EXPOSED}(ufragOf(local.sdp), remoteUfrag);
      const candidate = 'candidate:1 1 udp 2130706431 ${address} ' + port + ' typ host';
      candidates.set(connection, { candidate, remoteUfrag });
      return candidate;
    };
    const without = (sdp) => sdp.replace(/^a=(candidate:.*|end-of-candidates)\\r\\n/gm, '');
    prototype.setRemoteDescription = function (description) {
      return chain(this, async () => {
        const sdp = without(description.sdp);
        const hadCandidates = sdp.length !== description.sdp.length;
        const candidate = hadCandidates ? await rewritten(this, description) : undefined;
        const whole = candidate === undefined ? sdp : sdp.replace(/\\r\\n$/, '') + '\\r\\na=' + candidate + '\\r\\n';
        await original.setRemoteDescription.call(this, { type: description.type, sdp: whole });
      });
    };
    prototype.setLocalDescription = function (...args) {
      return chain(this, async () => {
        await original.setLocalDescription.apply(this, args);
        const remote = this.pendingRemoteDescription ?? this.currentRemoteDescription;
        if (remote === null || candidates.has(this)) return;
        const candidate = await rewritten(this, remote);
        if (candidate !== undefined) await original.addIceCandidate.call(this, { candidate, sdpMLineIndex: 0 });
      });
    };
    prototype.addIceCandidate = function (candidate) {
      return chain(this, async () => {
        const text = candidate?.candidate ?? '';
        if (text === '' || text.includes(' ${DUMMY_ADDRESS} ')) return original.addIceCandidate.call(this, candidate);
        const known = candidates.get(this);
        if (known === undefined) return;
        await original.addIceCandidate.call(this, { ...candidate, candidate: known.candidate });
      });
    };
  })()`;
}
