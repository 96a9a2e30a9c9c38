import type { Description } from '../../src/core/sdp/description.ts';

/** A description as Chromium or Firefox would make it, different for every `seed` (0 to 2^31). */
export function madeUpDescription(seed: number, engine: 'chromium' | 'firefox'): Description {
  const hex = (digits: number, salt: number): string => {
    let text = '';
    for (let i = 0; i < digits; i++) text += (mix(seed * 31 + salt * 977 + i) % 16).toString(16);
    return text;
  };
  const fingerprint = new Uint8Array(32);
  for (let i = 0; i < 32; i++) fingerprint[i] = mix(seed * 131 + i) % 256;
  return {
    ufrag: engine === 'firefox' ? hex(8, 1) : `${hex(3, 1)}Z`,
    pwd: engine === 'firefox' ? hex(32, 2) : `${hex(23, 2)}Z`,
    fingerprint,
    candidates: [{ type: 'host', protocol: 'udp', address: '192.168.1.7', port: 1024 + (mix(seed) % 60_000) }],
    sctpPort: 5000,
    maxMessageSize: 262_144,
  };
}

/** A small integer hash (Murmur3's finaliser), so that near seeds look unrelated. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
