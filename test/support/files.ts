import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const MIB = 1024 * 1024;

/** A file that a test sends. */
export interface TestFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

/** What every end-to-end transfer sends: the edge sizes, and names in several scripts. Without a zero-width joiner, which Firefox turns into `_` when saving. */
export const EDGE_FILES: readonly (readonly [name: string, sizeBytes: number])[] = [
  ['empty.bin', 0],
  ['one byte.bin', 1],
  ['one-block.bin', MIB],
  ['one-block-and-a-byte.bin', MIB + 1],
  ['日本語のファイル.txt', 70_000],
  ['Übergrößenträger – naïve.pdf', 300_001],
  ['صورة العائلة.jpg', 123_457],
  ['Отчёт №5.docx', 65_536],
  ['family 👪 photo.png', 2 * MIB - 3],
];

/**
 * Writes a file of bytes that no compression can shrink: a keystream of its name and size, so the same call always
 * gives the same file, and a shifted or swapped block never gives the same digest.
 */
export async function makeFile(folder: string, name: string, sizeBytes: number): Promise<TestFile> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const key = createHash('sha256').update(`${name} ${sizeBytes}`).digest();
  const keystream = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16));
  const hash = createHash('sha256');
  const zeros = Buffer.alloc(Math.min(4 * MIB, sizeBytes));
  const file = await open(path, 'w');
  try {
    for (let left = sizeBytes; left > 0; left -= zeros.length) {
      const bytes = keystream.update(zeros.subarray(0, Math.min(left, zeros.length)));
      hash.update(bytes);
      await file.write(bytes);
    }
  } finally {
    await file.close();
  }
  return { path, name, sizeBytes, sha256: hash.digest('hex') };
}

export function makeEdgeFiles(folder: string): Promise<readonly TestFile[]> {
  return Promise.all(EDGE_FILES.map(([name, sizeBytes]) => makeFile(folder, name, sizeBytes)));
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Waits until a browser has finished saving a file, and gives its path. The browsers write under another name first
 * (`.crdownload`, `.part`); Firefox claims the final name with an empty file meanwhile.
 */
export async function waitForDownload(
  folder: string,
  name: string,
  sizeBytes: number,
  timeoutMs = 60_000,
): Promise<string> {
  const path = join(folder, name);
  const giveUp = performance.now() + timeoutMs;
  for (;;) {
    const present = await readdir(folder);
    const isBusy = present.some((entry) => entry.endsWith('.crdownload') || entry.endsWith('.part'));
    if (!isBusy && present.includes(name) && (await stat(path)).size === sizeBytes) return path;
    if (performance.now() > giveUp) {
      throw new Error(`no saved ${name} of ${sizeBytes} bytes after ${timeoutMs} ms; there: ${present.join(', ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
