import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex, type Bytes } from '../../../src/core/bytes.ts';
import { TransferError } from '../../../src/core/errors.ts';
import { parseDescription, type Description } from '../../../src/core/sdp/description.ts';
import { checkValue } from '../../../src/core/ticket/check.ts';
import { readTicket, ticketDigits, ticketLink, ticketText } from '../../../src/core/ticket/text.ts';
import { decodeTicket, encodeTicket, ticketId, type CallTicket, type Ticket } from '../../../src/core/ticket/ticket.ts';
import { description } from '../../support/arbitraries.ts';
import { madeUpDescription } from '../../support/descriptions.ts';

const vectors = new URL('../../vectors/', import.meta.url);
const files = readdirSync(new URL('sdp/', vectors)).filter((name) => name.endsWith('.sdp'));
const createdMinute = 29_900_000;

const ticket: fc.Arbitrary<Ticket> = fc.oneof(
  description.map((d): Ticket => ({ kind: 'open', createdMinute, description: d })),
  fc
    .tuple(description, fc.nat(65_535))
    .map(([d, repliesTo]): Ticket => ({ kind: 'reply', repliesTo, createdMinute, description: d })),
);

function corpus(): readonly { readonly file: string; readonly bytes: Bytes }[] {
  return files.map((file) => ({
    file,
    bytes: encodeTicket({ kind: 'open', createdMinute, description: fromFile(file) }),
  }));
}

function fromFile(file: string): Description {
  return parseDescription(readFileSync(new URL(`sdp/${file}`, vectors), 'utf8'));
}

function codeOf(text: string): string {
  try {
    readTicket(text);
  } catch (error) {
    if (error instanceof TransferError && error.origin === 'remote') return error.code;
    throw error;
  }
  return 'none';
}

function withCandidates(...addresses: string[]): number {
  const candidates = addresses.map(
    (address, i) => ({ type: 'host', protocol: 'udp', address, port: 50_000 + i }) as const,
  );
  const base = madeUpDescription(3, 'chromium');
  return encodeTicket({ kind: 'open', createdMinute, description: { ...base, candidates } }).length;
}

