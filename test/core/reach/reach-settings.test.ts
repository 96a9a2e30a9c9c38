import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  completed,
  iceServersOf,
  MAX_SERVERS,
  NO_REACH,
  problemOf,
  readReachSettings,
  writeReachSettings,
  type ReachSettings,
} from '../../../src/core/reach/reach-settings.ts';

const stun = { uri: 'stun:stun.example.org', username: '', credential: '' };
const turn = { uri: 'turns:turn.example.org?transport=tcp', username: 'anna', credential: 'sécret' };

describe('the servers that are asked', () => {
  test('are none in this network only, whatever the list has', () => {
    expect(iceServersOf({ reach: 'network', servers: [stun, turn] })).toEqual([]);
  });

  test('are those of the list without a mistake, each once', () => {
    const servers = [stun, { ...stun, uri: 'https://example.org' }, { ...turn, credential: '' }, turn, stun];
    expect(iceServersOf({ reach: 'internet', servers })).toEqual([
      { urls: 'stun:stun.example.org' },
      { urls: 'turns:turn.example.org?transport=tcp', username: 'anna', credential: 'sécret' },
    ]);
  });

  test('get no password where there is none to ask for', () => {
    const servers = [{ ...stun, username: 'anna', credential: 'secret' }];
    expect(iceServersOf({ reach: 'internet', servers })).toEqual([{ urls: 'stun:stun.example.org' }]);
  });
});

test.each([
  [stun, undefined],
  [turn, undefined],
  [{ ...turn, username: '' }, 'needs-username'],
  [{ ...turn, credential: '' }, 'needs-credential'],
  [{ ...turn, username: 'é'.repeat(255) }, 'too-long'],
  [{ ...turn, username: 'é'.repeat(254) }, undefined],
  [{ ...stun, uri: '' }, 'empty'],
])('%j has the problem %s', (entry, problem) => {
  expect(problemOf(entry)).toBe(problem);
});

test('an address that can be completed is, and one with a mistake is left as it was typed', () => {
  expect(completed({ ...stun, uri: ' Stun.example.org ' }).uri).toBe('stun:stun.example.org');
  expect(completed({ ...stun, uri: ' stun:a b' }).uri).toBe(' stun:a b');
});

describe('what is kept', () => {
  test('is what was written', () => {
    const settings: ReachSettings = { reach: 'internet', servers: [stun, turn] };
    expect(readReachSettings(writeReachSettings(settings))).toEqual(settings);
  });

  test.each(['', '{', 'null', '[]', '{"reach":"internet"}', `"${'x'.repeat(20_000)}"`])(
    'is this network only where it is not in our form: %s',
    (text) => {
      expect(readReachSettings(text)).toEqual(NO_REACH);
    },
  );

  test('is bounded, and has nothing in it that is no entry', () => {
    const servers = [5, null, { uri: 'stun:x' }, { ...stun, uri: 3 }, ...Array.from({ length: 20 }, () => stun)];
    const read = readReachSettings(JSON.stringify({ reach: 'everywhere', servers }));
    expect(read).toEqual({ reach: 'network', servers: Array.from({ length: MAX_SERVERS }, () => stun) });
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => readReachSettings(text).servers.length >= 0));
  });
});
