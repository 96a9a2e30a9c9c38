import { describe, expect, test } from 'vitest';
import { PathWatch } from '../../src/app/path-watch.ts';
import type { Connection } from '../../src/ports/connector.ts';
import { madeUpDescription } from '../support/descriptions.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeConnection, NO_FACTS } from './fake-ports.ts';

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function fakeConnection(): FakeConnection {
  const certificate = {} as RTCCertificate;
  const options = { iceServers: [], certificate, takeChannels: () => undefined, onFailed: () => undefined };
  const connection = new FakeConnection(options, madeUpDescription(1, 'chromium'));
  transferred(connection, 0, 0);
  return connection;
}

function transferred(connection: FakeConnection, bytesSent: number, bytesReceived: number): void {
  const local = { type: 'host', protocol: 'udp', address: '192.168.1.7', port: 4000 } as const;
  const remote = { ...local, address: '192.168.1.8' };
  connection.facts = { ...NO_FACTS, path: { local, remote, roundTripMs: 3, bytesSent, bytesReceived } };
}

function setUp(): {
  watch: PathWatch;
  clock: FakeClock;
  connection: FakeConnection;
  reports: string[];
  use: (next: Connection | undefined) => void;
  second: () => Promise<void>;
} {
  const clock = new FakeClock();
  const connection = fakeConnection();
  const reports: string[] = [];
  let living: Connection | undefined = connection;
  const watch = new PathWatch({
    clock,
    connection: () => living,
    laneCount: () => 3,
    onCopy: (report) => reports.push(report),
  });
  return {
    watch,
    clock,
    connection,
    reports,
    use: (next) => {
      living = next;
    },
    second: async () => {
      clock.pass(1000);
      await settled();
    },
  };
}

describe('the way of the bytes', () => {
  test('is looked at once a second, only while somebody looks', async () => {
    const { watch, connection, second } = setUp();
    await second();
    expect(watch.view.value).toBeUndefined();
    watch.open();
    await settled();
    expect(watch.view.value).toMatchObject({ kind: 'direct', roundTripMs: 3, laneCount: 3, samples: [] });
    transferred(connection, 1000, 50);
    await second();
    transferred(connection, 4000, 50);
    await second();
    expect(watch.view.value?.samples).toEqual([
      { sendBytesPerSec: 1000, receiveBytesPerSec: 50 },
      { sendBytesPerSec: 3000, receiveBytesPerSec: 0 },
    ]);
    watch.close();
    expect(watch.view.value).toBeUndefined();
    await second();
    expect(watch.view.value).toBeUndefined();
  });

  test('keeps the last minute', async () => {
    const { watch, second } = setUp();
    watch.open();
    for (let i = 0; i < 70; i++) await second();
    expect(watch.view.value?.samples).toHaveLength(60);
  });

  test('never runs backwards when another pair of addresses takes over', async () => {
    const { watch, connection, second } = setUp();
    transferred(connection, 9000, 9000);
    watch.open();
    await settled();
    transferred(connection, 10, 10);
    await second();
    expect(watch.view.value?.samples).toEqual([{ sendBytesPerSec: 0, receiveBytesPerSec: 0 }]);
  });

  test('begins anew with the next connection, and is nothing without one', async () => {
    const { watch, use, second } = setUp();
    watch.open();
    await second();
    await second();
    use(undefined);
    await second();
    expect(watch.view.value).toBeUndefined();
    use(fakeConnection());
    await second();
    expect(watch.view.value?.samples).toEqual([]);
  });

  test('can be copied, redacted', async () => {
    const { watch, reports } = setUp();
    watch.copyReport();
    expect(reports).toEqual([]);
    watch.open();
    await settled();
    watch.copyReport();
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain('local: host udp 192.168.x.x');
    expect(reports[0]).not.toContain('192.168.1.7');
  });
});