describe('bytes', () => {
  test('a ticket survives', () => {
    fc.assert(
      fc.property(ticket, (wanted) => {
        expect(decodeTicket(encodeTicket(wanted))).toEqual(wanted);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(files)('%s survives', (file) => {
    const wanted = fromFile(file);
    expect(decodeTicket(encodeTicket({ kind: 'open', createdMinute, description: wanted })).description).toEqual(
      wanted,
    );
  });

  test('are as few as TICKET.md promises', () => {
    const uuid = '1ba42505-3fda-4782-9cda-f1fe4f2ef823.local';
    expect(withCandidates('192.168.1.7')).toBe(64);
    expect(withCandidates('10.1.2.3')).toBe(65);
    expect(withCandidates('172.16.0.9')).toBe(66);
    expect(withCandidates(uuid)).toBe(78);
    expect(withCandidates(uuid, uuid)).toBe(97);
    const reply: Ticket = { kind: 'reply', repliesTo: 1, createdMinute, description: madeUpDescription(3, 'chromium') };
    expect(encodeTicket(reply)).toHaveLength(66);
    const sizes = corpus()
      .map(({ bytes }) => bytes.length)
      .toSorted((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(85);
  });

  test('a call survives, has no fingerprint, and is as small as TICKET.md promises', () => {
    for (const engine of ['chromium', 'firefox'] as const) {
      const { fingerprint: _, ...called } = madeUpDescription(5, engine);
      const call: CallTicket = { kind: 'call', callId: '00112233445566ff', createdMinute, description: called };
      const bytes = encodeTicket(call);
      expect(bytes).toHaveLength(engine === 'firefox' ? 45 : 41);
      expect(decodeTicket(bytes)).toEqual(call);
      expect(readTicket(`https://x.example/#${ticketText(bytes)}?utm=1`)).toEqual(call);
      expect(readTicket(ticketDigits(bytes))).toEqual(call);
      const asReply = bytes.slice();
      asReply[0] = (asReply[0] ?? 0) | 0x08;
      expect(() => decodeTicket(asReply)).toThrow(TransferError);
    }
  });

  test('the vectors of TICKET.md hold', () => {
    const list: unknown = JSON.parse(readFileSync(new URL('tickets.json', vectors), 'utf8'));
    if (!Array.isArray(list)) throw new Error('tickets.json: wanted a list');
    expect(list.length).toBeGreaterThanOrEqual(8);
    for (const vector of list as {
      name: string;
      hex: string;
      text: string;
      digits: string;
      ticket: Ticket & { description: { fingerprint: string } };
    }[]) {
      const bytes = fromHex(vector.hex) ?? new Uint8Array();
      const wanted = {
        ...vector.ticket,
        description: { ...vector.ticket.description, fingerprint: fromHex(vector.ticket.description.fingerprint) },
      };
      expect(decodeTicket(bytes), vector.name).toEqual(wanted);
      expect(toHex(encodeTicket(decodeTicket(bytes))), vector.name).toBe(vector.hex);
      expect([ticketText(bytes), ticketDigits(bytes)], vector.name).toEqual([vector.text, vector.digits]);
    }
  });

  test('what is not a ticket is refused with the code of its vector', () => {
    const list = JSON.parse(readFileSync(new URL('not-tickets.json', vectors), 'utf8')) as {
      name: string;
      hex: string;
      code: string;
    }[];
    expect(list.length).toBeGreaterThanOrEqual(20);
    for (const { name, hex, code } of list) {
      const bytes = fromHex(hex);
      if (bytes === undefined) throw new Error(`${name}: not hexadecimal`);
      expect(() => decodeTicket(bytes), name).toThrow(expect.objectContaining({ code, origin: 'remote' }));
    }
  });

  test('more than MAX_TICKET_BYTES are refused by the encoder, not cut', () => {
    const candidates = Array.from(
      { length: 300 },
      (_, i) => ({ type: 'host', protocol: 'udp', address: `2001:db8:${i}::1`, port: 50_000 + i }) as const,
    );
    const large: Ticket = {
      kind: 'open',
      createdMinute,
      description: { ...madeUpDescription(3, 'chromium'), candidates },
    };
    expect(() => encodeTicket(large)).toThrow(expect.objectContaining({ code: 'limit-exceeded', origin: 'local' }));
  });

  test('the id is the same for both forms, and another one after a change of ufrag or fingerprint', () => {
    const mine = madeUpDescription(1, 'chromium');
    expect(ticketId({ ...mine, candidates: [] })).toBe(ticketId(mine));
    expect(ticketId({ ...mine, ufrag: 'abcd' })).not.toBe(ticketId(mine));
    expect(ticketId(madeUpDescription(2, 'chromium'))).not.toBe(ticketId(mine));
  });
});

describe('text', () => {
  const wanted: Ticket = { kind: 'open', createdMinute, description: madeUpDescription(7, 'chromium') };
  const bytes = encodeTicket(wanted);
  const text = ticketText(bytes);
  const link = ticketLink('https://example.org/h/', bytes);

  test.each([
    ['base64url', text],
    ['a link', link],
    ['a link of any origin', `http://192.168.0.4:4173/#${text}`],
    ['digits', ticketDigits(bytes)],
    ['what a QR code says', `https://example.org/h/#${ticketDigits(bytes)}`],
    ['quotes', `"${link}"`],
    ['angle brackets', `<${text}>`],
    ['line breaks', `${link.slice(0, 50)}\r\n${link.slice(50, 70)}\n  ${link.slice(70)}\n`],
    ['line breaks in the text', `${text.slice(0, 20)}\n${text.slice(20)}`],
    ['a sentence around the link', `Open this: ${link} and then press Send`],
    ['a tracking suffix', `${link}?utm_source=messenger`],
    ['another tracking suffix', `${link}&fbclid=IwAR0abc`],
    ['zero-width characters', `\u200B${link.slice(0, 60)}\u200B${link.slice(60)}\uFEFF`],
    ['an escaped #', link.replace('#', '%23')],
    ['quoted mail', link.replace(/(.{50})(.{40})/s, '> $1=\r\n> $2=\r\n> ')],
    ['a trailing bracket and comma', `(${link}),`],
    ['a full stop', `${link}.`],
  ])('reads %s', (_, given) => {
    expect(readTicket(given)).toEqual(wanted);
  });

  test.each([
    'https://example.com/menu?table=7',
    'https://example.com/page#Features',
    'https://youtu.be/dQw4w9WgXcQ',
    'WIFI:T:WPA;S:Guest;P:secret1234;;',
    'otpauth://totp/Acme:me@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Acme',
    'BEGIN:VCARD\nVERSION:4.0\nFN:Grace Hopper\nEND:VCARD',
    '4006381333931',
    'hello',
    'Good morning everyone',
    '',
    '   ',
    'mailto:someone@example.com',
    'bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    'データ',
  ])('%j is not a ticket', (foreign) => {
    expect(codeOf(foreign)).toBe('not-a-ticket');
  });

  test('any single changed character says damaged', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < text.length; at++) {
      for (const character of alphabet) {
        if (character === text[at]) continue;
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect(`${at} ${character} ${codeOf(changed)}`).toBe(`${at} ${character} ticket-damaged`);
      }
    }
  });

  test('any single changed digit says damaged', () => {
    const digits = ticketDigits(bytes);
    for (let at = 0; at < digits.length; at++) {
      for (const digit of '0123456789') {
        if (digit === digits[at]) continue;
        const changed = digits.slice(0, at) + digit + digits.slice(at + 1);
        expect(`${at} ${digit} ${codeOf(changed)}`).toBe(`${at} ${digit} ticket-damaged`);
      }
    }
  });

  test('a character or digit too many, or one that is missing, says damaged', () => {
    for (const whole of [text, ticketDigits(bytes)]) {
      for (let at = 1; at < whole.length - 1; at++) {
        expect(codeOf(whole.slice(0, at) + whole.slice(at + 1)), `without ${at}`).toBe('ticket-damaged');
        expect(codeOf(`${whole.slice(0, at)}7${whole.slice(at)}`), `more at ${at}`).toBe('ticket-damaged');
      }
    }
  });

  test('a text cut off anywhere after a few characters says so', () => {
    for (const { file, bytes: whole } of corpus()) {
      const full = ticketText(whole);
      let told = 0;
      let wrong = 0;
      for (let length = 24; length < full.length - 1; length++) {
        const code = codeOf(full.slice(0, length));
        if (code === 'ticket-truncated') told += 1;
        else wrong += 1;
        expect(code, `${file} cut to ${length}`).not.toBe('none');
      }
      // A stump may look one character away from a whole ticket by chance.
      expect(wrong, file).toBeLessThanOrEqual(5);
      expect(told, file).toBeGreaterThan(30);
    }
  });

  test('a newer version says so, and a damaged newer version does not', () => {
    const newer = bytes.slice();
    newer[0] = 0x20 | ((newer[0] ?? 0) & 0x0f);
    const check = checkValue(newer.subarray(0, -2));
    newer.set([check >> 8, check & 0xff], newer.length - 2);
    expect(codeOf(ticketText(newer))).toBe('ticket-newer-version');
    expect(codeOf(ticketDigits(newer))).toBe('ticket-newer-version');
    newer[9] = (newer[9] ?? 0) ^ 1;
    expect(codeOf(ticketText(newer))).toBe('not-a-ticket'); // Its layout is not known, so neither is its damage.
  });

  test('any text around a ticket, any bytes and any mutation give a ticket or a remote error', () => {
    const mutation = fc
      .tuple(
        fc.constantFrom(text, link, ticketDigits(bytes)),
        fc.array(fc.tuple(fc.nat(200), fc.string({ maxLength: 3 })), { maxLength: 5 }),
      )
      .map(([base, edits]) =>
        edits.reduce((whole, [at, piece]) => whole.slice(0, at) + piece + whole.slice(at + 1), base),
      );
    const hostile = fc.uint8Array({ maxLength: 200 }).map((array) => {
      const forged = Uint8Array.of(0x10, ...array, 0, 0);
      const check = checkValue(forged.subarray(0, -2));
      forged.set([check >> 8, check & 0xff], forged.length - 2);
      return ticketText(forged);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), mutation, hostile), (input) => {
        codeOf(input);
      }),
      { numRuns: 20_000 },
    );
  });

  test('a huge text is refused without being looked at', () => {
    expect(codeOf('9'.repeat(10_000_000))).toBe('not-a-ticket');
    expect(codeOf(`#${'E'.repeat(30_000)}`)).toBe('not-a-ticket');
    expect(codeOf('# '.repeat(15_000))).toBe('not-a-ticket');
  });
});
