import type { Installer } from '../../ports/install.ts';

/** Chromium's offer to install (not in TypeScript's DOM library; no standard). */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<void>;
}

export interface InstallerOptions {
  /** Undefined in development: no service worker. */
  readonly serviceWorkerUrl: string | undefined;
}

/** Registers the service worker and tells what it and the browser have to say. Events wait for their callback. */
export function createInstaller({ serviceWorkerUrl }: InstallerOptions): Installer {
  const installer = new BrowserInstaller();
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    if (hasPrompt(event)) installer.offer(event);
  });
  addEventListener('appinstalled', () => installer.offer(undefined));
  if (serviceWorkerUrl !== undefined && 'serviceWorker' in navigator) {
    // A browser that refuses (private window, blocked storage) still runs the app, only not offline.
    installer.register(serviceWorkerUrl).catch(() => undefined);
  }
  return installer;
}

class BrowserInstaller implements Installer {
  #prompt: BeforeInstallPromptEvent | undefined;
  #waiting: ServiceWorker | undefined;
  #watched: ServiceWorker | undefined;
  #isReloadWanted = false;
  onCanInstall: ((canInstall: boolean) => void) | undefined;
  onUpdateReady: (() => void) | undefined;
  onOfflineReady: (() => void) | undefined;

  offer(prompt: BeforeInstallPromptEvent | undefined): void {
    this.#prompt = prompt;
    this.onCanInstall?.(prompt !== undefined);
  }

  install(): void {
    // The answer comes as 'appinstalled', or not at all.
    this.#prompt?.prompt().catch(() => undefined);
  }

  applyUpdate(): void {
    this.#isReloadWanted = true;
    this.#waiting?.postMessage({ type: 'SKIP_WAITING' });
  }

  async register(url: string): Promise<void> {
    const { serviceWorker } = navigator;
    serviceWorker.addEventListener('controllerchange', () => {
      if (this.#isReloadWanted) location.reload();
    });
    const registration = await serviceWorker.register(url, { updateViaCache: 'none' });
    this.#watch(registration, registration.waiting);
    this.#watch(registration, registration.installing);
    registration.addEventListener('updatefound', () => this.#watch(registration, registration.installing));
  }

  #watch(registration: ServiceWorkerRegistration, worker: ServiceWorker | null): void {
    if (worker === null || worker === this.#watched) return;
    this.#watched = worker;
    // Where an older one is active, this one is an update and waits; else it is the first and takes over.
    const isFirst = registration.active === null;
    const check = (): void => {
      if (isFirst && worker.state === 'activated') this.onOfflineReady?.();
      if (isFirst || worker.state !== 'installed') return;
      this.#waiting = worker;
      this.onUpdateReady?.();
    };
    worker.addEventListener('statechange', check);
    check();
  }
}

function hasPrompt(event: Event): event is BeforeInstallPromptEvent {
  return 'prompt' in event;
}
