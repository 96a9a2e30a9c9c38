/**
 * A contract is a list of named facts about a port. The same list runs against every implementation: under Vitest
 * for those that work in Node, and inside real Chromium and Firefox for those that need a browser (the page in
 * `test/browser/` runs them, an end-to-end test asks it to). So a fact may use nothing but the port, plain
 * JavaScript and `assert` below.
 */
export interface Fact<Subject> {
  /** In the present tense: 'reading a hole gives zeros'. */
  readonly name: string;
  /** Throws when the fact does not hold. `open` gives a fresh, empty subject; `reopen`-like needs go through the port. */
  run(open: () => Promise<Subject>): Promise<void>;
}

export type Contract<Subject> = readonly Fact<Subject>[];

/** One implementation and the contract it has to keep, for the registry in `test/browser/registry.ts`. */
export interface ContractRun {
  /** 'BlockStore: opfs' */
  readonly name: string;
  /** Some APIs exist only in a dedicated worker (OPFS sync access handles). */
  readonly where: 'window' | 'worker';
  readonly facts: readonly { readonly name: string; run(): Promise<void> }[];
  /** Asked in the window: false where the app never uses the implementation in this browser. */
  readonly isUsedHere?: () => boolean;
}

export function contractRun<Subject>(
  name: string,
  where: 'window' | 'worker',
  contract: Contract<Subject>,
  open: () => Promise<Subject>,
): ContractRun {
  return { name, where, facts: contract.map((fact) => ({ name: fact.name, run: () => fact.run(open) })) };
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

export function assertEqual<T>(got: T, wanted: T, what: string): void {
  if (got instanceof Uint8Array && wanted instanceof Uint8Array) {
    const at = got.findIndex((byte, index) => byte !== wanted[index]);
    if (at !== -1) throw new Error(`${what}: byte ${at}: wanted ${wanted[at]}, got ${got[at]}`);
    if (got.length !== wanted.length) throw new Error(`${what}: wanted ${wanted.length} bytes, got ${got.length}`);
    return;
  }
  const [gotText, wantedText] = [describeValue(got), describeValue(wanted)];
  if (gotText !== wantedText) throw new Error(`${what}: wanted ${wantedText}, got ${gotText}`);
}

/** Runs `action`, which has to reject with a TransferError of this code. */
export async function assertRejects(action: () => Promise<unknown>, code: string, what: string): Promise<void> {
  try {
    await action();
  } catch (error) {
    const gotCode = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    if (gotCode !== code) throw new Error(`${what}: wanted '${code}', got '${gotCode}'`, { cause: error });
    return;
  }
  throw new Error(`${what}: wanted it to reject with '${code}', it resolved`);
}

function describeValue(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes(${value.length})`;
  return JSON.stringify(value) ?? 'undefined';
}
