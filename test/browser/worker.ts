import { type FactName, runFactHere } from './run-fact.ts';

/** A dedicated worker that runs the one fact it is told, answers, and is then ended by the window. */
globalThis.addEventListener('message', ({ data }: MessageEvent<FactName>) => {
  // Never rejects, and gives plain values.
  void runFactHere(data).then((result) => globalThis.postMessage(result));
});
