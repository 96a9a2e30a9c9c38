import { createCodeReader } from '../../src/adapters/camera/code-reader.ts';
import { qrEncoder } from '../../src/adapters/qr/qr-encoder.ts';
import type { CameraListener, CameraWish, CodeReader, Picture } from '../../src/ports/scanner.ts';
import { paintBlank, paintQr, type PaintOptions } from '../support/painted-qr.ts';
import { assert, assertEqual, assertRejects, type Contract } from './contract.ts';

/*
 * Needs a browser's window. The camera is a canvas: `getUserMedia` is replaced by its `captureStream()`, so that
 * Firefox, which cannot play a file as its camera, shows codes too.
 */

const PREFIX = 'https://heliograph.example/app#';
const DIGITS = (2n ** 560n + 987_654_321n).toString();
const TEXT = PREFIX + DIGITS;
const FRAME = { widthPx: 640, heightPx: 480, modulePx: 5 } as const;
/** Far longer than any step takes: what is waited for comes, or the fact does not hold. */
const PATIENCE_MS = 20_000;

const ANY: CameraWish = { id: undefined, facing: 'environment' };

function listen(onText: (text: string) => void = () => {}): CameraListener {
  return { onText, onFailed: reportError };
}

function code(options: Partial<PaintOptions> = {}, digits = DIGITS): Picture {
  return paintQr(qrEncoder.encode(PREFIX, digits), { ...FRAME, ...options });
}

