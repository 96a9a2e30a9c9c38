import { transferLocksContract } from '../contracts/transfer-locks-contract.ts';
import { suite } from '../adapters/contract-suite.ts';
import { MemoryTransferLocks } from './memory-transfer-locks.ts';

suite('TransferLocks: memory', transferLocksContract, async () => {
  const locks = new MemoryTransferLocks();
  return { tab: locks.tab(), otherTab: locks.tab() };
});
