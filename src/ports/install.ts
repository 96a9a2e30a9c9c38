/** Installing the app and moving on to a newer version of it; always the person's decision. */
export interface Installer {
  /** Opens the browser's own question. Only of use while `onCanInstall` said true. */
  install(): void;
  /** Activates the waiting version and reloads. */
  applyUpdate(): void;
  onCanInstall: ((canInstall: boolean) => void) | undefined;
  onUpdateReady: (() => void) | undefined;
  /** Everything is cached: the app opens without a network from now on. Told once. */
  onOfflineReady: (() => void) | undefined;
}

/** Keeps the screen on while a code waits or bytes flow (Screen Wake Lock). A refusal is not an error. */
export interface WakeKeeper {
  setAwake(isAwake: boolean): void;
}