export const codeReaderContract: Contract<CodeReader> = [
  {
    name: 'reads a code in front of the camera, shows the camera, and turns it off when stopped',
    async run(open) {
      const reader = await open();
      await withCamera(code(), async ({ video, tracks }) => {
        const texts = new Inbox();
        const { stop } = await reader.startCamera(video, ANY, listen(texts.add));
        assertEqual(await texts.next(), TEXT, 'text');
        assertEqual([video.muted, video.playsInline, video.paused], [true, true, false], 'muted, playsInline, paused');
        stop();
        stop();
        assertEqual(video.srcObject, null, 'srcObject');
        assertEqual(
          tracks().map((track) => track.readyState),
          ['ended'],
          'tracks',
        );
      });
    },
  },
  {
    name: 'tells of a new code at once, and of the same one not twice within a second',
    async run(open) {
      const reader = await open();
      await withCamera(code(), async ({ video, show }) => {
        const texts = new Inbox();
        const atMs: number[] = [];
        const { stop } = await reader.startCamera(
          video,
          ANY,
          listen((text) => {
            if (text === TEXT) atMs.push(performance.now());
            texts.add(text);
          }),
        );
        for (let seen = 0; seen < 2; seen++) assertEqual(await texts.next(), TEXT, `text ${seen}`);
        const [first = 0, second = 0] = atMs;
        assert(second - first >= 999, `told again after ${second - first} ms`);
        show(code({}, `1${DIGITS}`));
        let text = await texts.next();
        if (text === TEXT) text = await texts.next();
        assertEqual(text, `${PREFIX}1${DIGITS}`, 'the other text');
        stop();
      });
    },
  },
  {
    name: 'takes the camera again after its track has ended',
    async run(open) {
      const reader = await open();
      await withCamera(paintBlank(640, 480), async ({ video, show, tracks }) => {
        const texts = new Inbox();
        const { stop } = await reader.startCamera(video, ANY, listen(texts.add));
        // Unplugged: Chromium tells the track, and Firefox, which hears no events that are made up, the video.
        tracks()[0]?.stop();
        tracks()[0]?.dispatchEvent(new Event('ended'));
        try {
          show(code());
          assertEqual(await texts.next(), TEXT, 'text');
          assertEqual(tracks().length, 2, 'cameras asked for');
        } finally {
          stop();
        }
      });
    },
  },
  {
    name: 'turns the camera off while the page is hidden, and on again',
    async run(open) {
      const reader = await open();
      await withCamera(paintBlank(640, 480), async ({ video, show, tracks }) => {
        const texts = new Inbox();
        const { stop } = await reader.startCamera(video, ANY, listen(texts.add));
        try {
          setHidden(true);
          assertEqual([tracks()[0]?.readyState, video.srcObject], ['ended', null], 'while hidden');
          setHidden(false);
          show(code());
          assertEqual(await texts.next(), TEXT, 'text');
        } finally {
          Reflect.deleteProperty(document, 'hidden');
          stop();
        }
        setHidden(true);
        setHidden(false);
        Reflect.deleteProperty(document, 'hidden');
        assertEqual(tracks().length, 2, 'cameras asked for');
      });
    },
  },
  {
    name: 'leaves the camera off when the page was hidden again before the camera came back',
    async run(open) {
      const reader = await open();
      await withCamera(code(), async ({ video, tracks }) => {
        const texts = new Inbox();
        const { stop } = await reader.startCamera(video, ANY, listen(texts.add));
        try {
          setHidden(true);
          setHidden(false);
          setHidden(true);
          // The camera that was asked for in between is given out, and back, in microtasks.
          await new Promise((resolve) => setTimeout(resolve));
          assertEqual(
            tracks().map((track) => track.readyState),
            ['ended', 'ended'],
            'tracks while hidden',
          );
          assertEqual(video.srcObject, null, 'srcObject while hidden');
          setHidden(false);
          assertEqual(await texts.next(), TEXT, 'text');
        } finally {
          Reflect.deleteProperty(document, 'hidden');
          stop();
        }
      });
    },
  },
  {
    name: 'says that the camera is gone and does not come back',
    async run(open) {
      const reader = await open();
      await withCamera(code(), async ({ video, tracks }) => {
        const failures = new Inbox();
        const { stop } = await reader.startCamera(video, ANY, {
          onText: () => {},
          onFailed: ({ code: errorCode }) => failures.add(errorCode),
        });
        await withDevices({ getUserMedia: noCamera }, async () => {
          setHidden(true);
          setHidden(false);
          Reflect.deleteProperty(document, 'hidden');
          assertEqual(await failures.next(), 'camera-missing', 'error');
        });
        assertEqual([tracks()[0]?.readyState, video.srcObject], ['ended', null], 'camera');
        stop();
      });
    },
  },
  {
    name: 'goes on with another worker when one fails, and ends when all do',
    async run() {
      await withCamera(code(), async ({ video, tracks }) => {
        let made = 0;
        const reader = createCodeReader(() => {
          made += 1;
          return failingWorker();
        });
        const failures = new Inbox();
        const { stop } = await reader.startCamera(video, ANY, {
          onText: () => {},
          onFailed: ({ code: errorCode }) => failures.add(errorCode),
        });
        assertEqual(await failures.next(), 'scanner-failed', 'error');
        assert(made > 1, 'more than one worker was tried');
        assertEqual([tracks()[0]?.readyState, video.srcObject], ['ended', null], 'camera');
        stop();
      });
    },
  },
  {
    name: 'asks for the camera that is wished for, and tells which ones there are',
    async run(open) {
      const reader = await open();
      await withCamera(code(), async ({ video }) => {
        const asked: unknown[] = [];
        const { mediaDevices } = navigator;
        const devices = [
          { kind: 'videoinput', deviceId: 'a', label: 'Front' },
          { kind: 'audioinput', deviceId: 'b', label: 'Microphone' },
          { kind: 'videoinput', deviceId: 'c', label: '' },
        ] as MediaDeviceInfo[];
        await withDevices(
          {
            enumerateDevices: async () => devices,
            getUserMedia: async (constraints) => {
              asked.push(typeof constraints?.video === 'object' ? constraints.video : undefined);
              return mediaDevices.getUserMedia();
            },
          },
          async () => {
            const facing = await reader.startCamera(video, { id: undefined, facing: 'user' }, listen());
            assertEqual(
              facing.cameras,
              [
                { id: 'a', label: 'Front' },
                { id: 'c', label: '' },
              ],
              'cameras',
            );
            // A canvas has no light.
            assertEqual([facing.hasTorch, await facing.setTorch(true)], [false, false], 'torch');
            facing.stop();
            const chosen = await reader.startCamera(video, { id: 'c', facing: 'user' }, listen());
            chosen.stop();
          },
        );
        const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
        assertEqual(
          asked,
          [
            { facingMode: { ideal: 'user' }, ...size },
            { deviceId: { ideal: 'c' }, ...size },
          ],
          'constraints',
        );
      });
    },
  },
  {
    name: 'opens a camera that stays black once more, and then says so',
    async run(open) {
      const reader = await open();
      await withCamera(code(), async ({ video, tracks }) => {
        const failures = new Inbox();
        const { mediaDevices } = navigator;
        const muted = async (): Promise<MediaStream> => {
          const stream = await mediaDevices.getUserMedia();
          for (const track of stream.getTracks()) Object.defineProperty(track, 'muted', { value: true });
          return stream;
        };
        await withDevices({ getUserMedia: muted }, async () => {
          await reader.startCamera(video, ANY, {
            onText: () => {},
            onFailed: ({ code: errorCode }) => failures.add(errorCode),
          });
          assertEqual(await failures.next(), 'camera-black', 'error');
        });
        assertEqual(
          tracks().map(({ readyState }) => readyState),
          ['ended', 'ended'],
          'cameras',
        );
      });
    },
  },
  {
    name: 'says why there is no camera',
    async run(open) {
      const reader = await open();
      const wanted = [
        ['NotAllowedError', 'camera-refused'],
        ['SecurityError', 'camera-refused'],
        ['NotFoundError', 'camera-missing'],
        ['OverconstrainedError', 'camera-missing'],
        ['NotReadableError', 'camera-busy'],
        ['AbortError', 'camera-busy'],
      ] as const;
      for (const [name, errorCode] of wanted) {
        const failing = async (): Promise<MediaStream> => Promise.reject(new DOMException('no', name));
        await withDevices({ getUserMedia: failing }, () =>
          assertRejects(() => reader.startCamera(document.createElement('video'), ANY, listen()), errorCode, name),
        );
      }
      await withDevices(undefined, () =>
        assertRejects(
          () => reader.startCamera(document.createElement('video'), ANY, listen()),
          'camera-missing',
          'none',
        ),
      );
    },
  },
  {
    name: 'says that the worker does not start, and leaves no camera on',
    async run() {
      const reader = createCodeReader(() => new Worker(new URL('no-such-worker.js', location.href)));
      await withCamera(code(), async ({ video, tracks }) => {
        await assertRejects(() => reader.startCamera(video, ANY, listen()), 'scanner-failed', 'startCamera');
        assertEqual(
          tracks().every((track) => track.readyState === 'ended'),
          true,
          'tracks ended',
        );
        assertEqual(video.srcObject, null, 'srcObject');
        const blob = await pngOf(code());
        await assertRejects(() => reader.readPicture(blob), 'scanner-failed', 'readPicture');
      });
    },
  },
  {
    name: 'reads a photo of any size',
    async run(open) {
      const reader = await open();
      const photos: readonly [string, Picture][] = [
        ['screenshot', code()],
        ['blurred photo', code({ rotationDeg: 15, blurPx: 1.5, noiseSigma: 8 })],
        ['small code in a large photo', code({ widthPx: 2400, heightPx: 1600, modulePx: 4, centreXPx: 500 })],
        ['code that fills a large photo', code({ widthPx: 2400, heightPx: 2000, modulePx: 38 })],
        ['one pixel a module', code({ widthPx: 60, heightPx: 60, modulePx: 1, centreXPx: 30.5, centreYPx: 30.5 })],
      ];
      for (const [name, photo] of photos) assertEqual(await reader.readPicture(await pngOf(photo)), TEXT, name);
    },
  },
  {
    name: 'reads a picture of dark modules on nothing',
    async run(open) {
      const { widthPx, heightPx, rgba } = code();
      // The ground around the code is grey, and goes as well.
      for (let i = 0; i < rgba.length; i += 4) rgba.set([0, 0, 0, (rgba[i] ?? 0) >= 128 ? 0 : 255], i);
      assertEqual(await (await open()).readPicture(await pngOf({ widthPx, heightPx, rgba })), TEXT, 'text');
    },
  },
  {
    name: 'gives undefined for a picture without a code, and file-unreadable for what is none',
    async run(open) {
      const reader = await open();
      assertEqual(await reader.readPicture(await pngOf(paintBlank(400, 300, 20))), undefined, 'blank');
      for (const blob of [
        new Blob([]),
        new Blob(['text'], { type: 'text/plain' }),
        new Blob(['x'], { type: 'image/png' }),
      ]) {
        await assertRejects(() => reader.readPicture(blob), 'file-unreadable', `${blob.size} bytes of ${blob.type}`);
      }
    },
  },
];

