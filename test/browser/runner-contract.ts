import { type ContractRun, assert } from '../contracts/contract.ts';

/** The runner's own promise: facts run where they ask to, in a page that has what adapters need. */
export const runnerRuns: readonly ContractRun[] = [
  {
    name: 'Contract runner: window',
    where: 'window',
    facts: [
      { name: 'runs in a window', run: async () => assert('document' in globalThis, 'there is a document') },
      { name: 'is a secure context', run: async () => assert(isSecureContext, 'isSecureContext') },
    ],
  },
  {
    name: 'Contract runner: worker',
    where: 'worker',
    facts: [
      {
        name: 'runs in a dedicated worker',
        run: async () => {
          assert('DedicatedWorkerGlobalScope' in globalThis, 'the global scope is a dedicated worker');
          assert('createSyncAccessHandle' in FileSystemFileHandle.prototype, 'sync access handles are there');
        },
      },
      { name: 'is a secure context', run: async () => assert(isSecureContext, 'isSecureContext') },
    ],
  },
];
