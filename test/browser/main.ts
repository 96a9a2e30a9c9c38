import { type FactResult, describeError, findRun, listFacts, runFactHere } from './run-fact.ts';

/** Runs one fact where its contract run wants it: here, or in a fresh dedicated worker. Never rejects. */
async function runFact(registryKey: string, runName: string, factName: string): Promise<FactResult> {
  const name = { registryKey, runName, factName };
  try {
    const { where } = await findRun(registryKey, runName);
    if (where === 'window') return await runFactHere(name);
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<FactResult>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FactResult>) => resolve(data), { once: true });
      worker.addEventListener('error', (event) => resolve({ ok: false, error: `worker failed: ${event.message}` }));
      worker.postMessage(name);
    });
  } finally {
    worker.terminate();
  }
}

declare global {
  interface Window {
    listFacts: typeof listFacts;
    runFact: typeof runFact;
  }
}

window.listFacts = listFacts;
window.runFact = runFact;
