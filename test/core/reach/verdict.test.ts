import { describe, expect, test } from 'vitest';
import type { ConnectionFacts } from '../../../src/core/reach/facts.ts';
import {
  GONE_AFTER_MS,
  OLD_CODE_MINUTES,
  verdictOn,
  type Attempt,
  type Verdict,
} from '../../../src/core/reach/verdict.ts';
import type { Candidate } from '../../../src/core/sdp/candidate.ts';
import type { Description } from '../../../src/core/sdp/description.ts';
import { madeUpDescription } from '../../support/descriptions.ts';

const NAME = '753ef488-0ed0-45c0-a2c7-b4dd4538a108.local';
const OTHER_NAME = 'b506a6cc-e0e6-44c7-a4f6-faf69654fc58.local';

/** `192.168.1.7` is a host candidate, `srflx 203.0.113.7` another one. */
function candidate(text: string): Candidate {
  const [type, address] = text.includes(' ') ? text.split(' ') : ['host', text];
  return { type: type as Candidate['type'], protocol: 'udp', address: address ?? '', port: 40_000 };
}

function description(seed: number, candidates: readonly string[]): Description {
  return { ...madeUpDescription(seed, 'chromium'), candidates: candidates.map(candidate) };
}

const CHECKING: ConnectionFacts = {
  iceState: 'checking',
  dtlsState: 'new',
  locals: [],
  remotes: [],
  checksReceived: 0,
  answersReceived: 0,
  path: undefined,
  isLocalNetworkDenied: false,
};

interface Case {
  readonly mine?: readonly string[];
  readonly theirs?: readonly string[];
  readonly facts?: Partial<ConnectionFacts>;
  readonly heardMsAgo?: number;
  readonly theirAgeMinutes?: number;
  readonly asksServers?: boolean;
  readonly asksRelay?: boolean;
}

function verdict(given: Case): Verdict {
  const { mine, theirs, facts, heardMsAgo, theirAgeMinutes = 0, asksServers = false } = given;
  const attempt: Attempt = {
    mine: description(1, mine ?? ['192.168.1.7']),
    theirs: description(2, theirs ?? ['192.168.1.8']),
    theirAgeMinutes,
    asksServers,
    asksRelay: given.asksRelay ?? false,
    facts: { ...CHECKING, ...facts },
    heardMsAgo,
  };
  return verdictOn(attempt);
}

const found = { remotes: [{ type: 'host', protocol: 'udp', address: undefined, port: 1 }] } as const;
const ofVpn = { locals: [{ type: 'host', protocol: 'udp', address: undefined, port: 1, networkType: 'vpn' }] } as const;

