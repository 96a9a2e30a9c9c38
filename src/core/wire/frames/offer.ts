import { TransferError } from '../../errors.ts';
import type { FieldValues, FrameCodec } from '../layout.ts';
import { checkRange, readFields, writeFields } from '../layout.ts';
import { MAX_BLOCKS, MAX_FILES, MAX_TEXT_BYTES } from '../limits.ts';

/** The sender holds back the manifest until the receiver has said what it knows already. */
const FLAG_AGAIN = 1;

export const KIND_FILES = 0;
export const KIND_TEXT = 1;

/**
 * OFFER: a transfer, from its sender. WIRE.md §5.1.
 *
 *   0      1       3       4      5            21          25           33           37               69
 *   | 0x10 | number| flags | kind | transferId | fileCount | totalBytes | blockCount | manifestDigest |
 */
const fields = {
  /** Stands for the transfer in all other frames of this link; each side counts up its own, 1 to 65535. */
  number: 'u16',
  flags: 'u8',
  /** 0: files. 1: a text. Others are for newer versions, and a receiver that does not know one treats it as files. */
  kind: 'u8',
  /** Random, and a bearer secret: knowing it is the right to go on with the transfer. */
  transferId: 'id',
  fileCount: 'u32',
  totalBytes: 'u53',
  blockCount: 'u32',
  /** SHA-256 over all entries of the manifest, as they are on the wire. */
  manifestDigest: 'hash',
} as const;

export type Offer = { readonly name: 'offer'; readonly isAgain: boolean } & Omit<FieldValues<typeof fields>, 'flags'>;

export const offer: FrameCodec<Offer> = {
  name: 'offer',
  type: 0x10,
  write: (writer, frame) => writeFields(writer, fields, { ...frame, flags: frame.isAgain ? FLAG_AGAIN : 0 }),
  read: (reader) => {
    const { flags, ...frame } = readFields(reader, fields);
    checkRange('number', frame.number, 1, 0xffff);
    checkRange('fileCount', frame.fileCount, 1, 0xffff_ffff);
    if (frame.fileCount > MAX_FILES) {
      throw new TransferError('limit-exceeded', 'remote', `fileCount ${frame.fileCount} above ${MAX_FILES}`);
    }
    checkRange('blockCount', frame.blockCount, 0, MAX_BLOCKS);
    if (frame.kind === KIND_TEXT && (frame.fileCount !== 1 || frame.totalBytes > MAX_TEXT_BYTES)) {
      const message = `text of ${frame.fileCount} files, ${frame.totalBytes} bytes`;
      throw new TransferError('limit-exceeded', 'remote', message);
    }
    return { name: 'offer', isAgain: (flags & FLAG_AGAIN) !== 0, ...frame };
  },
};
