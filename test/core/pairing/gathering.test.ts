import { describe, expect, test } from 'vitest';
import {
  Gathering,
  GATHERING_LIMIT_MS,
  HOST_QUIET_MS,
  NO_CANDIDATE_MS,
  RELAY_QUIET_MS,
  SRFLX_QUIET_MS,
} from '../../../src/core/pairing/gathering.ts';

const host = { type: 'candidate', kind: 'host' } as const;
const srflx = { type: 'candidate', kind: 'srflx' } as const;
const timeout = { type: 'timeout' } as const;

describe('gathering', () => {
  test('is over when the browser says so', () => {
    const gathering = new Gathering(0, { usesStun: true });
    expect(gathering.handle(host, 5)).toBeUndefined();
    expect(gathering.handle({ type: 'complete' }, 6)).toBe('enough');
  });

  test('waits 250 ms after the last host candidate without STUN', () => {
    const gathering = new Gathering(0, { usesStun: false });
    gathering.handle(host, 10);
    gathering.handle(host, 100);
    expect(gathering.deadlineMs()).toBe(100 + HOST_QUIET_MS);
    expect(gathering.handle(timeout, 100 + HOST_QUIET_MS - 1)).toBeUndefined();
    expect(gathering.handle(timeout, 100 + HOST_QUIET_MS)).toBe('enough');
  });

  test('waits for a server-reflexive candidate with STUN, and 200 ms more for a second family', () => {
    const gathering = new Gathering(0, { usesStun: true });
    gathering.handle(host, 10);
    expect(gathering.deadlineMs()).toBe(GATHERING_LIMIT_MS);
    gathering.handle(srflx, 300);
    gathering.handle(srflx, 400);
    expect(gathering.deadlineMs()).toBe(300 + SRFLX_QUIET_MS);
  });

  test('waits for a relay with TURN, which comes after the server-reflexive one, and 200 ms more', () => {
    const gathering = new Gathering(0, { usesStun: true, usesTurn: true });
    gathering.handle(host, 10);
    gathering.handle(srflx, 100);
    expect(gathering.deadlineMs()).toBe(GATHERING_LIMIT_MS);
    gathering.handle({ type: 'candidate', kind: 'relay' }, 400);
    expect(gathering.deadlineMs()).toBe(400 + RELAY_QUIET_MS);
  });

  test('never takes longer than 2 s, however many candidates trickle in', () => {
    const gathering = new Gathering(0, { usesStun: false });
    for (let ms = 0; ms < GATHERING_LIMIT_MS; ms += 100) gathering.handle(host, ms);
    expect(gathering.deadlineMs()).toBe(GATHERING_LIMIT_MS);
    expect(gathering.handle(timeout, GATHERING_LIMIT_MS)).toBe('enough');
  });

  test('says that there is no network after 1 s without a candidate, or at once when the browser gives up', () => {
    const gathering = new Gathering(50, { usesStun: true });
    expect(gathering.handle(timeout, 50 + NO_CANDIDATE_MS - 1)).toBeUndefined();
    expect(gathering.handle(timeout, 50 + NO_CANDIDATE_MS)).toBe('noNetwork');
    expect(new Gathering(0, { usesStun: false }).handle({ type: 'complete' }, 1)).toBe('noNetwork');
  });
});
