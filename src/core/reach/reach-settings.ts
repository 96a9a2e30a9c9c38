import { formatIceUri, isTurn, parseIceUri, type IceUriProblem } from './ice-uri.ts';

/** How far the person wants to reach, and with whose help. Kept as typed, mistakes included. */
export interface ReachSettings {
  readonly reach: Reach;
  readonly servers: readonly ServerEntry[];
}

export type Reach =
  /** No server is asked for anything. */
  | 'network'
  /** The servers of the list are told that this device is there, whenever a code is made. */
  | 'internet';

export interface ServerEntry {
  /** As typed, or completed. */
  readonly uri: string;
  /** TURN only. */
  readonly username: string;
  readonly credential: string;
}

export type ServerProblem = IceUriProblem | 'needs-username' | 'needs-credential' | 'too-long';

/** What `RTCConfiguration.iceServers` takes: one URI each, so that a mistake in one costs only that one. */
export interface IceServer {
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

export const NO_REACH: ReachSettings = { reach: 'network', servers: [] };
/** Each one is asked from every address of the device; Chromium warns from five on. */
export const MAX_SERVERS = 8;
/** RFC 8489 §14.3: USERNAME has fewer than 509 bytes; and the same for what is never sent. */
const MAX_CREDENTIAL_BYTES = 508;
/** Eight entries as long as can be are shorter. */
const MAX_KEPT_CHARACTERS = 16_384;

export function problemOf(entry: ServerEntry): ServerProblem | undefined {
  const uri = parseIceUri(entry.uri);
  if (typeof uri === 'string') return uri;
  if (!isTurn(uri)) return undefined;
  if (entry.username === '') return 'needs-username';
  if (entry.credential === '') return 'needs-credential';
  const isTooLong = [entry.username, entry.credential].some((text) => utf8Length(text) > MAX_CREDENTIAL_BYTES);
  return isTooLong ? 'too-long' : undefined;
}

/** True for what has fields for a name and a password. */
export function isRelayEntry(entry: ServerEntry): boolean {
  const uri = parseIceUri(entry.uri);
  return typeof uri === 'string' ? /^\s*turns?:/i.test(entry.uri) : isTurn(uri);
}

/** The address in our spelling where it is one, else as it was typed. */
export function completed(entry: ServerEntry): ServerEntry {
  const uri = parseIceUri(entry.uri);
  return typeof uri === 'string' ? entry : { ...entry, uri: formatIceUri(uri) };
}

/** undefined for an entry that has a problem. */
export function iceServerOf(entry: ServerEntry): IceServer | undefined {
  const uri = parseIceUri(entry.uri);
  if (typeof uri === 'string' || problemOf(entry) !== undefined) return undefined;
  const urls = formatIceUri(uri);
  return isTurn(uri) ? { urls, username: entry.username, credential: entry.credential } : { urls };
}

/** Every server that may be asked. None with reach 'network', whatever the list has. */
export function iceServersOf({ reach, servers }: ReachSettings): readonly IceServer[] {
  if (reach === 'network') return [];
  const all = servers.flatMap((entry) => iceServerOf(entry) ?? []);
  // Twice the same server would be asked twice.
  return all.filter((one, index) => all.findIndex(({ urls }) => urls === one.urls) === index);
}

export function writeReachSettings(settings: ReachSettings): string {
  return JSON.stringify(settings);
}

/** What was kept, or `NO_REACH`: also for anything that is not in the form of `writeReachSettings`. */
export function readReachSettings(text: string | undefined): ReachSettings {
  if (text === undefined || text.length > MAX_KEPT_CHARACTERS) return NO_REACH;
  const kept = parseJson(text);
  if (!isRecord(kept) || !Array.isArray(kept['servers'])) return NO_REACH;
  const servers = kept['servers'].flatMap((one: unknown) => readEntry(one) ?? []).slice(0, MAX_SERVERS);
  return { reach: kept['reach'] === 'internet' ? 'internet' : 'network', servers };
}

function readEntry(kept: unknown): ServerEntry | undefined {
  if (!isRecord(kept)) return undefined;
  const { uri, username, credential } = kept;
  if (typeof uri !== 'string' || typeof username !== 'string' || typeof credential !== 'string') return undefined;
  return { uri, username, credential };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Kept by something else under our name, or cut off: as good as nothing.
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Without TextEncoder: the core has none. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
