/**
 * What this protocol allows a peer to claim, and what both sides keep to. WIRE.md §3 is normative. Each bound is
 * checked before anything of that size is allocated.
 */

/** Protocol versions that this implementation speaks. */
export const MIN_VERSION = 1;
export const MAX_VERSION = 1;

/** Bits of HELLO's `capabilities`. What both peers have set is in use. WIRE.md §4.1. */
export const CAPABILITY = {
  /** KEY, STANDBY, KNOWN, RESTART and BYE. */
  healing: 1,
  /** LANE. */
  lanes: 2,
} as const;

/** Every peer accepts frames of at least this many bytes. */
export const MIN_FRAME_BYTES = 16 * 1024;
/** The largest frame that we accept: both browser engines announce at least 256 KiB as max-message-size (2025). */
export const MAX_FRAME_BYTES = 256 * 1024;
/** Control frames are never longer than this, whatever was negotiated. */
export const MAX_CONTROL_FRAME_BYTES = 64 * 1024;

/** Files in a transfer, 1 to this. */
export const MAX_FILES = 1_000_000;
/** Encoded manifest entries of a transfer, all pages together: bounds what a manifest can take up in memory. */
export const MAX_MANIFEST_BYTES = 128 * 1024 * 1024;
/** A path in a manifest, UTF-8 bytes, 1 to this. */
export const MAX_PATH_BYTES = 4096;
/** A text is one file of at most so many bytes. */
export const MAX_TEXT_BYTES = 256 * 1024;
/** Blocks in a transfer: block numbers are u32. */
export const MAX_BLOCKS = 0xffff_ffff;

/** A MANIFEST frame is never longer than this, whatever was negotiated, so that pages begin at the same files on every link. */
export const MAX_MANIFEST_PAGE_BYTES = 16 * 1024;
/** Manifest pages on their way that the receiver has not acknowledged. */
export const MANIFEST_WINDOW_PAGES = 64;
/** Transfers of one sender that are offered or running at once on a link. */
export const MAX_OPEN_TRANSFERS = 64;
/** Transfer numbers are u16 and are not used twice on a link. */
export const MAX_TRANSFER_NUMBER = 0xffff;
/** Blocks of a link of which some chunks have come but not all: bounds the receiver's block buffers. */
export const MAX_PARTIAL_BLOCKS = 32;
/** Pieces of a block that have come with gaps between them. An honest sender's have 1 KiB at least. */
export const MAX_PIECES = 2048;
/** Lanes of a link that were named and have not ended at both ends, the first not counted. */
export const MAX_LANES_NAMED = 32;
/** Tokens in a RESUME frame, and RESUME frames that count on a link. */
export const MAX_RESUME_TOKENS = 256;
/** Block-map pages in a HAVE frame. */
export const MAX_HAVE_PAGES = 64;
/** Claims in a CLAIM frame, blocks in a CONFIRM frame. */
export const MAX_CLAIMS_PER_FRAME = 256;
/** Claims of a transfer that the sender has not answered: bounds what it keeps of them. */
export const MAX_OPEN_CLAIMS = 4096;
/** The text of an ERROR frame, UTF-8 bytes. */
export const MAX_ERROR_MESSAGE_BYTES = 512;
/** Connections of a peer that wait to be dialed. */
export const MAX_STANDBYS = 4;
/** An encoded ticket within a frame. */
export const MAX_TICKET_FIELD_BYTES = 4096;
/** Tokens in a KNOWN frame. */
export const MAX_KNOWN_TOKENS = 64;
/** How often a block is sent in all before a receiver gives up with 'block-corrupt'. */
export const MAX_BLOCK_ATTEMPTS = 3;
