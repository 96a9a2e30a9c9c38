import { describe, expect, test } from 'vitest';
import { READ_HINT_MS } from '../../src/app/diagnosis.ts';
import { createApp } from '../../src/app/create-app.ts';
import type { App } from '../../src/app/model.ts';
import { TransferError } from '../../src/core/errors.ts';
import { SLOW_AFTER_MS } from '../../src/core/pairing/pairing.ts';
import { GONE_AFTER_MS } from '../../src/core/reach/verdict.ts';
import { ticketText } from '../../src/core/ticket/text.ts';
import { encodeTicket, ticketId } from '../../src/core/ticket/ticket.ts';
import { madeUpDescription } from '../support/descriptions.ts';
import { fakePorts, NO_FACTS, type FakeConnection } from './fake-ports.ts';

type Fakes = ReturnType<typeof fakePorts>;

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** Time goes by in steps, so that everything that is due in between happens. */
async function wait(fakes: Fakes, ms: number): Promise<void> {
  for (let waited = 0; waited < ms; waited += 500) {
    fakes.clock.pass(500);
    await settled();
  }
}

/** Both have read the other's code: theirs is a reply to mine. */
async function bothRead(): Promise<Fakes & { app: App; connection: FakeConnection }> {
  const fakes = fakePorts({ seed: 1 });
  const app = createApp(fakes.ports);
  app.commands.startReceive();
  await settled();
  const connection = fakes.connections[0];
  if (connection === undefined) throw new Error('no connection was opened');
  const reply = {
    kind: 'reply',
    repliesTo: ticketId(connection.description),
    createdMinute: Math.floor(fakes.clock.epochMs() / 60_000),
    description: madeUpDescription(999, 'chromium'),
  } as const;
  app.commands.readText(ticketText(encodeTicket(reply)));
  await settled();
  expect(app.model.pairing.value.state).toBe('connecting');
  return { ...fakes, app, connection };
}

describe('why it does not connect', () => {
  test('is said as soon as it is slow, and not before', async () => {
    const fakes = await bothRead();
    await wait(fakes, SLOW_AFTER_MS - 500);
    expect(fakes.app.model.verdict.value).toBeUndefined();
    await wait(fakes, 500);
    expect(fakes.app.model.pairing.value.state).toBe('slow');
    expect(fakes.app.model.verdict.value).toBe('isolated');
  });

  test('changes with what is seen: the peer was heard, then closed its page', async () => {
    const fakes = await bothRead();
    fakes.connection.facts = { ...NO_FACTS, checksReceived: 3 };
    await wait(fakes, SLOW_AFTER_MS);
    expect(fakes.app.model.verdict.value).toBe('isolated');
    await wait(fakes, GONE_AFTER_MS);
    expect(fakes.app.model.verdict.value).toBe('peer-gone');
    fakes.connection.facts = { ...NO_FACTS, checksReceived: 4 };
    await wait(fakes, 1000);
    expect(fakes.app.model.verdict.value).toBe('isolated');
  });

  test('is said in case, where nobody knows for long whether the other one has read', async () => {
    const fakes = fakePorts({ seed: 1 });
    const app = createApp(fakes.ports);
    app.commands.startReceive();
    await settled();
    const createdMinute = Math.floor(fakes.clock.epochMs() / 60_000);
    const open = { kind: 'open', createdMinute, description: madeUpDescription(999, 'chromium') } as const;
    app.commands.readText(ticketText(encodeTicket(open)));
    await settled();
    await wait(fakes, READ_HINT_MS - 500);
    expect(app.model.pairing.value.state).toBe('read');
    expect(app.model.verdict.value).toBeUndefined();
    await wait(fakes, 1000);
    expect(app.model.verdict.value).toBe('isolated');
  });

  test('is said when it has failed, and is forgotten with a fresh code', async () => {
    const fakes = await bothRead();
    const { app, connection } = fakes;
    connection.facts = { ...NO_FACTS, isLocalNetworkDenied: true };
    connection.options.onFailed(new TransferError('connect-timeout', 'host', 'ICE failed'));
    await settled();
    expect(app.model.pairing.value.state).toBe('failed');
    expect(app.model.verdict.value).toBe('local-network-denied');
    app.commands.pairAgain();
    await settled();
    expect(app.model.verdict.value).toBeUndefined();
  });
});
