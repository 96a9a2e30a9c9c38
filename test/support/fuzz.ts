import { readdirSync, readFileSync } from 'node:fs';
import { TransferError } from '../../src/core/errors.ts';
import { parseDescription } from '../../src/core/sdp/description.ts';
import { CHECK_BYTES, checkValue } from '../../src/core/ticket/check.ts';
import { readTicket, ticketDigits, ticketLink, ticketText } from '../../src/core/ticket/text.ts';
import { decodeTicket, encodeTicket } from '../../src/core/ticket/ticket.ts';
import { decodeControlFrame } from '../../src/core/wire/control-frame.ts';
import type { SeededRandom } from './seeded-random.ts';

/** No input may keep a decoder, and with it the screen, for longer. */
export const MAX_DECODE_MS = 10;
/**
 * Neither a pause of the garbage collector nor another program's turn is the decoder's: what was slow is tried again, and
 * the least time counts, by the clock or by the processor.
 */
const TRIES_WHEN_SLOW = 5;

/** What came of one input; a `fault` breaks a promise of the decoder. */
export interface FuzzResult {
  readonly decoder: DecoderName;
  readonly outcome: 'value' | 'refused';
  readonly fault: string | undefined;
  readonly ms: number;
}

type DecoderName = 'readTicket' | 'decodeTicket' | 'parseDescription' | 'decodeControlFrame';
type Input = string | Uint8Array<ArrayBuffer>;

const vectors = new URL('../vectors/', import.meta.url);
const SDPS = readdirSync(new URL('sdp/', vectors))
  .filter((name) => name.endsWith('.sdp'))
  .map((name) => readFileSync(new URL(`sdp/${name}`, vectors), 'utf8'));
const TICKETS = SDPS.map((sdp, index) =>
  encodeTicket(
    index % 2 === 0
      ? { kind: 'open', createdMinute: 29_900_000, description: parseDescription(sdp) }
      : { kind: 'reply', repliesTo: index, createdMinute: 29_900_000, description: parseDescription(sdp) },
  ),
);
const TEXTS = TICKETS.flatMap((bytes) => [
  ticketText(bytes),
  ticketDigits(bytes),
  ticketLink('https://heliograph.example/app/', bytes),
]);
/** Characters that a decoder may trip over, besides those of a code. */
const ODD_CHARACTERS = [
  '\u0000',
  '\u200B',
  '\uD83D',
  '😀',
  '٣',
  '３',
  'é',
  '"',
  '<',
  '>',
  '#',
  '%23',
  '?',
  '=',
  '\r\n',
  ' ',
];
const WORDS = ['#', 'https://', 'E', 'FFFFFFFF', '0', '9'.repeat(40), 'a=candidate:', '192.168.1.1', '\r\n', '-', '_'];
/** Longest text that is tried: more than any decoder looks at. */
const MAX_CHARACTERS = 20_000;

/** Makes one input from `random`, gives it to one decoder of the pairing path, and looks at what comes back. */
export function fuzzOnce(random: SeededRandom): FuzzResult {
  const decoder = random.pick(DECODERS);
  const input = decoder.make(random);
  const first = timed(() => decode(decoder, input));
  const { outcome, fault } = first.result;
  let { ms } = first;
  for (let tries = 0; ms > MAX_DECODE_MS && tries < TRIES_WHEN_SLOW; tries++) {
    ms = Math.min(ms, timed(() => decode(decoder, input)).ms);
  }
  const tooSlow = ms > MAX_DECODE_MS ? `took ${ms.toFixed(1)} ms` : undefined;
  const complaint = fault ?? tooSlow;
  return {
    decoder: decoder.name,
    outcome,
    ms,
    fault: complaint === undefined ? undefined : `${decoder.name}: ${complaint}, for ${shown(input)}`,
  };
}

function timed<T>(run: () => T): { readonly result: T; readonly ms: number } {
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  const result = run();
  const { user, system } = process.cpuUsage(startCpu);
  return { result, ms: Math.min(performance.now() - startMs, (user + system) / 1000) };
}

interface Decoder {
  readonly name: DecoderName;
  readonly make: (random: SeededRandom) => Input;
  readonly run: (input: Input) => unknown;
}

