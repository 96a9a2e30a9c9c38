import type { Bytes } from '../bytes.ts';
import { ByteReader, malformed } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { accept } from './frames/accept.ts';
import { bye } from './frames/bye.ts';
import { cancel } from './frames/cancel.ts';
import { claim } from './frames/claim.ts';
import { commit } from './frames/commit.ts';
import { confirm } from './frames/confirm.ts';
import { credit } from './frames/credit.ts';
import { decline } from './frames/decline.ts';
import { error } from './frames/error.ts';
import { halt } from './frames/halt.ts';
import { have } from './frames/have.ts';
import { hello } from './frames/hello.ts';
import { key } from './frames/key.ts';
import { known } from './frames/known.ts';
import { laneAck } from './frames/lane-ack.ts';
import { laneEnd } from './frames/lane-end.ts';
import { lane } from './frames/lane.ts';
import { manifestAck } from './frames/manifest-ack.ts';
import { manifest } from './frames/manifest.ts';
import { offer } from './frames/offer.ts';
import { pause } from './frames/pause.ts';
import { ping, pong } from './frames/ping.ts';
import { progress } from './frames/progress.ts';
import { restart } from './frames/restart.ts';
import { resume } from './frames/resume.ts';
import { retry } from './frames/retry.ts';
import { reveal } from './frames/reveal.ts';
import { root } from './frames/root.ts';
import { standby } from './frames/standby.ts';
import { verified } from './frames/verified.ts';
import { withdraw } from './frames/withdraw.ts';
import type { FrameCodec } from './layout.ts';
import { MAX_CONTROL_FRAME_BYTES } from './limits.ts';

/** Every frame of the control channel. The data channel has only CHUNK (`frames/chunk.ts`). */
const codecs = {
  hello,
  error,
  ping,
  pong,
  credit,
  resume,
  offer,
  manifest,
  manifestAck,
  have,
  accept,
  decline,
  cancel,
  halt,
  retry,
  progress,
  root,
  verified,
  pause,
  withdraw,
  claim,
  confirm,
  commit,
  reveal,
  key,
  standby,
  restart,
  known,
  bye,
  lane,
  laneAck,
  laneEnd,
} as const;

type Codecs = typeof codecs;

export type FrameName = keyof Codecs;

/** The frame of each name. */
export type Frames = { readonly [N in FrameName]: ReturnType<Codecs[N]['read']> };

export type ControlFrame = Frames[FrameName];

/** Frames that say who is at the other end. PAIRING.md §5. */
export type VerificationFrame = Frames['commit' | 'reveal'];

/** Frames that keep the link alive, or bring it back. Only where both peers can heal. */
export type HealingFrame = Frames['key' | 'standby' | 'restart' | 'known' | 'bye'];

/** Frames for the page that holds the connections, not for the transfers. */
export type PageFrame = VerificationFrame | HealingFrame | Frames['lane'];

const HEALING: ReadonlySet<string> = new Set<HealingFrame['name']>(['key', 'standby', 'restart', 'known', 'bye']);

export function isHealing(frame: ControlFrame): frame is HealingFrame {
  return HEALING.has(frame.name);
}

const codecByType = new Map<number, Codecs[FrameName]>(Object.values(codecs).map((codec) => [codec.type, codec]));

/** From here on, a type that is not known is a frame of a newer version that may be ignored. */
const FIRST_IGNORABLE_TYPE = 0x80;

export function encodeControlFrame(frame: ControlFrame): Bytes {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the name picks the codec of its own frame
  const codec = codecs[frame.name] as FrameCodec<ControlFrame>;
  const writer = new ByteWriter();
  writer.u8(codec.type);
  codec.write(writer, frame);
  return writer.view();
}

/**
 * Reads one message of the control channel. The frame holds no view of `bytes`.
 * @returns undefined for a frame of a newer version that may be ignored
 * @throws TransferError 'malformed-frame', 'limit-exceeded' or 'protocol-violation', origin 'remote'
 */
export function decodeControlFrame(bytes: Bytes): ControlFrame | undefined {
  if (bytes.length > MAX_CONTROL_FRAME_BYTES) throw malformed(`control frame of ${bytes.length} bytes`);
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const codec = codecByType.get(type);
  if (codec === undefined) {
    if (type >= FIRST_IGNORABLE_TYPE) return undefined;
    throw malformed(`unknown type ${type} on the control channel`);
  }
  const frame = codec.read(reader);
  reader.end();
  return frame;
}
