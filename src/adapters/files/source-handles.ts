import type { DBSchema } from 'idb';
import { TransferError } from '../../core/errors.ts';
import type { RememberedSources, Reopened, SourceHandles } from '../../ports/source-handles.ts';
import type { ReadingOptions } from '../../ports/source-picker.ts';
import { errorName } from '../exceptions.ts';
import { checkTransferId } from '../storage/file-key.ts';
import { IdbConnection, type Upgrade } from '../storage/idb-connection.ts';
import type { PermissionHandle } from './file-system-access.ts';
import { handleNode, readTree, type SourceRoot } from './source-tree.ts';

const NAME = 'heliograph-sources';

/** Handles can be stored as they are (File System Standard §2.1, serializable), in Chromium at least. */
interface SourcesSchema extends DBSchema {
  sources: { key: string; value: RememberedSources };
}

const upgrades: readonly Upgrade<SourcesSchema>[] = [(db) => db.createObjectStore('sources')];

/** In IndexedDB, shared by all tabs. Opened when it is first needed. For windows: only those can ask a person. */
export class IdbSourceHandles implements SourceHandles {
  readonly #name: string;
  #connection: Promise<IdbConnection<SourcesSchema>> | undefined;

  /** @param name database; only tests need another one */
  constructor(name: string = NAME) {
    this.#name = name;
  }

  async remember(transferId: string, { handles, texts }: RememberedSources): Promise<void> {
    checkTransferId(transferId);
    const connection = await this.#connected();
    await connection.write(`remember sources of ${transferId}`, ['sources'], (transaction) =>
      transaction.objectStore('sources').put({ handles: [...handles], texts: [...texts] }, transferId),
    );
  }

  async reopen(transferId: string, mayAsk: boolean, options: ReadingOptions = {}): Promise<Reopened> {
    const connection = await this.#connected();
    const sources = await connection.run(`sources of ${transferId}`, (db) => db.get('sources', transferId));
    if (sources === undefined) return 'none';
    const allowed = await allow(sources.handles, mayAsk);
    if (allowed !== 'granted') return allowed;
    const roots: SourceRoot[] = sources.handles.map((handle) => ({ node: handleNode(handle), handle }));
    for (const { path, text, lastModifiedEpochMs } of sources.texts) {
      const file = new File([text], path, { lastModified: lastModifiedEpochMs });
      roots.push({ node: { kind: 'file', path, open: async () => file } });
    }
    return readTree(roots, options, 'skip');
  }

  async forget(transferId: string): Promise<void> {
    const connection = await this.#connected();
    await connection.write(`forget sources of ${transferId}`, ['sources'], (transaction) =>
      transaction.objectStore('sources').delete(transferId),
    );
  }

  async #connected(): Promise<IdbConnection<SourcesSchema>> {
    const opening = this.#connection ?? IdbConnection.open(this.#name, upgrades);
    this.#connection = opening;
    try {
      return await opening;
    } catch (cause) {
      this.#connection = undefined;
      throw cause;
    }
  }
}

/**
 * Asks for one first: Chromium then offers to give back all that this page had (since 122), which settles the rest.
 * What is not granted by then is asked for at once, while the click still counts.
 */
export async function allow(
  handles: readonly PermissionHandle[],
  mayAsk: boolean,
): Promise<'granted' | 'ask' | 'refused'> {
  const [first, ...rest] = await notGranted(handles);
  if (first === undefined) return 'granted';
  if (!mayAsk) return 'ask';
  await request(first);
  const left = rest.length === 0 ? [] : await notGranted(rest);
  await Promise.all(left.map(request));
  return (await notGranted([first, ...left])).length === 0 ? 'granted' : 'refused';
}

async function notGranted(handles: readonly PermissionHandle[]): Promise<readonly PermissionHandle[]> {
  const isGranted = await Promise.all(
    // Where there is no such question, as for the origin private file system in Firefox, nobody needs to be asked.
    handles.map(async (handle) => ((await handle.queryPermission?.({ mode: 'read' })) ?? 'granted') === 'granted'),
  );
  return handles.filter((_handle, index) => isGranted[index] !== true);
}

async function request(handle: PermissionHandle): Promise<void> {
  try {
    await handle.requestPermission?.({ mode: 'read' });
  } catch (cause) {
    // The click does not count any more: the handle stays without, and the person presses again.
    const isTooLate = errorName(cause) === 'SecurityError' || errorName(cause) === 'NotAllowedError';
    if (!isTooLate) throw new TransferError('file-unreadable', 'host', `ask for ${handle.name}`, cause);
  }
}
