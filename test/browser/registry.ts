import type { ContractRun } from '../contracts/contract.ts';

/**
 * Every contract run that needs a real browser. Each entry is loaded lazily, in the window or in a dedicated worker.
 * Add a line here; the end-to-end suite picks it up in Chromium and in Firefox by itself.
 */
export const registry: Record<string, () => Promise<readonly ContractRun[]>> = {
  peers: async () => (await import('./peer-runs.ts')).peerRuns,
  runner: async () => (await import('./runner-contract.ts')).runnerRuns,
  scanners: async () => (await import('./scanner-runs.ts')).scannerRuns,
  sources: async () => (await import('./source-runs.ts')).sourceRuns,
  storage: async () => (await import('./storage-runs.ts')).storageRuns,
};
