import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** With a slash at its end for a folder. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** In local time, to two seconds. */
  readonly modified: Date;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const END_BYTES = 22;

/**
 * Reads a zip whose entries are stored, not compressed, by its central directory as unzip programs do (APPNOTE.TXT §4.3),
 * and checks each entry against its local header and its CRC. Of its own, so that it shares no mistake with what wrote it.
 */
export async function readZip(path: string): Promise<readonly ZipEntry[]> {
  const zip = await readFile(path);
  const end = zip.length - END_BYTES;
  check(zip.readUInt32LE(end) === END, 'no end of central directory where it belongs without a comment');
  let count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (end >= 20 && zip.readUInt32LE(end - 20) === END64_LOCATOR) {
    const end64 = Number(zip.readBigUInt64LE(end - 20 + 8));
    check(zip.readUInt32LE(end64) === END64, 'no zip64 end of central directory');
    count = Number(zip.readBigUInt64LE(end64 + 32));
    at = Number(zip.readBigUInt64LE(end64 + 48));
  }
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    check(zip.readUInt32LE(at) === CENTRAL, `entry ${index} at ${at}: no central header`);
    const flags = zip.readUInt16LE(at + 8);
    check(zip.readUInt16LE(at + 10) === 0, `entry ${index}: compressed`);
    const [time, date] = [zip.readUInt16LE(at + 12), zip.readUInt16LE(at + 14)];
    const [crc, packed, sizeBytes] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
    const nameBytes = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.subarray(at + 46, at + 46 + nameBytes).toString('utf8');
    check((flags & 0x0800) !== 0, `${name}: the name is not marked as UTF-8`);
    check(packed === sizeBytes, `${name}: ${packed} bytes packed of ${sizeBytes}`);
    check(zip.readUInt32LE(local) === LOCAL, `${name}: no local header at ${local}`);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + sizeBytes);
    check(crc32(content) === crc, `${name}: wrong CRC`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    entries.push({ name, sizeBytes, sha256, modified: dateOf(date, time) });
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** MS-DOS date and time. */
function dateOf(date: number, time: number): Date {
  return new Date((date >> 9) + 1980, ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}

function check(isRight: boolean, problem: string): void {
  if (!isRight) throw new Error(`zip: ${problem}`);
}
