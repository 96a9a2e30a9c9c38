import { readdirSync, readFileSync } from 'node:fs';
import { qrEncoder } from '../src/adapters/qr/qr-encoder.ts';
import { parseDescription } from '../src/core/sdp/description.ts';
import { ticketDigits, ticketText } from '../src/core/ticket/text.ts';
import { encodeTicket } from '../src/core/ticket/ticket.ts';

export interface TicketRow {
  readonly file: string;
  readonly bytes: number;
  /** Characters of base64url. */
  readonly textLength: number;
  /** Of the QR code with a link of `LINK_CHARACTERS` before the digits, level L. */
  readonly qrVersion: number;
}

/** As long as https://heliograph.example/app/#. */
const LINK_CHARACTERS = 31;
const folder = new URL('../test/vectors/sdp/', import.meta.url);

/** The size of the ticket of every SDP in `test/vectors/sdp/`. */
export async function benchTickets(): Promise<readonly TicketRow[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sdp'));
  return files
    .toSorted((a, b) => a.localeCompare(b))
    .map((file) => {
      const description = parseDescription(readFileSync(new URL(file, folder), 'utf8'));
      const createdMinute = Math.floor(Date.now() / 60_000);
      const bytes = encodeTicket({ kind: 'open', createdMinute, description });
      const { version } = qrEncoder.encode('x'.repeat(LINK_CHARACTERS), ticketDigits(bytes));
      return { file, bytes: bytes.length, textLength: ticketText(bytes).length, qrVersion: version };
    });
}
