import type { ContractRun } from '../contracts/contract.ts';
import { registry } from './registry.ts';

/** What a page answers about one fact. */
export type FactResult = { readonly ok: true } | { readonly ok: false; readonly error: string };

/** One fact of one run of one registry entry. */
export interface FactName {
  readonly registryKey: string;
  readonly runName: string;
  readonly factName: string;
}

export interface ListedFact extends FactName {
  readonly where: 'window' | 'worker';
}

/** Every fact there is. Loading the entries has to work in the window even for those that run in a worker. */
export async function listFacts(): Promise<readonly ListedFact[]> {
  const entries = await Promise.all(Object.keys(registry).map(async (key) => ({ key, runs: await load(key) })));
  return entries.flatMap(({ key, runs }) =>
    runs.flatMap(({ name, where, facts, isUsedHere }) =>
      (isUsedHere?.() === false ? [] : facts).map((fact) => ({
        registryKey: key,
        runName: name,
        factName: fact.name,
        where,
      })),
    ),
  );
}

export async function findRun(registryKey: string, runName: string): Promise<ContractRun> {
  const run = (await load(registryKey)).find(({ name }) => name === runName);
  if (run === undefined) throw new Error(`no contract run '${runName}' in '${registryKey}'`);
  return run;
}

/** Runs it here, in this window or worker. Never rejects. */
export async function runFactHere({ registryKey, runName, factName }: FactName): Promise<FactResult> {
  try {
    const fact = (await findRun(registryKey, runName)).facts.find(({ name }) => name === factName);
    if (fact === undefined) throw new Error(`no fact '${factName}' in '${runName}'`);
    await fact.run();
    return { ok: true };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause)}`;
  // Firefox leaves the message out of the stack.
  return `${error.name}: ${error.message}\n${error.stack ?? ''}${cause}`;
}

async function load(registryKey: string): Promise<readonly ContractRun[]> {
  const entry = registry[registryKey];
  if (entry === undefined) throw new Error(`nothing is registered as '${registryKey}'`);
  return entry();
}