const CASES: readonly (readonly [what: string, given: Case, wanted: Verdict])[] = [
  // what is certain comes first
  ['the page may not use the local network', { facts: { isLocalNetworkDenied: true } }, 'local-network-denied'],
  ['the peer was heard and is silent now', { heardMsAgo: GONE_AFTER_MS }, 'peer-gone'],
  ['… and there was a path', { heardMsAgo: GONE_AFTER_MS, facts: { iceState: 'connected' } }, 'peer-gone'],
  ['a path without encryption', { heardMsAgo: 100, facts: { iceState: 'connected' } }, 'not-encrypted'],
  ['… whose handshake failed', { facts: { iceState: 'completed', dtlsState: 'failed' } }, 'not-encrypted'],
  ['everything but the channels', { facts: { iceState: 'connected', dtlsState: 'connected' } }, 'unknown'],
  ['an old code and no sign of its maker', { theirAgeMinutes: OLD_CODE_MINUTES }, 'code-old'],
  ['an old code whose maker is heard', { theirAgeMinutes: 90, heardMsAgo: 10 }, 'isolated'],
  // the same network
  ['neighbours in one network', {}, 'isolated'],
  ['neighbours in 10/8', { mine: ['10.1.2.3'], theirs: ['10.1.77.3'] }, 'isolated'],
  ['neighbours by IPv6', { mine: ['2001:db8:1:2::1'], theirs: ['2001:db8:1:2:ffff::1', NAME] }, 'isolated'],
  [
    'behind one router, addresses in sight, networks that differ',
    { mine: ['192.168.1.7', 'srflx 203.0.113.7'], theirs: ['192.168.5.8', 'srflx 203.0.113.7'] },
    'isolated',
  ],
  [
    'behind one router, names that were found',
    { mine: [NAME, 'srflx 203.0.113.7'], theirs: [OTHER_NAME, 'srflx 203.0.113.7'], facts: found },
    'isolated',
  ],
  // names
  ['names that nobody answers for', { mine: [NAME], theirs: [OTHER_NAME] }, 'names-unknown'],
  ['… and mine are in sight', { theirs: [OTHER_NAME] }, 'names-unknown'],
  ['… with IPv6', { mine: ['192.168.1.7', '2001:db8:1:2::1'], theirs: [OTHER_NAME] }, 'names-unknown'],
  [
    '… behind one router',
    { mine: [NAME, 'srflx 203.0.113.7'], theirs: [OTHER_NAME, 'srflx 203.0.113.7'], asksServers: true },
    'names-unknown',
  ],
  ['names that were found, and nothing comes back', { mine: [NAME], theirs: [OTHER_NAME], facts: found }, 'isolated'],
  // other networks
  ['two networks, no servers', { theirs: ['192.168.5.8'] }, 'no-common-network'],
  ['two kinds of networks, no servers', { mine: ['10.0.0.4'], theirs: ['192.168.5.8'] }, 'no-common-network'],
  ['mine is hidden, theirs in sight: it cannot be told', { mine: [NAME] }, 'unknown'],
  ['a VPN here only', { mine: ['100.101.102.103'] }, 'vpn-only-here'],
  ['… as the browser says', { mine: [NAME], facts: ofVpn }, 'vpn-only-here'],
  ['a VPN there only', { theirs: ['100.101.102.103', 'fd7a:115c:a1e0::7'] }, 'vpn-only-there'],
  ['a VPN beside a network', { mine: ['100.101.102.103', '192.168.1.7'] }, 'isolated'],
  // over the internet
  [
    'two homes',
    { mine: [NAME, 'srflx 198.51.100.2'], theirs: [OTHER_NAME, 'srflx 203.0.113.2'], asksServers: true },
    'needs-relay',
  ],
  [
    '… with a relay that gave no address',
    {
      mine: [NAME, 'srflx 198.51.100.2'],
      theirs: [OTHER_NAME, 'srflx 203.0.113.2'],
      asksServers: true,
      asksRelay: true,
    },
    'relay-silent',
  ],
  ['two networks of public addresses', { mine: ['198.51.100.2'], theirs: ['203.0.113.2'] }, 'no-common-network'],
  ['only I reach over the internet', { mine: [NAME, 'srflx 198.51.100.2'], theirs: [OTHER_NAME] }, 'reach-there'],
  ['only they do', { mine: [NAME], theirs: [OTHER_NAME, 'srflx 203.0.113.2'] }, 'reach-here'],
  [
    'only they do, addresses in sight',
    { mine: ['192.168.1.7'], theirs: ['192.168.5.8', 'srflx 203.0.113.2'] },
    'reach-here',
  ],
  [
    'I would, and no server told me an address',
    { mine: [NAME], theirs: [OTHER_NAME, 'srflx 203.0.113.2'], asksServers: true },
    'servers-silent',
  ],
  ['neither got one', { mine: ['192.168.1.7'], theirs: ['192.168.5.8'], asksServers: true }, 'servers-silent'],
  [
    'a relay that did not help',
    { mine: [NAME, 'srflx 198.51.100.2', 'relay 192.0.2.9'], theirs: [OTHER_NAME, 'srflx 203.0.113.2'] },
    'relay-failed',
  ],
  ['a relay on their side that did not help', { theirs: ['192.168.5.8', 'relay 192.0.2.9'] }, 'relay-failed'],
  ['a code without any address', { theirs: [] }, 'unknown'],
];

describe('the verdict on two devices that do not connect', () => {
  test.each(CASES)('%s', (_, given, wanted) => {
    expect(verdict(given)).toBe(wanted);
  });

  test('every verdict can be come to', () => {
    const ALL = {
      'local-network-denied': 1,
      'peer-gone': 1,
      'not-encrypted': 1,
      'code-old': 1,
      'vpn-only-here': 1,
      'vpn-only-there': 1,
      'names-unknown': 1,
      isolated: 1,
      'no-common-network': 1,
      'reach-here': 1,
      'reach-there': 1,
      'servers-silent': 1,
      'needs-relay': 1,
      'relay-silent': 1,
      'relay-failed': 1,
      unknown: 1,
    } satisfies Record<Verdict, 1>;
    expect(new Set(CASES.map(([, , wanted]) => wanted))).toEqual(new Set(Object.keys(ALL)));
  });
});
