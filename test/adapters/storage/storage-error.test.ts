import { expect, test } from 'vitest';
import { storageError } from '../../../src/adapters/storage/storage-error.ts';
import { TransferError } from '../../../src/core/errors.ts';

test.each([
  [new DOMException('full', 'QuotaExceededError'), 'disk-full'],
  [{ name: 'NS_ERROR_FILE_NO_DEVICE_SPACE', message: '' }, 'disk-full'],
  [new DOMException('locked', 'NoModificationAllowedError'), 'storage-failed'],
  [new Error('anything'), 'storage-failed'],
  [undefined, 'storage-failed'],
  ['text', 'storage-failed'],
])('%o becomes %s, origin host, with its cause', (cause, code) => {
  const error = storageError(cause, 'write x');
  expect(error).toMatchObject({ code, origin: 'host' });
  expect(error.cause).toBe(cause);
  expect(error.message).toMatch(/^write x: /);
});

test('leaves a TransferError as it is', () => {
  const error = new TransferError('internal', 'local', 'ours');
  expect(storageError(error, 'write x')).toBe(error);
});
