import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInstaller } from '../../../src/adapters/device/installer.ts';

const HOUR_MS = 60 * 60 * 1000;

class FakeWorker extends EventTarget {
  state: ServiceWorkerState;
  readonly postMessage = vi.fn();
  constructor(state: ServiceWorkerState) {
    super();
    this.state = state;
  }
  become(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class FakeRegistration extends EventTarget {
  active: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  readonly update = vi.fn(() => Promise.resolve());
  find(worker: FakeWorker): void {
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
  }
}

class FakeContainer extends EventTarget {
  controller: FakeWorker | null = null;
  readonly registration = new FakeRegistration();
  readonly register = vi.fn((_url: string, _options: RegistrationOptions) => Promise.resolve(this.registration));
}

const URL_OF_WORKER = 'https://example.test/folder/service-worker.js';
let container = new FakeContainer();
let page = new EventTarget();
let shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const reload = vi.fn();

beforeEach(() => {
  container = new FakeContainer();
  page = new EventTarget();
  shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  reload.mockReset();
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('document', shown);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Registered, and everything that follows at once has happened. */
async function start(serviceWorkerUrl: string | undefined = URL_OF_WORKER) {
  const installer = createInstaller({ serviceWorkerUrl });
  await settle();
  return installer;
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function hear(installer: ReturnType<typeof createInstaller>) {
  const heard = { canInstall: vi.fn(), updateReady: vi.fn(), offlineReady: vi.fn() };
  installer.onCanInstall = heard.canInstall;
  installer.onUpdateReady = heard.updateReady;
  installer.onOfflineReady = heard.offlineReady;
  return heard;
}

function show(state: string): void {
  shown.visibilityState = state;
  shown.dispatchEvent(new Event('visibilitychange'));
}

test('registers past the HTTP cache, and not at all in development', async () => {
  createInstaller({ serviceWorkerUrl: undefined });
  await settle();
  expect(container.register).not.toHaveBeenCalled();
  await start();
  expect(container.register).toHaveBeenCalledExactlyOnceWith(URL_OF_WORKER, { updateViaCache: 'none' });
});

test('runs where there are no service workers, and where they are refused', async () => {
  container.register.mockRejectedValue(new DOMException('blocked', 'SecurityError'));
  const refused = hear(await start());
  vi.stubGlobal('navigator', {});
  const absent = hear(await start());
  for (const { offlineReady, updateReady } of [refused, absent]) {
    expect(offlineReady).not.toHaveBeenCalled();
    expect(updateReady).not.toHaveBeenCalled();
  }
});

test('tells once that the app is ready offline, when the first version is active', async () => {
  const worker = new FakeWorker('installing');
  container.registration.installing = worker;
  const heard = hear(await start());
  container.registration.find(worker);
  worker.become('installed');
  expect(heard.offlineReady).not.toHaveBeenCalled();
  worker.become('activating');
  worker.become('activated');
  expect(heard.offlineReady).toHaveBeenCalledOnce();
  expect(heard.updateReady).not.toHaveBeenCalled();
});

test('tells so when the first version was about to be active by the time it was registered', async () => {
  const worker = new FakeWorker('activating');
  container.registration.active = worker;
  const heard = hear(await start());
  worker.become('activated');
  expect(heard.offlineReady).toHaveBeenCalledOnce();
});

test('says nothing of a version that could not be cached, or that is in use already', async () => {
  container.registration.active = new FakeWorker('activated');
  const failing = new FakeWorker('installing');
  const heard = hear(await start());
  container.registration.find(failing);
  failing.become('redundant');
  expect(heard.offlineReady).not.toHaveBeenCalled();
  expect(heard.updateReady).not.toHaveBeenCalled();
});

test('keeps news for a callback that comes later', async () => {
  container.registration.active = new FakeWorker('activated');
  container.registration.waiting = new FakeWorker('installed');
  const installer = await start();
  page.dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt: vi.fn() }));
  const heard = hear(installer);
  expect(heard.updateReady).toHaveBeenCalledOnce();
  expect(heard.canInstall).toHaveBeenCalledExactlyOnceWith(true);
  const later = hear(installer);
  expect(later.updateReady).not.toHaveBeenCalled();
  expect(later.canInstall).not.toHaveBeenCalled();
});

test('moves to a waiting version only when asked, and reloads when it has taken over', async () => {
  container.registration.active = new FakeWorker('activated');
  const installer = await start();
  const heard = hear(installer);
  const update = new FakeWorker('installing');
  container.registration.find(update);
  expect(heard.updateReady).not.toHaveBeenCalled();
  update.become('installed');
  expect(heard.updateReady).toHaveBeenCalledOnce();
  expect(update.postMessage).not.toHaveBeenCalled();

  installer.applyUpdate();
  installer.applyUpdate();
  expect(update.postMessage).toHaveBeenCalledExactlyOnceWith({ type: 'SKIP_WAITING' });
  expect(reload).not.toHaveBeenCalled();
  container.dispatchEvent(new Event('controllerchange'));
  expect(reload).toHaveBeenCalledOnce();
});

test('does not reload when another window updates, and does at once when asked after that', async () => {
  container.registration.active = new FakeWorker('activated');
  const update = new FakeWorker('installed');
  container.registration.waiting = update;
  const installer = await start();
  update.become('activating');
  update.become('activated');
  container.dispatchEvent(new Event('controllerchange'));
  expect(reload).not.toHaveBeenCalled();
  installer.applyUpdate();
  expect(reload).toHaveBeenCalledOnce();
  expect(update.postMessage).not.toHaveBeenCalled();
});

test('moves to the newest of two versions that came one after the other', async () => {
  container.registration.active = new FakeWorker('activated');
  const installer = await start();
  const [older, newer] = [new FakeWorker('installing'), new FakeWorker('installing')];
  container.registration.find(older);
  older.become('installed');
  container.registration.find(newer);
  newer.become('installed');
  older.become('redundant');
  installer.applyUpdate();
  expect(older.postMessage).not.toHaveBeenCalled();
  expect(newer.postMessage).toHaveBeenCalledOnce();
});

test('offers to install once per offer of the browser, and no more when it is installed', async () => {
  const installer = await start();
  const heard = hear(installer);
  const prompt = vi.fn(() => Promise.resolve());
  const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt });
  page.dispatchEvent(offer);
  expect(offer.defaultPrevented).toBe(true);
  expect(heard.canInstall).toHaveBeenLastCalledWith(true);
  installer.install();
  installer.install();
  expect(prompt).toHaveBeenCalledOnce();
  expect(heard.canInstall).toHaveBeenLastCalledWith(false);
  page.dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt }));
  page.dispatchEvent(new Event('appinstalled'));
  expect(heard.canInstall.mock.calls).toEqual([[true], [false], [true], [false]]);
});

test('looks for an update when it is shown again after an hour, network or not', async () => {
  await start();
  const { update } = container.registration;
  vi.advanceTimersByTime(HOUR_MS - 1);
  show('visible');
  vi.advanceTimersByTime(1);
  show('hidden');
  expect(update).not.toHaveBeenCalled();
  update.mockRejectedValueOnce(new TypeError('no network'));
  show('visible');
  show('visible');
  await settle();
  expect(update).toHaveBeenCalledOnce();
});
