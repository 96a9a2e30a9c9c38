import { describe, expect, test } from 'vitest';
import { en } from '../../src/ui/messages/en.ts';
import { SIGNS } from '../../src/ui/signs.ts';

/** Every text of a locale with its place; functions are called with numbers and a name. */
function texts(value: unknown, place: string): (readonly [place: string, text: string])[] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value === 'function') {
    return [1, 2, 5].flatMap((count) => texts(value(count, 'NAME') as unknown, `${place}(${count})`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${place}.${key}`));
  }
  throw new Error(`${place} is neither words nor a function that makes some`);
}

const all = texts(en, 'en');

test('every message says something, and takes up what it is given', () => {
  expect(all.filter(([, text]) => text.trim() === '' || /undefined|NaN|\[object/.test(text))).toEqual([]);
});

test('one of something is not plural', () => {
  expect(all.filter(([place, text]) => place.endsWith('(1)') && /\b1 (more )?files\b/.test(text))).toEqual([]);
});

test('each of the 64 signs has a name of its own', () => {
  expect(SIGNS).toHaveLength(64);
  expect(new Set(SIGNS).size).toBe(64);
  expect(en.signNames).toHaveLength(64);
  expect(new Set(en.signNames).size).toBe(64);
});

test('no message speaks of protocols to a person', () => {
  // WebRTC is named once, where somebody has to look for a switch of that name.
  const jargon = /\b(SDP|ICE|STUN|TURN|DTLS|ticket|candidate|fingerprint|frame|manifest|OPFS|IndexedDB)\b/i;
  // In the settings a person sets up servers, which are called that by whoever runs them; one verdict sends there.
  const spoken = all.filter(([place]) => !/^en\.(reach|path\.verdicts\.needs-relay)\./.test(place));
  expect(spoken.filter(([, text]) => jargon.test(text))).toEqual([]);
});

describe('every error', () => {
  test.each(Object.entries(en.errors))('%s has a short title and says what to do now', (_code, { title, action }) => {
    expect(title).toMatch(/^[A-Z].{5,60}[^.!?]$/);
    expect(action).toMatch(/^[A-Z].{10,}\.$/s);
  });
});
