import type { Bytes } from '../bytes.ts';

/** 4 bytes, or undefined where `text` is not a dotted quad (RFC 8866 §9, `IP4-address`). */
export function parseIpv4(text: string): Bytes | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  return numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : undefined;
}

export function formatIpv4(bytes: Bytes): string {
  return bytes.join('.');
}

/** 16 bytes, or undefined. Takes every form of RFC 4291 §2.2; a zone (`%eth0`, RFC 4007) is dropped. */
export function parseIpv6(text: string): Bytes | undefined {
  const address = text.replace(/%.*$/, '');
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(address)) return undefined;
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  const [head, tail] = groups;
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const known = head.length + (tail?.length ?? 0);
  if (halves.length === 1 ? known !== 8 : known > 7) return undefined;
  const all = [...head, ...Array.from({ length: 8 - known }, () => 0), ...(tail ?? [])];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** 16-bit groups of one side of `::`; a dotted quad at the very end counts as two. */
function parseGroups(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const quad = isLast && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (quad !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = quad;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** The canonical text of RFC 5952: lower case, no leading zeros, the longest run of zeros as `::`. */
export function formatIpv6(bytes: Bytes): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(bytes.subarray(12))}`; // RFC 5952 §5
  }
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}

/** 127.0.0.0/8 and ::1: of no use to another device. */
export function isLoopback(address: string): boolean {
  return parseIpv4(address)?.[0] === 127 || address === '::1';
}

/** A name of multicast DNS (RFC 6762 §3), behind which browsers hide the addresses of their host candidates. */
export function isMdnsName(address: string): boolean {
  return /\.local\.?$/i.test(address);
}

/** One spelling per address, so that equal addresses are equal texts. Names are kept as they are. */
export function canonicalAddress(text: string): string | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return formatIpv4(v4);
  if (text.includes(':')) {
    const v6 = parseIpv6(text);
    return v6 === undefined ? undefined : formatIpv6(v6);
  }
  // RFC 1123 §2.1, with a letter somewhere, so that '1.2.3' or '1.2.3.999' is not taken for a name.
  const isName = /^(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(text) && text.length <= 253;
  return isName ? text : undefined;
}
