import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'puppeteer-core';
import { startStaticServer } from '../scripts/shared/static-server.ts';
import { launchBrowser } from '../test/support/browsers.ts';
import { buildPage } from '../test/support/build-pages.ts';
import { type Condition, fitsFrame } from '../test/support/scan-sample.ts';
import type { AdapterName, Cell, Look } from './scan/messages.ts';
import { type BenchRow, median, quantile, roundTo } from './support/bench.ts';

/**
 * How many frames a scanner reads, and how long it looks at one, read or not. The goal is set for the plain condition:
 * at 3 px per module a rate of 0.99 or more, and a p95 of 15 ms or less.
 */
const ADAPTERS = ['zxing', 'jsqr', 'native'] as const satisfies readonly AdapterName[];
/** Our tickets' codes, from the shortest to far beyond the longest. */
const QR_VERSIONS = [4, 5, 6, 7, 8, 9, 10] as const;
const PX_PER_MODULE = [2, 3, 4, 6, 8] as const;
const GOAL_PX_PER_MODULE = 3;
/** jsQR takes ten to a hundred times as long as zxing: beside others it looks at this part of the frames. */
const JSQR_PART = 0.25;

const CONDITIONS: Readonly<Record<Condition, string>> = {
  plain: 'plain: blur 0.35 px per module, noise 6, hardly turned or tilted',
  mix: 'mix: blur 0.35 px per module, noise 6, any rotation, tilt to 25 degrees, uneven light, at times glare, moiré, motion',
};

const outFolder = fileURLToPath(new URL('../dist-test/scan', import.meta.url));

export async function benchScan(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      samples: { type: 'string', default: '16' },
      adapter: { type: 'string' },
      condition: { type: 'string' },
    },
  });
  const samples = readSamples(values.samples);
  const wanted = ADAPTERS.filter((name) => values.adapter === undefined || values.adapter === name);
  if (wanted.length === 0) throw new Error(`--adapter: wanted ${ADAPTERS.join(', ')}, got ${values.adapter}`);
  const conditions = (['mix', 'plain'] as const).filter((name) => (values.condition ?? name) === name);
  if (conditions.length === 0) throw new Error(`--condition: wanted plain, mix, got ${values.condition}`);

  await buildPage('bench/scan', outFolder);
  const server = await startStaticServer({ root: outFolder });
  const browser = await launchBrowser('chromium');
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const adapters = await page.evaluate((names) => window.scanBench.open(names), wanted);
    if (wanted.includes('native') && !adapters.includes('native')) console.log('native: this browser has no detector');
    const shares = adapters.map((adapter) => ({ adapter, samples: shareOf(adapter, samples, adapters) }));
    console.log(`per cell ${shares.map((s) => `${s.adapter} ${s.samples}`).join(', ')} frames`);
    const rows: BenchRow[] = [];
    for (const condition of conditions) {
      rows.push(...report(condition, await measureAll(page, condition, shares), adapters));
    }
    return rows;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A cell of the table, and what each adapter made of it. */
interface Measured {
  readonly qrVersion: number;
  readonly pxPerModule: number;
  readonly looks: readonly Look[];
}

async function measureAll(page: Page, condition: Condition, adapters: Cell['adapters']): Promise<Measured[]> {
  const cells: Measured[] = [];
  if (adapters.length === 0) return cells;
  for (const qrVersion of QR_VERSIONS) {
    for (const pxPerModule of PX_PER_MODULE) {
      if (!fitsFrame(qrVersion, pxPerModule)) continue;
      const cell: Cell = { condition, qrVersion, pxPerModule, adapters };
      const looks = await page.evaluate((asked) => window.scanBench.measure(asked), cell);
      for (const { adapter, outcome, note } of looks)
        if (outcome === 'wrong') console.log(`WRONG by ${adapter}, ${note}`);
      cells.push({ qrVersion, pxPerModule, looks });
    }
    console.log(`${condition}: version ${qrVersion} done`);
  }
  return cells;
}

/** Prints a line for each adapter, and gives the rows of the table. */
function report(
  condition: Condition,
  cells: readonly Measured[],
  adapters: readonly AdapterName[],
): readonly BenchRow[] {
  console.log(`\n${CONDITIONS[condition]}`);
  const rows: BenchRow[] = [];
  for (const adapter of adapters) {
    const mine = cells.map((cell) => ({ ...cell, looks: cell.looks.filter((look) => look.adapter === adapter) }));
    const { looks, rate, p95Ms } = figures(
      mine.filter(({ pxPerModule }) => pxPerModule === GOAL_PX_PER_MODULE).flatMap((cell) => cell.looks),
    );
    const wrong = mine.flatMap((cell) => cell.looks).filter(({ outcome }) => outcome === 'wrong').length;
    console.log(
      `${adapter} at ${GOAL_PX_PER_MODULE} px per module, all versions: rate ${rate} of ${looks}, p95 ${p95Ms} ms; wrong anywhere: ${wrong}`,
    );
    for (const { qrVersion, pxPerModule, looks: ofCell } of mine) {
      const { rate: cellRate, medianMs, p95Ms: cellP95Ms } = figures(ofCell);
      rows.push({ condition, adapter, qrVersion, pxPerModule, rate: cellRate, medianMs, p95Ms: cellP95Ms });
    }
  }
  console.log('');
  return rows;
}

function figures(looks: readonly Look[]): { looks: number; rate: number; medianMs: number; p95Ms: number } {
  const durationsMs = looks.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b);
  const read = looks.filter(({ outcome }) => outcome === 'read').length;
  // Nearest rank: of up to 20 values it is the largest.
  const p95Ms = durationsMs.length === 0 ? 0 : quantile(durationsMs, 0.95);
  return {
    looks: looks.length,
    rate: roundTo(read / looks.length, 3),
    medianMs: roundTo(median(durationsMs), 3),
    p95Ms: roundTo(p95Ms, 3),
  };
}

function shareOf(adapter: AdapterName, samples: number, adapters: readonly AdapterName[]): number {
  return adapter === 'jsqr' && adapters.length > 1 ? Math.ceil(samples * JSQR_PART) : samples;
}

function readSamples(text: string): number {
  const samples = Number(text);
  // Samples have seeds of their own up to this number.
  if (!Number.isInteger(samples) || samples < 1 || samples > 5_000) {
    throw new Error(`--samples: wanted 1 to 5000, got ${text}`);
  }
  return samples;
}
