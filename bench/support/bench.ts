/** One measured line of a bench; the keys are its columns, and its JSON. Strings, numbers, or null where nothing was measured. */
export type BenchRow = object;

/**
 * One bench: takes the arguments after its name (without `--json`), gives its rows.
 * @throws Error with one clear line for a wrong argument
 */
export type Bench = (args: readonly string[]) => Promise<readonly BenchRow[]>;

/** The rows as aligned columns under their keys; numbers to the right. */
export function formatTable(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => new Map<string, unknown>(Object.entries(row)));
  const columns = [...new Set(cells.flatMap((row) => [...row.keys()]))];
  const texts = cells.map((row) => columns.map((column) => formatCell(row.get(column))));
  const pads = columns.map((column, i) => {
    const width = Math.max(column.length, ...texts.map((row) => row[i]?.length ?? 0));
    const isText = cells.some((row) => typeof row.get(column) === 'string');
    return (text: string): string => (isText ? text.padEnd(width) : text.padStart(width));
  });
  const line = (row: readonly string[]): string =>
    pads
      .map((pad, i) => pad(row[i] ?? ''))
      .join('  ')
      .trimEnd();
  return [columns, ...texts].map(line).join('\n');
}

/** The middle value, or the mean of the two in the middle. @throws RangeError without values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('median of no values');
  return (upper + lower) / 2;
}

/** The least value that `part` (0 to 1) of the values do not exceed. @throws RangeError without values */
export function quantile(values: readonly number[], part: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(part * values.length) - 1)];
  if (value === undefined) throw new RangeError('quantile of no values');
  return value;
}

/** Keeps `digits` significant digits, so that JSON does not pretend to more than was measured. */
export function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function formatCell(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}