interface FakeCamera {
  readonly video: HTMLVideoElement;
  readonly show: (picture: Picture) => void;
  /** Of every camera that was given out, oldest first. */
  readonly tracks: () => readonly MediaStreamTrack[];
}

async function withCamera(first: Picture, use: (camera: FakeCamera) => Promise<void>): Promise<void> {
  const canvas = document.createElement('canvas');
  let shown = first;
  const draw = (): void => drawInto(canvas, shown);
  draw();
  // A captured canvas delivers a frame when it is drawn on.
  const timer = setInterval(draw, 50);
  const video = document.createElement('video');
  document.body.append(video);
  const tracks: MediaStreamTrack[] = [];
  const getUserMedia = async (): Promise<MediaStream> => {
    const stream = canvas.captureStream();
    tracks.push(...stream.getTracks());
    return stream;
  };
  const camera: FakeCamera = {
    video,
    show: (picture) => {
      shown = picture;
    },
    tracks: () => tracks,
  };
  try {
    await withDevices({ getUserMedia }, () => use(camera));
  } finally {
    clearInterval(timer);
    video.remove();
  }
}

async function withDevices(devices: Partial<MediaDevices> | undefined, use: () => Promise<void>): Promise<void> {
  Object.defineProperty(navigator, 'mediaDevices', {
    value: devices && { enumerateDevices: async () => [], ...devices },
    configurable: true,
  });
  try {
    await use();
  } finally {
    // The one of the prototype shows again.
    Reflect.deleteProperty(navigator, 'mediaDevices');
  }
}

