import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { qrEncoder } from '../../../src/adapters/qr/qr-encoder.ts';
import type { Candidate } from '../../../src/core/sdp/candidate.ts';
import { FITTING_BYTES, fitTicket } from '../../../src/core/ticket/fitting.ts';
import { ticketDigits } from '../../../src/core/ticket/text.ts';
import { decodeTicket, encodeTicket, type Ticket } from '../../../src/core/ticket/ticket.ts';
import { description } from '../../support/arbitraries.ts';
import { madeUpDescription } from '../../support/descriptions.ts';

const createdMinute = 29_900_000;

function udp(address: string, port: number, type: Candidate['type'] = 'host'): Candidate {
  return { type, protocol: 'udp', address, port };
}

const INTERFACES: readonly Candidate[] = [
  udp('172.17.0.1', 40_001),
  udp('10.8.0.2', 40_002),
  udp('192.168.1.20', 40_003),
  udp('fe80::1', 40_004),
  udp('2001:db8:1:2::10', 40_005),
  udp('2001:db8:1:2::11', 40_006),
  udp('fd00:1:2:3::4', 40_007),
  udp('172.18.0.1', 40_008),
  { type: 'host', protocol: 'tcp', tcpType: 'passive', address: '192.168.1.20', port: 40_009 },
  udp('198.51.100.7', 40_003, 'srflx'),
  udp('203.0.113.5', 50_000, 'relay'),
  udp('192.168.122.1', 40_010),
];

function ticketOf(candidates: readonly Candidate[]): Ticket {
  return { kind: 'open', createdMinute, description: { ...madeUpDescription(77, 'chromium'), candidates } };
}

const addresses = (ticket: Ticket): string[] => ticket.description.candidates.map(({ address }) => address);

describe('fitTicket', () => {
  test('of many interfaces takes one of each kind, the likeliest first, in the order of the SDP', () => {
    const fitted = fitTicket(ticketOf(INTERFACES));
    expect(addresses(fitted)).toEqual([
      '172.17.0.1',
      '10.8.0.2',
      '192.168.1.20',
      '2001:db8:1:2::10',
      '192.168.1.20',
      '198.51.100.7',
      '203.0.113.5',
      '192.168.122.1',
    ]);
    expect(fitted.leftOutCount).toBe(4);
    expect(decodeTicket(encodeTicket(fitted))).toEqual(fitted);
  });

  test('leaves a ticket that is small enough as it is', () => {
    const ticket = ticketOf(INTERFACES.slice(0, 3));
    expect(fitTicket(ticket)).toBe(ticket);
  });

  test('a reply sends the same candidates as the open ticket before it', () => {
    const open = ticketOf(INTERFACES);
    const reply: Ticket = { ...open, kind: 'reply', repliesTo: 5 };
    expect(addresses(fitTicket(reply))).toEqual(addresses(fitTicket(open)));
    expect(encodeTicket(fitTicket(reply)).length).toBeLessThanOrEqual(FITTING_BYTES);
  });

  test('whatever a browser gathers, the code is at most QR version 8 behind a link of 60 characters', () => {
    fc.assert(
      fc.property(description, fc.boolean(), (any, isReply) => {
        const shortEnough = { ...any, ufrag: any.ufrag.slice(0, 4), pwd: any.pwd.slice(0, 24) };
        const ticket: Ticket = isReply
          ? { kind: 'reply', repliesTo: 1, createdMinute, description: shortEnough }
          : { kind: 'open', createdMinute, description: shortEnough };
        const fitted = fitTicket(ticket);
        const bytes = encodeTicket(fitted);
        const count = fitted.description.candidates.length;
        expect(count).toBeGreaterThanOrEqual(Math.min(1, any.candidates.length));
        expect(count + (fitted.leftOutCount ?? 0)).toBe(any.candidates.length);
        if (count > 1) expect(bytes.length).toBeLessThanOrEqual(FITTING_BYTES);
        if (bytes.length <= FITTING_BYTES) {
          expect(qrEncoder.encode('x'.repeat(60), ticketDigits(bytes)).version).toBeLessThanOrEqual(8);
        }
      }),
    );
  });

  test('keeps one candidate even where that is too long, and refuses nothing for its number', () => {
    const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
    expect(addresses(fitTicket(ticketOf([udp(name, 1), udp(name, 2)])))).toHaveLength(1);
    const many = Array.from({ length: 400 }, (_, i) => udp(`2001:db8:${i.toString(16)}::1`, 1024 + i));
    const fitted = fitTicket(ticketOf(many));
    expect(decodeTicket(encodeTicket(fitted)).leftOutCount).toBe(255);
  });
});
