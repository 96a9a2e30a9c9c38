import type { ServerProblem } from '../../app/reach-model.ts';

/** The words of the settings: the one place where a person has to do with STUN and TURN by name. */
export interface ReachMessages {
  readonly settings: string;
  readonly title: string;
  readonly question: string;
  readonly network: string;
  readonly networkHint: string;
  readonly internet: string;
  readonly internetHint: string;
  readonly servers: string;
  readonly serversHint: readonly string[];
  /** In use, or not, whichever there are. */
  readonly noServers: string;
  readonly serverTitle: (number: number) => string;
  readonly uri: string;
  readonly uriPlaceholder: string;
  readonly username: string;
  readonly credential: string;
  readonly showCredential: string;
  readonly addServer: string;
  readonly listFull: (count: number) => string;
  readonly suggestions: string;
  readonly suggestionsHint: string;
  readonly addSuggestion: (uri: string, operator: string) => string;
  readonly remove: string;
  readonly removeNamed: (name: string) => string;
  readonly test: string;
  readonly testNamed: (name: string) => string;
  readonly asking: string;
  readonly problems: Readonly<Record<ServerProblem, string>>;
  readonly results: {
    readonly sees: (address: string) => string;
    readonly seesSame: string;
    readonly relays: (address: string) => string;
    readonly unauthorized: string;
    readonly refused: (errorCode: number, errorText: string) => string;
    readonly hostUnknown: string;
    readonly unreachable: string;
    readonly noAnswer: string;
    readonly refusedByBrowser: string;
  };
  readonly privacy: readonly string[];
  readonly privacyTitle: string;
  readonly savedNote: string;
}
