import { TransferError } from '../../core/errors.ts';

/**
 * Lower case only: Safari keeps OPFS names as real file names, and macOS folds case. No dot and no slash, so that no
 * name can mean another directory, whoever chose it.
 */
const TRANSFER_ID = /^[0-9a-z_-]{1,64}$/;

/** Throws TransferError 'internal', origin 'local', unless both can be the key of a stored file. */
export function checkFileKey(transferId: string, fileIndex: number): void {
  checkTransferId(transferId);
  if (!Number.isSafeInteger(fileIndex) || fileIndex < 0) {
    throw new TransferError('internal', 'local', `fileIndex ${fileIndex} of ${transferId}: wanted an integer >= 0`);
  }
}

export function checkTransferId(transferId: string): void {
  if (!TRANSFER_ID.test(transferId)) {
    throw new TransferError('internal', 'local', `transferId ${JSON.stringify(transferId)}: wanted ${TRANSFER_ID}`);
  }
}

/** Throws TransferError 'internal', origin 'local', unless `sizeBytes` is 0 to 2^53-1. */
export function checkFileSize(sizeBytes: number): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new TransferError('internal', 'local', `sizeBytes ${sizeBytes}: wanted an integer from 0 to 2^53-1`);
  }
}

/** Throws TransferError 'internal', origin 'local', unless `offset`, `length` lies inside a file of `sizeBytes`. */
export function checkRange(what: 'read' | 'write', offset: number, length: number, sizeBytes: number): void {
  const isInside =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= sizeBytes;
  if (!isInside) {
    throw new TransferError('internal', 'local', `${what} of ${length} at ${offset}: file has ${sizeBytes} bytes`);
  }
}

/** What every use of a closed file rejects with. */
export function closedFileError(what: string, transferId: string, fileIndex: number): TransferError {
  return new TransferError('internal', 'local', `${what}: file ${transferId}/${fileIndex} is closed`);
}
