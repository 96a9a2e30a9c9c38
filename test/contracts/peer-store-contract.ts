import type { KnownPeer, PeerStore } from '../../src/ports/peer-store.ts';
import { assert, assertEqual } from './contract.ts';
import type { Contract } from './contract.ts';

const A = 'a0000000000000000000000000000001';
const B = 'b0000000000000000000000000000002';

export interface PeerStoreSubject {
  readonly store: PeerStore;
  /** The same place, opened by another tab or after a reload. */
  readonly again: () => PeerStore;
  /** … a year and a day later. */
  readonly muchLater: () => PeerStore;
  /** A real one, where there are any; expires within a year. */
  readonly certificate: () => Promise<RTCCertificate>;
}

function peer(peerId: string, certificate: RTCCertificate, linkedEpochMs: number): KnownPeer {
  return {
    peerId,
    certificate,
    myFingerprint: new Uint8Array(32).fill(1),
    peerFingerprint: new Uint8Array(32).fill(2),
    secret: new Uint8Array(32).fill(3),
    sctpPort: 5000,
    maxMessageSize: 262_144,
    peerCanDial: true,
    standbys: [{ id: B, ticket: Uint8Array.of(1, 2, 3) }],
    trust: { state: 'compare', signs: [1, 2, 3, 4], digits: '12345678' },
    name: 'Großmutters Gerät',
    isRemembered: false,
    wantsLink: true,
    transferIds: [A],
    linkedEpochMs,
  };
}

/** Everything but the certificate, which is compared by what it says. */
function plain({ certificate, ...rest }: KnownPeer): object {
  return { ...rest, expires: certificate.expires };
}

export const peerStoreContract: Contract<PeerStoreSubject> = [
  {
    name: 'gives back all of a peer, also to another tab',
    async run(open) {
      const { store, again, certificate } = await open();
      const known = peer(A, await certificate(), 7);
      await store.put(known);
      const [read] = await again().list();
      assert(read !== undefined, 'listed');
      assertEqual(plain(read), plain(known), 'peer');
    },
  },
  {
    name: 'lists the oldest link first, and the newest word on each',
    async run(open) {
      const { store, certificate } = await open();
      const one = peer(A, await certificate(), 5);
      await store.put(one);
      await store.put(peer(B, await certificate(), 6));
      await store.put({ ...one, name: 'new', linkedEpochMs: 9 });
      assertEqual(
        (await store.list()).map(({ peerId, name }) => [peerId, name]),
        [
          [B, 'Großmutters Gerät'],
          [A, 'new'],
        ],
        'list',
      );
    },
  },
  {
    name: 'forgets what is deleted, and nothing else; twice does no harm',
    async run(open) {
      const { store, again, certificate } = await open();
      await store.put(peer(A, await certificate(), 1));
      await store.put(peer(B, await certificate(), 2));
      await store.delete(A);
      await store.delete(A);
      assertEqual(
        (await again().list()).map(({ peerId }) => peerId),
        [B],
        'left',
      );
    },
  },
  {
    name: 'does not list a peer whose certificate has expired',
    async run(open) {
      const { store, muchLater, certificate } = await open();
      await store.put(peer(A, await certificate(), 1));
      assertEqual((await muchLater().list()).length, 0, 'later');
      assertEqual((await store.list()).length, 0, 'it is deleted');
    },
  },
];