const DECODERS: readonly Decoder[] = [
  { name: 'readTicket', make: anyText(TEXTS), run: (input) => readTicket(String(input)) },
  { name: 'decodeTicket', make: anyTicket, run: (input) => decodeTicket(asBytes(input)) },
  { name: 'parseDescription', make: anyText(SDPS), run: (input) => parseDescription(String(input)) },
  { name: 'decodeControlFrame', make: anyFrame, run: (input) => decodeControlFrame(asBytes(input)) },
];

function decode({ run }: Decoder, input: Input): Pick<FuzzResult, 'outcome' | 'fault'> {
  try {
    run(input);
    return { outcome: 'value', fault: undefined };
  } catch (error) {
    if (!(error instanceof TransferError)) return { outcome: 'refused', fault: `threw ${String(error)}` };
    return {
      outcome: 'refused',
      fault: error.origin === 'remote' ? undefined : `blamed '${error.origin}' (${error.code})`,
    };
  }
}

function anyText(samples: readonly string[]): (random: SeededRandom) => string {
  return (random) => {
    if (random.chance(0.05)) return randomText(random);
    let text = random.pick(samples);
    for (let edits = random.between(0, 6); edits > 0; edits--) text = editText(text, samples, random);
    return text.slice(0, MAX_CHARACTERS);
  };
}

function editText(text: string, samples: readonly string[], random: SeededRandom): string {
  const at = random.between(0, text.length);
  const end = Math.min(text.length, at + random.between(0, 40));
  switch (random.between(0, 7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3:
      return text.slice(0, at) + random.pick(ODD_CHARACTERS) + text.slice(at);
    case 4:
      return text.slice(0, at) + random.pick(WORDS) + text.slice(end);
    case 5:
      return text.slice(0, at) + text.slice(at, end).repeat(random.between(2, 200)) + text.slice(end);
    case 6:
      return text.slice(0, at) + random.pick(samples).slice(random.between(0, 60));
    default:
      return text.slice(0, at) + String.fromCharCode(random.between(33, 126)) + text.slice(at + 1);
  }
}

function randomText(random: SeededRandom): string {
  const unit = random.pick([
    () => String.fromCharCode(random.between(0, 0xffff)),
    () => String.fromCharCode(random.between(32, 126)),
    () => String(random.between(0, 9)),
    () => 'EFGHabcXYZ019-_'.charAt(random.between(0, 14)),
  ]);
  // Squared: short ones more often than long ones, which cost the most.
  const length = Math.floor(random.fraction() ** 2 * MAX_CHARACTERS * (random.chance(0.02) ? 1 : 0.02));
  return Array.from({ length }, unit).join('');
}

/** Most of them with a check value that fits, so that the fields behind it are reached. */
function anyTicket(random: SeededRandom): Uint8Array<ArrayBuffer> {
  const bytes = editBytes(random.chance(0.9) ? random.pick(TICKETS) : random.bytes(random.between(0, 5_000)), random);
  if (bytes.length <= CHECK_BYTES || random.chance(0.3)) return bytes;
  const body = bytes.subarray(0, bytes.length - CHECK_BYTES);
  const check = checkValue(body);
  return Uint8Array.of(...body, check >> 8, check & 0xff);
}

/** COMMIT and REVEAL, which travel before anybody is trusted, and every other frame of the control channel. */
function anyFrame(random: SeededRandom): Uint8Array<ArrayBuffer> {
  const type = random.chance(0.5) ? random.pick([0x40, 0x41]) : random.between(0, 255);
  return editBytes(Uint8Array.of(type, ...random.bytes(random.between(0, 80))), random);
}

function editBytes(original: Uint8Array<ArrayBuffer>, random: SeededRandom): Uint8Array<ArrayBuffer> {
  let bytes = original.slice();
  for (let edits = random.between(0, 4); edits > 0; edits--) {
    const at = random.between(0, bytes.length);
    const kind = random.between(0, 4);
    if (kind === 0) bytes = bytes.slice(0, at);
    else if (kind === 1) bytes = Uint8Array.of(...bytes.subarray(0, at), ...random.bytes(7), ...bytes.subarray(at));
    else if (at < bytes.length) bytes[at] = random.between(0, 255);
  }
  return bytes;
}

function asBytes(input: Input): Uint8Array<ArrayBuffer> {
  return typeof input === 'string' ? new TextEncoder().encode(input) : input;
}

function shown(input: Input): string {
  const text = typeof input === 'string' ? JSON.stringify(input) : `hex ${Buffer.from(input).toString('hex')}`;
  return text.length > 2_000 ? `${text.slice(0, 2_000)}… (${input.length})` : text;
}
