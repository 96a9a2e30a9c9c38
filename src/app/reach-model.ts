import type { Reach, ServerEntry, ServerProblem } from '../core/reach/reach-settings.ts';
import type { ProbeResult } from '../ports/server-probe.ts';

export type { Reach, ServerEntry, ServerProblem } from '../core/reach/reach-settings.ts';
export type { ProbeResult } from '../ports/server-probe.ts';

/** How far this device reaches for others, and the servers that help it. */
export interface ReachView {
  readonly reach: Reach;
  readonly servers: readonly ServerView[];
  /** There is room for another one. */
  readonly canAdd: boolean;
  /** Servers that would be asked if a code were made now. */
  readonly usedCount: number;
}

export interface ServerView extends ServerEntry {
  readonly id: number;
  /** TURN: it has a username and a password. */
  readonly isRelay: boolean;
  /** Why it is not used. */
  readonly problem: ServerProblem | undefined;
  readonly test: ServerTest;
}

export type ServerTest =
  | { readonly state: 'none' }
  /** For 5 s at most. */
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly result: ProbeResult };

export interface ReachCommands {
  /** Home or pair -> settings; a code on show is given up. */
  openSettings(): void;
  /** Back to where they were opened; to pair with a fresh code. */
  closeSettings(): void;
  /** Counts from the next code on. */
  chooseReach(reach: Reach): void;
  /** Adds a server to the end of the list. `uri`: as typed; empty for one that is to be written yet. */
  addServer(uri: string): void;
  /** Completes an address that has no scheme, and forgets what a test said. */
  editServer(id: number, entry: Partial<ServerEntry>): void;
  removeServer(id: number): void;
  /** Asks this server, now. Not in reach 'network', and not with a problem. */
  testServer(id: number): void;
}
