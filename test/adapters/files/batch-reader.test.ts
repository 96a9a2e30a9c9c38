import { describe, expect, test, vi } from 'vitest';
import { BatchReader } from '../../../src/adapters/files/batch-reader.ts';

const text = (bytes: Uint8Array<ArrayBuffer>): string => new TextDecoder().decode(bytes);

/** A Blob that cannot be read, as a file that was changed. */
class ChangedBlob extends Blob {
  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.reject(new DOMException('changed', 'NotReadableError'));
  }
}

describe('small reads', () => {
  test('give each its own bytes, in any number', async () => {
    const reader = new BatchReader();
    const texts = Array.from({ length: 500 }, (_, i) => `file ${i}`.repeat(i % 7));
    const read = await Promise.all(texts.map((content) => reader.read(new Blob([content]))));
    expect(read.map(text)).toEqual(texts);
  });

  test('that come while others are under way share one read', async () => {
    const reader = new BatchReader();
    const arrayBuffer = vi.spyOn(Blob.prototype, 'arrayBuffer');
    await Promise.all(Array.from({ length: 100 }, (_, i) => reader.read(new Blob([`${i}`]))));
    expect(arrayBuffer.mock.calls.length).toBeLessThan(6);
    arrayBuffer.mockRestore();
  });

  test('are bounded in what they put into one buffer', async () => {
    const reader = new BatchReader();
    const mib = new Blob([new Uint8Array(1024 * 1024)]);
    const read = await Promise.all(Array.from({ length: 20 }, () => reader.read(mib)));
    for (const { buffer } of read) expect(buffer.byteLength).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  test('are not mixed up when one of the files became shorter', async () => {
    const reader = new BatchReader();
    const arrayBuffer = vi.spyOn(Blob.prototype, 'arrayBuffer');
    const late = ['aaaa', 'bbbb', 'cccc'].map((content) => new Blob([content]));
    // Two batches of one go first, and the third has the rest: nine bytes of twelve.
    const first = [reader.read(new Blob(['x'])), reader.read(new Blob(['y']))];
    const read = late.map((blob) => reader.read(blob));
    arrayBuffer.mockResolvedValueOnce(new ArrayBuffer(9));
    expect((await Promise.all([...first, ...read])).map(text)).toEqual(['x', 'y', 'aaaa', 'bbbb', 'cccc']);
    arrayBuffer.mockRestore();
  });

  test('fail alone: those beside a file that changed are read', async () => {
    const reader = new BatchReader();
    const arrayBuffer = vi.spyOn(Blob.prototype, 'arrayBuffer');
    // The batch of all three, which Node would read from memory.
    arrayBuffer.mockRejectedValueOnce(new DOMException('changed', 'NotReadableError'));
    const blobs = [new ChangedBlob(['b']), new Blob(['a']), new Blob(['c'])];
    const read = await Promise.allSettled(blobs.map((blob) => reader.read(blob)));
    arrayBuffer.mockRestore();
    expect(read.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });
});
