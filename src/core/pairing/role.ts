import { compareBytes } from '../bytes.ts';
import type { Description } from '../sdp/description.ts';

/** DTLS role (RFC 8842 §5): the active side sends the ClientHello. */
export type DtlsRole = 'active' | 'passive';

/**
 * Who is DTLS-active once both have read each other. PAIRING.md §2.
 *
 * Both sides compute this from the same two descriptions, so no order of reading can make them disagree, and no
 * code has to say "offer" or "answer". The engine comes first, because Firefox may be active long before it was
 * read (NSS repeats its ClientHello for as long as the connection lives), while BoringSSL gives up after 222 s
 * (Chromium 156, 2026-11).
 */
export function dtlsRole(mine: Description, theirs: Description): DtlsRole {
  const mineIsNss = looksLikeFirefox(mine);
  if (mineIsNss !== looksLikeFirefox(theirs)) return mineIsNss ? 'active' : 'passive';
  return compareBytes(mine.fingerprint, theirs.fingerprint) > 0 ? 'active' : 'passive';
}

/**
 * Firefox writes its ICE credentials in hexadecimal, 8 and 32 digits (nICEr `nr_ice_random_string`). A wrong guess
 * is harmless for the outcome: both sides see the same two tickets and make the same guess.
 */
export function looksLikeFirefox(description: Description): boolean {
  return /^[0-9a-f]{8}$/.test(description.ufrag) && /^[0-9a-f]{32}$/.test(description.pwd);
}
