import { expect, test, vi } from 'vitest';
import { blobSource } from '../../../src/adapters/files/blob-source.ts';
import { SOURCE_BYTES, fileSourceContract } from '../../contracts/file-source-contract.ts';
import { suite } from '../contract-suite.ts';

function file(bytes: Uint8Array<ArrayBuffer>): File {
  return new File([bytes], 'name ä.bin', { lastModified: 1234 });
}

suite('SourceFile: blob', fileSourceContract, async () => ({
  sourceFile: blobSource(file(SOURCE_BYTES), 'dir/name ä.bin'),
  emptyFile: blobSource(file(new Uint8Array(0)), 'empty'),
}));

test.each([
  ['NotReadableError', 'source-changed'],
  ['NotFoundError', 'source-changed'],
  ['AbortError', 'source-changed'],
  ['SecurityError', 'file-unreadable'],
])('a read that fails with %s rejects with %s', async (name, code) => {
  const cause = new DOMException('gone', name);
  const source = blobSource(file(new Uint8Array(4)), 'a');
  const read = vi.spyOn(Blob.prototype, 'arrayBuffer').mockRejectedValue(cause);
  await expect(source.read(0, 4)).rejects.toMatchObject({ code, origin: 'host', cause });
  read.mockRestore();
});

test('what was read of a large file is given back at once; what small files share is not', async () => {
  const large = blobSource(file(new Uint8Array(1_000_000)), 'large');
  const bytes = await large.read(0, 1_000_000);
  large.release?.(bytes);
  // Node 20 has no ArrayBuffer.prototype.transfer.
  expect(bytes.length).toBe('transfer' in ArrayBuffer.prototype ? 0 : 1_000_000);
  const small = blobSource(file(new Uint8Array(10).fill(1)), 'small');
  const few = await small.read(0, 10);
  small.release?.(few);
  expect(few).toEqual(new Uint8Array(10).fill(1));
});

test('a file that became shorter rejects with source-changed', async () => {
  const source = blobSource(file(new Uint8Array(4)), 'a');
  const read = vi.spyOn(Blob.prototype, 'arrayBuffer').mockResolvedValue(new ArrayBuffer(3));
  await expect(source.read(0, 4)).rejects.toMatchObject({ code: 'source-changed', origin: 'host' });
  read.mockRestore();
});
