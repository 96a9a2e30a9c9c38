import type { ErrorCode } from '../errors.ts';

/** Failures that the same transfer cannot get over, on any link: offering it again would only repeat them. */
const FINAL_CODES: ReadonlySet<ErrorCode> = new Set([
  'source-changed',
  'root-mismatch',
  'block-corrupt',
  'protocol-violation',
  'limit-exceeded',
]);

export function isFinalFailure(code: ErrorCode): boolean {
  return FINAL_CODES.has(code);
}
