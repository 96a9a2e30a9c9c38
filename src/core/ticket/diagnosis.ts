import type { Bytes } from '../bytes.ts';
import { TransferError, type ErrorCode } from '../errors.ts';
import { hasValidCheck } from './check.ts';
import { readFields, TICKET_VERSION, ticketLength, versionOf } from './fields.ts';

/*
 * What is wrong with something that is not a ticket? Two pieces of evidence, TICKET.md §8:
 *
 * - If changing one symbol makes a whole ticket of it, then that symbol was wrong. Nearly certain.
 * - Else the fields speak: a ticket says by itself where it ends, so one that ends earlier was cut off, one that ends
 *   just there has several wrong symbols, and values that no field allows are some other app's.
 */

/** True for a whole ticket of this version: nothing about it is wrong. */
export function isWhole(bytes: Bytes | undefined): boolean {
  return (
    bytes !== undefined &&
    versionOf(bytes) === TICKET_VERSION &&
    hasValidCheck(bytes) &&
    failureOf(readFields, bytes) === undefined
  );
}

export type LikelyError = 'not-a-ticket' | 'ticket-truncated' | 'ticket-damaged';

/** The likeliest error for bytes that are no whole ticket, nor one symbol away from one. */
export function likelyError(bytes: Bytes): LikelyError {
  if (versionOf(bytes) !== TICKET_VERSION) return 'not-a-ticket';
  const failure = failureOf(ticketLength, bytes);
  if (failure === 'ticket-truncated') return 'ticket-truncated';
  return failure === undefined && endsHere(bytes) ? 'ticket-damaged' : 'not-a-ticket';
}

/** At the last byte; or before it, where a whole ticket ends and something was glued to it. */
function endsHere(bytes: Bytes): boolean {
  const length = ticketLength(bytes);
  return length === bytes.length || hasValidCheck(bytes.subarray(0, length));
}

function failureOf(read: (bytes: Bytes) => unknown, bytes: Bytes): ErrorCode | undefined {
  try {
    read(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof TransferError) return error.code;
    throw error;
  }
}
