/** Reads a whole number of 1 to `most`. @throws Error that names the option */
export function readCount(option: string, text: string, most: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new Error(`${option}: wanted 1 to ${most}, got ${text}`);
  }
  return count;
}

/** Reads '100,1000': one or more whole numbers of 1 to `most`. @throws Error that names the option */
export function readCounts(option: string, text: string, most: number): readonly number[] {
  return text.split(',').map((part) => readCount(option, part, most));
}
