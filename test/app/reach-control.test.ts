import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import type { App } from '../../src/app/model.ts';
import type { ServerView } from '../../src/app/reach-model.ts';
import { fakePorts } from './fake-ports.ts';

type Fakes = ReturnType<typeof fakePorts>;

function setUp(): Fakes & { app: App } {
  const fakes = fakePorts({ seed: 1 });
  return { ...fakes, app: createApp(fakes.ports) };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function server(app: App, index = 0): ServerView {
  const found = app.model.reach.value.servers[index];
  if (found === undefined) throw new Error(`there is no server ${index}`);
  return found;
}

function askedServers({ connections }: Fakes): unknown {
  return connections.at(-1)?.options.iceServers;
}

describe('this network only', () => {
  test('is what there is at first, and asks no server', async () => {
    const fakes = setUp();
    expect(fakes.app.model.reach.value).toEqual({ reach: 'network', servers: [], canAdd: true, usedCount: 0 });
    fakes.app.commands.startReceive();
    await settled();
    expect(askedServers(fakes)).toEqual([]);
  });

  test('asks nothing of a list that was made before, and tests nothing', async () => {
    const fakes = setUp();
    const { commands } = fakes.app;
    commands.chooseReach('internet');
    commands.addServer('stun.example.org');
    commands.chooseReach('network');
    commands.testServer(server(fakes.app).id);
    commands.startReceive();
    await settled();
    expect(fakes.probes).toEqual([]);
    expect(askedServers(fakes)).toEqual([]);
  });
});

describe('also over the internet', () => {
  test('gives the servers to every new connection, and the next app of this browser has them too', async () => {
    const fakes = setUp();
    const { commands, model } = fakes.app;
    commands.startReceive();
    await settled();
    commands.openSettings();
    expect(model.screen.value).toBe('settings');
    expect(fakes.connections[0]?.isClosed).toBe(true);
    commands.chooseReach('internet');
    commands.addServer('stun.example.org');
    commands.addServer('');
    commands.closeSettings();
    expect(model.screen.value).toBe('pair');
    await settled();
    expect(askedServers(fakes)).toEqual([{ urls: 'stun:stun.example.org' }]);
    const later = createApp(fakes.ports);
    expect(later.model.reach.value).toMatchObject({ reach: 'internet', usedCount: 1 });
    // The empty one is not worth keeping.
    expect(later.model.reach.value.servers.map(({ uri }) => uri)).toEqual(['stun:stun.example.org']);
  });

  test('says what is wrong with a server, and does not use it until it is mended', () => {
    const { app } = setUp();
    app.commands.chooseReach('internet');
    app.commands.addServer('turn:turn.example.org');
    expect(server(app)).toMatchObject({ isRelay: true, problem: 'needs-username' });
    const { id } = server(app);
    app.commands.editServer(id, { username: 'anna' });
    app.commands.editServer(id, { credential: 'secret' });
    expect(server(app)).toMatchObject({ id, username: 'anna', problem: undefined });
    expect(app.model.reach.value.usedCount).toBe(1);
    app.commands.removeServer(id);
    expect(app.model.reach.value.servers).toEqual([]);
  });

  test('takes eight servers', () => {
    const { app } = setUp();
    for (let i = 0; i < 10; i++) app.commands.addServer(`stun${i}.example.org`);
    expect(app.model.reach.value).toMatchObject({ canAdd: false, usedCount: 0 });
    expect(app.model.reach.value.servers).toHaveLength(8);
  });
});

describe('a test of a server', () => {
  test('says what it answered', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.chooseReach('internet');
    app.commands.addServer('stun.example.org');
    const { id } = server(app);
    app.commands.testServer(id);
    app.commands.testServer(id);
    expect(server(app).test).toEqual({ state: 'asking' });
    expect(fakes.probes).toEqual(['stun:stun.example.org']);
    fakes.answerProbe({ type: 'sees', address: '203.0.113.7' });
    await settled();
    expect(server(app).test).toEqual({ state: 'answered', result: { type: 'sees', address: '203.0.113.7' } });
  });

  test('is forgotten when the server is changed meanwhile', async () => {
    const fakes = setUp();
    const { app } = fakes;
    app.commands.chooseReach('internet');
    app.commands.addServer('stun.example.org');
    const { id } = server(app);
    app.commands.testServer(id);
    app.commands.editServer(id, { uri: 'stun:other.example.org' });
    fakes.answerProbe({ type: 'sees', address: '203.0.113.7' });
    await settled();
    expect(server(app).test).toEqual({ state: 'none' });
  });
});
