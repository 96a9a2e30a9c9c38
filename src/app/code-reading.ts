import type { Signal } from '@preact/signals';
import { TransferError } from '../core/errors.ts';
import { readTicket } from '../core/ticket/text.ts';
import { ticketId, type AnyTicket, type CallTicket, type Ticket } from '../core/ticket/ticket.ts';
import type { Clock } from '../ports/clock.ts';
import type { CodeReader } from '../ports/scanner.ts';
import type { Notice } from './model.ts';
import { asTransferError, type PairingDriver } from './pairing-driver.ts';

/** A device that made a code this long ago has often gone to sleep or to another network since. */
const OLD_AFTER_MINUTES = 60;

export interface CodeReadingPorts {
  readonly clock: Clock;
  readonly codeReader: CodeReader;
}

export interface CodeReadingOptions {
  readonly pairing: PairingDriver;
  readonly notice: Signal<Notice | undefined>;
  /** A call was read: a code for one scan, of a device that is known. */
  readonly onCall: (call: CallTicket) => void;
  /** A code is about to be read: pairing has to be on the screen. */
  readonly onCode: () => void;
  readonly complain: (error: TransferError) => void;
}

/** Whatever comes in as a code, however it comes: a text, a picture, what the camera sees. */
export class CodeReading {
  readonly #ports: CodeReadingPorts;
  readonly #options: CodeReadingOptions;
  /** What `tryOldCode` is about; it is not asked about again. */
  #oldCode: { readonly ticket: Ticket; readonly isBySight: boolean } | undefined;

  constructor(ports: CodeReadingPorts, options: CodeReadingOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  isCode(text: string): boolean {
    return !(tryReadTicket(text) instanceof TransferError);
  }

  /** @param isBySight read by this device's camera just now */
  readText(text: string, isBySight = false): void {
    const { pairing, complain } = this.#options;
    const ticket = tryReadTicket(text);
    if (ticket instanceof TransferError) return complain(ticket);
    if (ticket.kind === 'call') return this.#options.onCall(ticket);
    const ageMinutes = Math.floor(this.#ports.clock.epochMs() / 60_000) - ticket.createdMinute;
    // A reply to what is on show now is as good as that; what is not wanted has a reason of its own.
    if (ageMinutes > OLD_AFTER_MINUTES && ticket.kind === 'open' && (!pairing.isPairing || pairing.isWanted(ticket))) {
      return this.#doubt(ticket, isBySight, ageMinutes);
    }
    this.#read(ticket, isBySight);
  }

  tryOldCode(): void {
    if (this.#oldCode === undefined) return;
    this.#options.notice.value = undefined;
    this.#read(this.#oldCode.ticket, this.#oldCode.isBySight);
  }

  /** Asks about the same code again from now on. */
  startAnew(): void {
    this.#oldCode = undefined;
  }

  readPicture(picture: Blob): void {
    this.#ports.codeReader.readPicture(picture).then(
      (text) => {
        if (text !== undefined) return this.readText(text);
        return this.#options.complain(new TransferError('no-code-found', 'host', 'no QR code in the picture'));
      },
      (cause: unknown) => this.#options.complain(asTransferError(cause)),
    );
  }

  /** Resolves to false when the picture shows no code, or cannot be read: then it is a file like any other. */
  async tryPicture(picture: Blob): Promise<boolean> {
    const text = await this.#ports.codeReader.readPicture(picture).catch(() => undefined);
    if (text !== undefined) this.readText(text);
    return text !== undefined;
  }

  #read(ticket: Ticket, isBySight: boolean): void {
    this.#options.onCode();
    this.#options.pairing.read(ticket, isBySight);
  }

  /** The camera sees the same code again and again: it is asked about once. */
  #doubt(ticket: Ticket, isBySight: boolean, ageMinutes: number): void {
    if (isBySight && this.#oldCode !== undefined && isSameDescription(this.#oldCode.ticket, ticket)) return;
    this.#oldCode = { ticket, isBySight };
    this.#options.notice.value = { type: 'oldCode', ageMinutes };
  }
}

function isSameDescription(a: Ticket, b: Ticket): boolean {
  return ticketId(a.description) === ticketId(b.description);
}

export function tryReadTicket(text: string): AnyTicket | TransferError {
  try {
    return readTicket(text);
  } catch (error) {
    return asTransferError(error);
  }
}
