import type { SourceFile } from '../../src/ports/file-source.ts';
import { assertBytes, patternBytes } from './assert-bytes.ts';
import { assertEqual, assertRejects } from './contract.ts';
import type { Contract } from './contract.ts';

/** What `sourceFile` of the subject has to hold: `path` 'dir/name ä.bin', `lastModifiedEpochMs` 1234, these bytes. */
export const SOURCE_BYTES = patternBytes(3_000_001, 42);

export interface FileSourceSubject {
  readonly sourceFile: SourceFile;
  readonly emptyFile: SourceFile;
}

export const fileSourceContract: Contract<FileSourceSubject> = [
  {
    name: 'says path, size and time',
    async run(open) {
      const { sourceFile, emptyFile } = await open();
      assertEqual(sourceFile.path, 'dir/name ä.bin', 'path');
      assertEqual(sourceFile.sizeBytes, SOURCE_BYTES.length, 'sizeBytes');
      assertEqual(sourceFile.lastModifiedEpochMs, 1234, 'lastModifiedEpochMs');
      assertEqual(emptyFile.sizeBytes, 0, 'sizeBytes of the empty file');
    },
  },
  {
    name: 'reads exactly the range, in any order and at the same time',
    async run(open) {
      const { sourceFile } = await open();
      const ranges = [
        [2_999_990, 11],
        [0, 5],
        [1_048_576, 1_048_576],
        [7, 0],
        [3_000_001, 0],
      ] as const;
      const pieces = await Promise.all(ranges.map(([offset, length]) => sourceFile.read(offset, length)));
      for (const [index, [offset, length]] of ranges.entries()) {
        assertBytes(pieces[index], SOURCE_BYTES.slice(offset, offset + length), `${length} at ${offset}`);
      }
    },
  },
  {
    name: 'gives bytes that the reader owns',
    async run(open) {
      const { sourceFile } = await open();
      (await sourceFile.read(0, 8)).fill(0);
      assertBytes(await sourceFile.read(0, 8), SOURCE_BYTES.slice(0, 8), 'bytes');
    },
  },
  {
    name: 'reads nothing of an empty file',
    async run(open) {
      const { emptyFile } = await open();
      assertBytes(await emptyFile.read(0, 0), new Uint8Array(0), 'bytes');
    },
  },
  {
    name: 'refuses a range outside the file as a local mistake',
    async run(open) {
      const { sourceFile, emptyFile } = await open();
      await assertRejects(() => sourceFile.read(3_000_000, 2), 'internal', 'past the end');
      await assertRejects(() => sourceFile.read(-1, 2), 'internal', 'before the start');
      await assertRejects(() => emptyFile.read(0, 1), 'internal', 'of the empty file');
    },
  },
];
