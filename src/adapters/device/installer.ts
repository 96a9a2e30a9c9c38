import type { Installer } from '../../ports/install.ts';

/*
 * The life of a version: `installing` (its files are being cached), `installed` (it waits while pages run an older
 * one), `activated`, and `redundant` when a newer one replaced it. Only `SKIP_WAITING` (service-worker.ts) moves it past
 * waiting while pages are open, and only `applyUpdate` says so.
 */

/** Chromium's offer to install (not in TypeScript's DOM library; no standard). */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

export interface InstallerOptions {
  /** Absolute; its folder is the scope. Undefined in development: no service worker. */
  readonly serviceWorkerUrl: string | undefined;
}

/** An installed app on a phone is resumed rather than loaded again, and browsers look for updates on loading only. */
const LOOK_INTERVAL_MS = 60 * 60 * 1000;

/** Registers the service worker and tells what it and the browser have to say. News waits for its callback. */
export function createInstaller({ serviceWorkerUrl }: InstallerOptions): Installer {
  const installer = new BrowserInstaller();
  addEventListener('beforeinstallprompt', (event) => {
    // Chromium on Android would show a bar of its own at once; we have a button.
    event.preventDefault();
    if (hasPrompt(event)) installer.offer(event);
  });
  addEventListener('appinstalled', () => installer.offer(undefined));
  // Absent without a secure context, and in private windows of Firefox.
  const container = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  if (serviceWorkerUrl !== undefined && container !== undefined) {
    installer.register(container, serviceWorkerUrl).catch(() => {
      // Cookies blocked, no network, a host in trouble: the app runs all the same, only not offline. It is tried again
      // at the next visit, and there is nothing that the person could do.
    });
  }
  return installer;
}

class BrowserInstaller implements Installer {
  readonly #canInstall = new News<boolean>();
  readonly #updateReady = new News<void>();
  readonly #offlineReady = new News<void>();
  readonly #watched = new WeakSet<ServiceWorker>();
  #prompt: BeforeInstallPromptEvent | undefined;
  /** The newest version that is ready to take over. */
  #update: ServiceWorker | undefined;
  #isReloadWanted = false;

  get onCanInstall(): ((canInstall: boolean) => void) | undefined {
    return this.#canInstall.callback;
  }
  set onCanInstall(callback: ((canInstall: boolean) => void) | undefined) {
    this.#canInstall.callback = callback;
  }
  get onUpdateReady(): (() => void) | undefined {
    return this.#updateReady.callback;
  }
  set onUpdateReady(callback: (() => void) | undefined) {
    this.#updateReady.callback = callback;
  }
  get onOfflineReady(): (() => void) | undefined {
    return this.#offlineReady.callback;
  }
  set onOfflineReady(callback: (() => void) | undefined) {
    this.#offlineReady.callback = callback;
  }

  offer(prompt: BeforeInstallPromptEvent | undefined): void {
    this.#prompt = prompt;
    this.#canInstall.tell(prompt !== undefined);
  }

  install(): void {
    const prompt = this.#prompt;
    if (prompt === undefined) return;
    // One offer can be asked about once. After a "no" Chromium makes another one, in its own time.
    this.offer(undefined);
    prompt.prompt().catch(() => {
      // NotAllowedError without a fresh gesture: the same as a "no".
    });
  }

  applyUpdate(): void {
    if (this.#update === undefined || this.#isReloadWanted) return;
    // Another window has asked already: there will be no change of controller to wait for.
    if (this.#update.state !== 'installed') return location.reload();
    this.#isReloadWanted = true;
    this.#update.postMessage({ type: 'SKIP_WAITING' });
  }

  /** @throws TypeError or SecurityError (DOMException) when the browser or the host refuses */
  async register(container: ServiceWorkerContainer, url: string): Promise<void> {
    container.addEventListener('controllerchange', () => {
      // Nobody asked for it: the claim at the first visit, or an update that another window wanted.
      if (this.#isReloadWanted) location.reload();
    });
    const registration = await container.register(url, { updateViaCache: 'none' });
    const { active, waiting, installing } = registration;
    if (active?.state === 'activating' && container.controller === null) this.#watchFirst(active);
    if (waiting !== null) this.#watch(waiting, active === null);
    if (installing !== null) this.#watch(installing, active === null);
    registration.addEventListener('updatefound', () => {
      if (registration.installing !== null) this.#watch(registration.installing, registration.active === null);
    });
    lookForUpdates(registration);
  }

  #watch(worker: ServiceWorker, isFirst: boolean): void {
    if (isFirst) this.#watchFirst(worker);
    else this.#watchUpdate(worker);
  }

  #watchFirst(worker: ServiceWorker): void {
    this.#follow(worker, () => {
      if (worker.state === 'activated') this.#offlineReady.tell();
    });
  }

  #watchUpdate(worker: ServiceWorker): void {
    this.#follow(worker, () => {
      if (worker.state !== 'installed') return;
      this.#update = worker;
      this.#updateReady.tell();
    });
  }

  /** Calls `look` now and after each change. The same worker comes from `register` and from `updatefound`. */
  #follow(worker: ServiceWorker, look: () => void): void {
    if (this.#watched.has(worker)) return;
    this.#watched.add(worker);
    worker.addEventListener('statechange', look);
    look();
  }
}

/** The latest piece of news of one kind, kept until there is somebody to tell. */
class News<T> {
  #callback: ((value: T) => void) | undefined;
  #untold: { readonly value: T } | undefined;

  get callback(): ((value: T) => void) | undefined {
    return this.#callback;
  }
  set callback(callback: ((value: T) => void) | undefined) {
    this.#callback = callback;
    if (this.#untold !== undefined) this.tell(this.#untold.value);
  }

  tell(value: T): void {
    this.#untold = this.#callback === undefined ? { value } : undefined;
    this.#callback?.(value);
  }
}

function lookForUpdates(registration: ServiceWorkerRegistration): void {
  // The registration itself has just looked.
  let lastMs = performance.now();
  document.addEventListener('visibilitychange', () => {
    const nowMs = performance.now();
    if (document.visibilityState !== 'visible' || nowMs - lastMs < LOOK_INTERVAL_MS) return;
    lastMs = nowMs;
    registration.update().catch(() => {
      // No network, which is how this app is meant to be usable; the next look may have one.
    });
  });
}

function hasPrompt(event: Event): event is BeforeInstallPromptEvent {
  return 'prompt' in event && typeof event.prompt === 'function';
}