async function noCamera(): Promise<MediaStream> {
  throw new DOMException('gone', 'NotFoundError');
}

/** Starts as the real one does, and fails at whatever it is asked. */
function failingWorker(): Worker {
  const script = `postMessage({ type: 'ready' }); onmessage = () => postMessage({ type: 'failed', message: 'broken' });`;
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
}

function setHidden(isHidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

function drawInto(canvas: HTMLCanvasElement, { widthPx, heightPx, rgba }: Picture): void {
  if (canvas.width !== widthPx) canvas.width = widthPx;
  if (canvas.height !== heightPx) canvas.height = heightPx;
  const context = canvas.getContext('2d');
  assert(context !== null, 'a 2d context');
  context.putImageData(new ImageData(rgba, widthPx, heightPx), 0, 0);
}

async function pngOf(picture: Picture): Promise<Blob> {
  const canvas = document.createElement('canvas');
  drawInto(canvas, picture);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  assert(blob !== null, 'a PNG');
  return blob;
}

/** What the reader has called back with, in order. */
class Inbox {
  readonly #texts: string[] = [];
  #wake = (): void => undefined;

  readonly add = (text: string): void => {
    this.#texts.push(text);
    this.#wake();
  };

  async next(): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no text within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    });
    const text = this.#take();
    try {
      return await Promise.race([text, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #take(): Promise<string> {
    for (;;) {
      const text = this.#texts.shift();
      if (text !== undefined) return text;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
