import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import {
  completed,
  iceServerOf,
  iceServersOf,
  isRelayEntry,
  MAX_SERVERS,
  problemOf,
  readReachSettings,
  writeReachSettings,
  type IceServer,
  type Reach,
  type ServerEntry,
} from '../core/reach/reach-settings.ts';
import type { Preferences } from '../ports/preferences.ts';
import type { ServerProbe } from '../ports/server-probe.ts';
import type { ReachCommands, ReachView, ServerTest, ServerView } from './reach-model.ts';

export interface ReachPorts {
  readonly preferences: Preferences;
  readonly serverProbe: ServerProbe;
}

const NOT_TESTED: ServerTest = { state: 'none' };

/** Keeps the choice of how far to reach, and the list of servers. What is kept counts, not what this tab remembers. */
export class ReachControl {
  readonly #ports: ReachPorts;
  readonly #onFailed: (cause: unknown) => void;
  readonly #view: Signal<ReachView>;
  readonly #tests = new Map<number, AbortController>();
  #nextId = 1;

  /** @param onFailed a test broke, which is not the same as a server that does not answer */
  constructor(ports: ReachPorts, onFailed: (cause: unknown) => void) {
    this.#ports = ports;
    this.#onFailed = onFailed;
    this.#view = signal(this.#load());
  }

  get view(): ReadonlySignal<ReachView> {
    return this.#view;
  }

  /** For the next connection. Another tab may have changed them meanwhile. */
  iceServers(): readonly IceServer[] {
    return iceServersOf(readReachSettings(this.#ports.preferences.read('reach')));
  }

  /** Shows what is kept now. */
  refresh(): void {
    for (const id of this.#tests.keys()) this.#stopTest(id);
    this.#view.value = this.#load();
  }

  readonly commands: Omit<ReachCommands, 'openSettings' | 'closeSettings'> = {
    chooseReach: (reach) => {
      // Nothing goes on being asked in this network only.
      for (const id of this.#tests.keys()) this.#stopTest(id);
      const { servers } = this.#view.value;
      this.#set(
        reach,
        servers.map((server) => (server.test.state === 'asking' ? this.#viewOf(server, server.id) : server)),
      );
    },
    addServer: (uri) => {
      const { reach, servers, canAdd } = this.#view.value;
      if (canAdd) this.#set(reach, [...servers, this.#viewOf({ uri, username: '', credential: '' })]);
    },
    editServer: (id, entry) => {
      this.#stopTest(id);
      this.#change(id, (server) => this.#viewOf({ ...server, ...entry }, id));
    },
    removeServer: (id) => {
      this.#stopTest(id);
      const { reach, servers } = this.#view.value;
      this.#set(
        reach,
        servers.filter((server) => server.id !== id),
      );
    },
    testServer: (id) => {
      const server = this.#view.value.servers.find((one) => one.id === id);
      const asked = server === undefined ? undefined : iceServerOf(server);
      if (asked === undefined || this.#view.value.reach === 'network' || this.#tests.has(id)) return;
      this.#test(id, asked).catch(this.#onFailed);
    },
  };

  #stopTest(id: number): void {
    this.#tests.get(id)?.abort();
    this.#tests.delete(id);
  }

  async #test(id: number, server: IceServer): Promise<void> {
    const controller = new AbortController();
    this.#tests.set(id, controller);
    const show = (test: ServerTest): void => this.#change(id, (shown) => ({ ...shown, test }));
    show({ state: 'asking' });
    try {
      const result = await this.#ports.serverProbe.probe(server, controller.signal);
      if (!controller.signal.aborted) show({ state: 'answered', result });
    } catch (cause) {
      // Edited, removed or shown anew meanwhile: nobody waits for the answer.
      if (controller.signal.aborted) return;
      show(NOT_TESTED);
      throw cause;
    } finally {
      if (this.#tests.get(id) === controller) this.#tests.delete(id);
    }
  }

  #load(): ReachView {
    const { reach, servers } = readReachSettings(this.#ports.preferences.read('reach'));
    return viewWith(
      reach,
      servers.map((entry) => this.#viewOf(entry)),
    );
  }

  #viewOf(typed: ServerEntry, id = this.#nextId++): ServerView {
    const { uri, username, credential } = completed(typed);
    const entry = { uri, username, credential };
    return { ...entry, id, isRelay: isRelayEntry(entry), problem: problemOf(entry), test: NOT_TESTED };
  }

  #change(id: number, change: (server: ServerView) => ServerView): void {
    const { reach, servers } = this.#view.value;
    this.#set(
      reach,
      servers.map((server) => (server.id === id ? change(server) : server)),
    );
  }

  #set(reach: Reach, servers: readonly ServerView[]): void {
    this.#view.value = viewWith(reach, servers);
    const entries = servers
      .filter(({ uri, username, credential }) => uri + username + credential !== '')
      .map(({ uri, username, credential }) => ({ uri, username, credential }));
    this.#ports.preferences.write('reach', writeReachSettings({ reach, servers: entries }));
  }
}

function viewWith(reach: Reach, servers: readonly ServerView[]): ReachView {
  return {
    reach,
    servers,
    canAdd: servers.length < MAX_SERVERS,
    usedCount: iceServersOf({ reach, servers }).length,
  };
}
