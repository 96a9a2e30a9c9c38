import { expect, test } from 'vitest';
import { fuzzOnce } from '../support/fuzz.ts';
import { SeededRandom } from '../support/seeded-random.ts';

/** `npm run fuzz` tries a million. */
const INPUTS = 20_000;

test('any input to a decoder of codes, frames or journal records gives a value or a typed error, and soon', () => {
  const random = new SeededRandom(20_261_121);
  const results = Array.from({ length: INPUTS }, () => fuzzOnce(random));
  expect(results.flatMap(({ fault }) => fault ?? [])).toEqual([]);
  // The inputs are near enough to real ones that every decoder takes some, and refuses some.
  const outcomes = new Set(results.map(({ decoder, outcome }) => `${decoder} ${outcome}`));
  expect(outcomes.size).toBe(2 * 8);
});
