import type { DBSchema } from 'idb';
import { TransferError } from '../../core/errors.ts';
import type { KnownPeer, PeerStore, StoredTrust } from '../../ports/peer-store.ts';
import { IdbConnection, type Upgrade } from './idb-connection.ts';

const NAME = 'heliograph-peers';
const MAX_NAME_CHARACTERS = 64;

/** `unknown`, because another version of the app may have written it. Certificates are cloned as they are (W3C WebRTC §4.9.2). */
interface PeersSchema extends DBSchema {
  peers: { key: string; value: unknown };
}

const upgrades: readonly Upgrade<PeersSchema>[] = [(db) => db.createObjectStore('peers')];

/** In IndexedDB, shared by all tabs, committed with strict durability. Opened when it is first needed. */
export class IdbPeers implements PeerStore {
  readonly #name: string;
  readonly #epochMs: () => number;
  #connection: Promise<IdbConnection<PeersSchema>> | undefined;

  /** @param name database; only tests need another one */
  constructor(epochMs: () => number, name: string = NAME) {
    this.#name = name;
    this.#epochMs = epochMs;
  }

  async put(peer: KnownPeer): Promise<void> {
    if (!isKnownPeer(peer)) throw new TransferError('internal', 'local', `peer ${String(Reflect.get(peer, 'peerId'))}`);
    const connection = await this.#connected();
    await connection.write(`put peer ${peer.peerId}`, ['peers'], (transaction) =>
      transaction.objectStore('peers').put({ ...peer, standbys: [...peer.standbys] }, peer.peerId),
    );
  }

  async list(): Promise<readonly KnownPeer[]> {
    const connection = await this.#connected();
    const keys = await connection.run('list peers', (db) => db.getAllKeys('peers'));
    const peers: KnownPeer[] = [];
    for (const key of keys) {
      const peer: unknown = await connection.run(`get peer ${key}`, (db) => db.get('peers', key));
      if (isKnownPeer(peer) && peer.certificate.expires > this.#epochMs()) peers.push(peer);
      else await this.delete(key);
    }
    return peers.toSorted((a, b) => a.linkedEpochMs - b.linkedEpochMs);
  }

  async delete(peerId: string): Promise<void> {
    const connection = await this.#connected();
    await connection.write(`delete peer ${peerId}`, ['peers'], (transaction) =>
      transaction.objectStore('peers').delete(peerId),
    );
  }

  async #connected(): Promise<IdbConnection<PeersSchema>> {
    const opening = this.#connection ?? IdbConnection.open(this.#name, upgrades);
    this.#connection = opening;
    try {
      return await opening;
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }
}

function isKnownPeer(value: unknown): value is KnownPeer {
  const peer = record(value);
  return (
    peer !== undefined &&
    isId(peer['peerId']) &&
    typeof record(peer['certificate'])?.['expires'] === 'number' &&
    ['myFingerprint', 'peerFingerprint', 'secret'].every((key) => isBytes(peer[key], 32)) &&
    isCount(peer['sctpPort']) &&
    isCount(peer['maxMessageSize']) &&
    isCount(peer['linkedEpochMs']) &&
    ['peerCanDial', 'isRemembered', 'wantsLink'].every((key) => typeof peer[key] === 'boolean') &&
    isArrayOf(peer['standbys'], (one) => isId(record(one)?.['id']) && isBytes(record(one)?.['ticket'])) &&
    isArrayOf(peer['transferIds'], isId) &&
    typeof peer['name'] === 'string' &&
    peer['name'].length <= MAX_NAME_CHARACTERS &&
    isTrust(peer['trust'])
  );
}

function isTrust(value: unknown): value is StoredTrust {
  const trust = record(value);
  if (trust?.['state'] === 'bySight' || trust?.['state'] === 'matched') return true;
  return trust?.['state'] === 'compare' && typeof trust['digits'] === 'string' && isArrayOf(trust['signs'], isCount);
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any object has unknown members
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function isArrayOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isOne(one));
}

function isBytes(value: unknown, length?: number): boolean {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}
