import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { faceOther, FacePair, holdFaceToFace } from '../test/support/face-to-face.ts';
import { type BenchRow, median, quantile, roundTo } from './support/bench.ts';
import { choosePairs, pairName } from './support/browser-pair.ts';

/**
 * From the first picture with a code to both devices being connected, face to face: each sees the other's screen, tilted,
 * turned, blurred and with noise, as soon as there is a code on it.
 */
export async function benchPairing(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { pair: { type: 'string' }, times: { type: 'string', default: '10' } },
  });
  const times = Number(values.times);
  if (!Number.isInteger(times) || times < 1) throw new Error(`--times: wanted a whole number, got ${values.times}`);
  await build({ root: fileURLToPath(new URL('../', import.meta.url)), logLevel: 'warn' });
  const rows: BenchRow[] = [];
  for (const kinds of choosePairs(values.pair)) {
    const faces = await FacePair.launch(kinds);
    const tookMs: number[] = [];
    try {
      for (let time = 0; time < times; time++) {
        const pair = await faces.open();
        const [, , ms] = await Promise.all([faceOther(pair[0]), faceOther(pair[1]), holdFaceToFace(pair, time)]);
        tookMs.push(ms);
      }
    } finally {
      await faces.close();
    }
    rows.push({
      pair: pairName(kinds),
      medianMs: roundTo(median(tookMs), 3),
      p95Ms: roundTo(quantile(tookMs, 0.95), 3),
    });
  }
  return rows;
}
