/** One measured line of a bench; the keys are its columns, and its JSON. Null: not measured. */
export type BenchRow = Readonly<Record<string, string | number | null>>;

/**
 * One bench: takes the arguments after its name (without `--json`), gives its rows.
 * @throws Error with one clear line for a wrong argument
 */
export type Bench = (args: readonly string[]) => Promise<readonly BenchRow[]>;

/** The rows as aligned columns under their keys; numbers to the right. */
export function formatTable(rows: readonly BenchRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const texts = rows.map((row) => columns.map((column) => formatCell(row[column] ?? null)));
  const widths = columns.map((column, i) => Math.max(column.length, ...texts.map((cells) => cells[i]?.length ?? 0)));
  const isNumeric = columns.map((column) => rows.every((row) => typeof row[column] !== 'string'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(columns), ...texts.map(line)].join('\n');
}

/** The middle value, or the mean of the two in the middle. @throws RangeError without values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('median of no values');
  return (upper + lower) / 2;
}

/** Keeps `digits` significant digits, so that JSON does not pretend to more than was measured. */
export function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function formatCell(value: string | number | null): string {
  return value === null ? '-' : String(value);
}
