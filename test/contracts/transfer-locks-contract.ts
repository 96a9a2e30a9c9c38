import type { TransferLocks } from '../../src/ports/transfer-locks.ts';
import { assert, assertEqual } from './contract.ts';
import type { Contract } from './contract.ts';

const A = 'a0000000000000000000000000000001';
const B = 'b0000000000000000000000000000002';

/** What two tabs of one browser see; in a browser, two holders of one tab stand for them: Web Locks make no difference. */
export interface TransferLocksSubject {
  readonly tab: TransferLocks;
  readonly otherTab: TransferLocks;
}

export const transferLocksContract: Contract<TransferLocksSubject> = [
  {
    name: 'gives a transfer to one tab at a time',
    async run(open) {
      const { tab, otherTab } = await open();
      const lock = await tab.tryTake(A);
      assert(lock !== undefined, 'the first gets it');
      assertEqual(await otherTab.tryTake(A), undefined, 'the second');
      await lock.release();
      assert((await otherTab.tryTake(A)) !== undefined, 'the second gets it once it is free');
    },
  },
  {
    name: 'gives different transfers to different tabs',
    async run(open) {
      const { tab, otherTab } = await open();
      assert((await tab.tryTake(A)) !== undefined, 'one');
      assert((await otherTab.tryTake(B)) !== undefined, 'the other');
    },
  },
  {
    name: 'hands a transfer over when its holder lets go of it',
    async run(open) {
      const { tab, otherTab } = await open();
      const lock = await tab.tryTake(A);
      const order: string[] = [];
      const taken = otherTab.takeWhenFree(A).then((other) => {
        order.push('taken');
        return other;
      });
      order.push('released');
      await lock?.release();
      const other = await taken;
      assertEqual(order, ['released', 'taken'], 'order');
      assertEqual(await tab.tryTake(A), undefined, 'the first tab');
      await other.release();
      assert((await tab.tryTake(A)) !== undefined, 'free again');
    },
  },
  {
    name: 'is released twice without taking it from the next',
    async run(open) {
      const { tab, otherTab } = await open();
      const lock = await tab.tryTake(A);
      await lock?.release();
      assert((await otherTab.tryTake(A)) !== undefined, 'the next');
      await lock?.release();
      assertEqual(await tab.tryTake(A), undefined, 'still taken');
    },
  },
];
