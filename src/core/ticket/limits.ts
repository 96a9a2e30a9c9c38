/**
 * Bounds what a decoder looks at, so that a hostile text costs nothing. A browser with twenty addresses makes about
 * 400 bytes; the largest QR code holds 2953.
 */
export const MAX_TICKET_BYTES = 4_096;
