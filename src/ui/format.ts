/** Numbers for people, in the page's language. Units are decimal, as file managers and networks count. */
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** @param bytes 0 or more */
export function formatBytes(bytes: number, locale?: string): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  // 999.96 kB would be rounded to 1,000 kB: take the next unit then.
  const rounded = Number((bytes / 1000 ** power).toPrecision(3));
  const isNext = rounded >= 1000 && power < UNITS.length - 1;
  const value = isNext ? 1 : rounded;
  const unit = UNITS[isNext ? power + 1 : power] ?? 'byte';
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  return formatter(locale, { style: 'unit', unit, unitDisplay, maximumSignificantDigits: 3 }).format(value);
}

export function formatSpeed(bytesPerSec: number, locale?: string): string {
  return `${formatBytes(bytesPerSec, locale)}/s`;
}

/** 'About' is up to the caller. @param seconds 0 or more */
export function formatDuration(seconds: number, locale?: string): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return timeUnit(whole, 'second', locale);
  // Rounded once, before it is split: else 1 h 59 min 59 s became '1 hour 60 minutes'.
  const totalMinutes = Math.round(whole / 60);
  if (totalMinutes < 60) return timeUnit(totalMinutes, 'minute', locale);
  const hours = timeUnit(Math.floor(totalMinutes / 60), 'hour', locale);
  const minutes = totalMinutes % 60;
  return minutes === 0 ? hours : `${hours} ${timeUnit(minutes, 'minute', locale)}`;
}

/** Rounded down: 100 % is all of it. @param share 0 to 1 */
export function formatPercent(share: number, locale?: string): string {
  // 0.29 * 100 is 28.999999999999996.
  const percent = share >= 1 ? 100 : Math.min(99, Math.floor(share * 100 + 1e-9));
  return formatter(locale, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
}

function timeUnit(value: number, name: 'second' | 'minute' | 'hour', locale?: string): string {
  return formatter(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Making one takes a hundred times longer than using it, and progress is written several times a second. */
function formatter(locale: string | undefined, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify([locale, options]);
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}

/** Day and time, short. @param epochMs when */
export function formatDate(epochMs: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(epochMs);
}
