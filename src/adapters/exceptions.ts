/** Reading what browsers throw, for the adapters that translate it into TransferError. */

/** `name` of an Error or DOMException; '' of anything else. */
export function errorName(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : nameProperty(cause);
}

/** 'NotFoundError: …', for developers. */
export function describeCause(cause: unknown): string {
  if (cause instanceof Error || cause instanceof DOMException) return `${cause.name}: ${cause.message}`;
  return `${nameProperty(cause)} ${String(cause)}`.trim();
}

/** Firefox's nsresult exceptions are neither Error nor DOMException, but have a name. */
function nameProperty(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('name' in cause)) return '';
  return typeof cause.name === 'string' ? cause.name : '';
}
