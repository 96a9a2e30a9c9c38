import type { BrowserPair } from './browser-pair.ts';

/**
 * Sends one file of `totalBytes` with the app itself, from disk to the receiver's verified file.
 * @returns MB/s (10^6 bytes), from the receiver's consent to "verified" on both sides
 */
export type AppRun = (pair: BrowserPair, totalBytes: number) => Promise<number>;

/** Undefined until there is an app to run. */
export const runApp: AppRun | undefined = undefined;
