import { describe, test } from 'vitest';
import type { Contract } from '../contracts/contract.ts';

/** Runs a contract under Vitest; browsers run the same through `test/browser/registry.ts`. */
export function suite<Subject>(name: string, contract: Contract<Subject>, open: () => Promise<Subject>): void {
  describe(name, () => {
    for (const fact of contract) test(fact.name, () => fact.run(open));
  });
}

let count = 0;

/** A name that no other subject of this run uses. */
export function uniqueName(prefix: string): string {
  count++;
  return `${prefix}-${count}`;
}
