import { inspect } from 'node:util';
import { readdirSync, readFileSync } from 'node:fs';
import type { ErrorOrigin } from '../../src/core/errors.ts';
import { TransferError } from '../../src/core/errors.ts';
import { parseDescription } from '../../src/core/sdp/description.ts';
import { CHECK_BYTES, checkValue } from '../../src/core/ticket/check.ts';
import { readTicket, ticketDigits, ticketLink, ticketText } from '../../src/core/ticket/text.ts';
import { decodeTicket, encodeTicket } from '../../src/core/ticket/ticket.ts';
import { decodeControlFrame } from '../../src/core/wire/control-frame.ts';
import { anyControlFrame, anyDataFrame, chunkRecords, JOURNAL_DECODERS } from './fuzz-transfer.ts';
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

type DecoderName =
  | 'readTicket'
  | 'decodeTicket'
  | 'parseDescription'
  | 'decodeControlFrame'
  | 'readChunkRecords'
  | (typeof JOURNAL_DECODERS)[number]['name'];
/** Text, bytes, or a record of the journal. */
type Input = unknown;

/** What a frame is decoded into takes at most so many times its bytes, */
const MAX_MEMORY_FACTOR = 3;
/** and so many bytes more. */
const MAX_MEMORY_BYTES = 16 * 1024;

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

/** Makes one input from `random`, gives it to one decoder of what a peer or a disk gives us, and looks at what comes back. */
export function fuzzOnce(random: SeededRandom): FuzzResult {
  const decoder = random.pick(DECODERS);
  const input = decoder.make(random);
  const memoryBefore = decoder.isFrame === true ? process.memoryUsage().arrayBuffers : 0;
  const first = timed(() => decode(decoder, input));
  const memoryBytes = decoder.isFrame === true ? process.memoryUsage().arrayBuffers - memoryBefore : 0;
  const { outcome, fault } = first.result;
  let { ms } = first;
  for (let tries = 0; ms > MAX_DECODE_MS && tries < TRIES_WHEN_SLOW; tries++) {
    ms = Math.min(ms, timed(() => decode(decoder, input)).ms);
  }
  const tooSlow = ms > MAX_DECODE_MS ? `took ${ms.toFixed(1)} ms` : undefined;
  const maxBytes = MAX_MEMORY_FACTOR * asBytes(input).length + MAX_MEMORY_BYTES;
  const tooLarge = memoryBytes > maxBytes ? `took ${memoryBytes} bytes of memory` : undefined;
  const complaint = fault ?? tooSlow ?? tooLarge;
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
  /** Who is to blame for what is refused; the peer, unless it says otherwise. */
  readonly blames?: ErrorOrigin;
  /** Bytes of the wire, whose memory is watched. */
  readonly isFrame?: true;
}

const DECODERS: readonly Decoder[] = [
  { name: 'readTicket', make: anyText(TEXTS), run: (input) => readTicket(String(input)) },
  { name: 'decodeTicket', make: anyTicket, run: (input) => decodeTicket(asBytes(input)) },
  { name: 'parseDescription', make: anyText(SDPS), run: (input) => parseDescription(String(input)) },
  {
    name: 'decodeControlFrame',
    make: (random) => (random.chance(0.2) ? anyVerificationFrame(random) : anyControlFrame(random)),
    run: (input) => decodeControlFrame(asBytes(input)),
    isFrame: true,
  },
  { name: 'readChunkRecords', make: anyDataFrame, run: (input) => chunkRecords(asBytes(input)), isFrame: true },
  ...JOURNAL_DECODERS.map(({ name, make, run }) => ({ name, make, run, blames: 'host' as const })),
];

function decode({ run, blames = 'remote' }: Decoder, input: Input): Pick<FuzzResult, 'outcome' | 'fault'> {
  try {
    run(input);
    return { outcome: 'value', fault: undefined };
  } catch (error) {
    if (!(error instanceof TransferError)) return { outcome: 'refused', fault: `threw ${String(error)}` };
    return {
      outcome: 'refused',
      fault: error.origin === blames ? undefined : `blamed '${error.origin}' (${error.code})`,
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

/** COMMIT to BYE, which travel before anybody is trusted. */
function anyVerificationFrame(random: SeededRandom): Uint8Array<ArrayBuffer> {
  const type = random.between(0x40, 0x47);
  return editBytes(Uint8Array.of(type, ...random.bytes(random.between(0, 180))), random);
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

/** A view where there are bytes: copies are not the decoder's. */
function asBytes(input: Input): Uint8Array<ArrayBuffer> {
  if (input instanceof Uint8Array && input.buffer instanceof ArrayBuffer) {
    return new Uint8Array(input.buffer, input.byteOffset, input.length);
  }
  return new TextEncoder().encode(typeof input === 'string' ? input : '');
}

function shown(input: Input): string {
  const text =
    input instanceof Uint8Array ? `hex ${Buffer.from(input).toString('hex')}` : inspect(input, { maxArrayLength: 200 });
  return text.length > 2_000 ? `${text.slice(0, 2_000)}… (${text.length})` : text;
}
