import { signal } from '@preact/signals';
import { qrEncoder } from '../../src/adapters/qr/qr-encoder.ts';
import type { CameraView, ChosenItem, KnownPeerView, MyCode } from '../../src/app/model.ts';
import type { PathView } from '../../src/app/path-model.ts';
import type { ReachView, ServerView } from '../../src/app/reach-model.ts';
import { fakeError, fakeTransfer, FOLDER, PHOTOS, type FakeAppState } from './fake-app.ts';

/** Length as on a real day: a reply with two mDNS names, behind the address of a page on some host. */
const BASE_URL = 'https://heliograph.example.org/';
const DIGITS = '739104562817'.repeat(19);

function shownCode(kind: 'open' | 'reply'): MyCode {
  const text = 'AbCdEfGhIjKlMnOpQrStUvWxYz-_0123456789'.repeat(3);
  return {
    state: 'shown',
    kind,
    link: `${BASE_URL}#${text}`,
    text,
    qr: qrEncoder.encode(`${BASE_URL}#`, DIGITS),
    sizeBytes: 95,
    ageMinutes: signal(kind === 'open' ? 0 : 3),
  };
}

function cameraOn(options: Partial<Extract<CameraView, { state: 'on' }>> = {}): CameraView {
  const cameras = [
    { id: 'a', label: 'camera2 1, facing front' },
    { id: 'b', label: 'camera2 0, facing back' },
    { id: 'c', label: '' },
  ];
  return { state: 'on', cameras, cameraId: 'a', isMirrored: false, torch: 'none', isSearching: false, ...options };
}

const chosen: readonly ChosenItem[] = [
  ...PHOTOS.map(({ path, sizeBytes }, id) => ({ id, kind: 'file', name: path, fileCount: 1, sizeBytes }) as const),
  { id: 10, kind: 'folder', name: 'Holiday in the mountains', fileCount: 10_204, sizeBytes: 34_567_890_123 },
  { id: 11, kind: 'folder', name: 'Later', fileCount: 0, sizeBytes: 0 },
];
const album = Array.from({ length: 120 }, (_, index) => ({ path: `holiday/${index}.jpg`, sizeBytes: 2_345_678 }));
function pathView(): PathView {
  return {
    kind: 'nat',
    local: { type: 'srflx', protocol: 'udp', address: '203.0.113.77', port: 40_112 },
    remote: { type: 'prflx', protocol: 'udp', address: '2001:db8:85a3:8d3:1319:8a2e:370:7348', port: 61_002 },
    roundTripMs: 23.4,
    bytesSent: 1_233_456,
    bytesReceived: 812_345_678,
    samples: Array.from({ length: 48 }, (_, second) => ({
      sendBytesPerSec: 300_000 + 200_000 * Math.sin(second),
      receiveBytesPerSec: RATE * (1 - Math.exp(-second / 6)) * (0.9 + 0.1 * Math.sin(second * 1.7)),
    })),
    laneCount: 1,
  };
}

function reachView(): ReachView {
  const stun = { username: '', credential: '', isRelay: false, problem: undefined } as const;
  const turn = { ...stun, username: 'anna', credential: 'secret', isRelay: true } as const;
  const servers: readonly ServerView[] = [
    {
      ...stun,
      id: 1,
      uri: 'stun:stun.cloudflare.com:3478',
      test: { state: 'answered', result: { type: 'sees', address: '203.0.113.77' } },
    },
    { ...stun, id: 2, uri: 'https://example.org', problem: 'other-scheme', test: { state: 'none' } },
    {
      ...turn,
      id: 3,
      uri: 'turns:turn.example.org:5349?transport=tcp',
      test: { state: 'answered', result: { type: 'unauthorized' } },
    },
    {
      ...turn,
      id: 4,
      uri: 'turn:relay.example.org',
      credential: '',
      problem: 'needs-credential',
      test: { state: 'none' },
    },
    { ...stun, id: 5, uri: '', problem: 'empty', test: { state: 'none' } },
    { ...stun, id: 6, uri: 'stun:stun.example.org', test: { state: 'asking' } },
  ];
  return { reach: 'internet', servers, canAdd: true, usedCount: 3 };
}
const KNOWN: readonly KnownPeerView[] = [
  {
    id: '1',
    name: 'Anna’s laptop',
    isRemembered: true,
    linkedEpochMs: 1_795_000_000_000,
    unfinishedCount: 1,
    isVerified: true,
  },
  { id: '2', name: '', isRemembered: false, linkedEpochMs: 1_794_900_000_000, unfinishedCount: 0, isVerified: false },
];

const open = { screen: 'pair', myCode: shownCode('open') } as const;
const connected = { screen: 'transfer', link: 'connected' } as const;
const privateWindow = { isTemporary: true, roomBytes: 10_737_418_240 };
const RATE = 21_400_000;
const TEXT_FILE = { path: 'text.txt', sizeBytes: 300 };
const LONG_TEXT = `https://example.org/a/very/long/address?with=${'x'.repeat(120)}

  Indented, <b>not bold</b>, and \u202egnorw eht yaw dnuor\u202c.
שלום, and a line of another script.`;

/** Every state that a person can come across, by name: what the gallery shows and the tests go through. */
export const SCENES = {
  home: {},
  'home-again': {
    installed: { updateReady: false, canInstall: true },
    transfers: [
      fakeTransfer({ id: '1', state: 'verified', savedFiles: [0] }),
      fakeTransfer({ id: '2', state: 'interrupted', share: 0.37 }),
    ],
  },
  'home-kept': {
    transfers: [
      fakeTransfer({ id: '1', state: 'verified', files: FOLDER, isSaved: true, savedFiles: [0, 1, 2] }),
      fakeTransfer({ id: '2', state: 'verified', kind: 'text', text: 'The door code is 4711.', files: [TEXT_FILE] }),
      fakeTransfer({ id: '3', state: 'elsewhere', share: 0.8 }),
      fakeTransfer({
        id: '4',
        direction: 'sending',
        state: 'interrupted',
        share: 0.62,
        needsFiles: { sources: 'none', missing: [] },
      }),
      fakeTransfer({ id: '5', state: 'paused', share: 0.37, error: 'disk-full', missingBytes: 812_000_000 }),
    ],
    canPickFolder: true,
  },
  'home-known': { knownPeers: KNOWN },
  'home-reconnecting': { link: 'reconnecting', knownPeers: KNOWN, peerId: '1' },
  'transfer-remember': {
    screen: 'transfer',
    link: 'connected',
    trust: { state: 'bySight' },
    knownPeers: KNOWN,
    peerId: '1',
    transfers: [fakeTransfer({ share: 0.4 })],
  },
  'transfer-reconnecting': {
    screen: 'transfer',
    link: 'reconnecting',
    trust: { state: 'bySight' },
    knownPeers: KNOWN,
    peerId: '1',
    transfers: [fakeTransfer({ state: 'interrupted', share: 0.4 })],
  },
  'home-connected': { link: 'connected' },
  'home-update': { installed: { updateReady: true, canInstall: false } },
  'home-offline-ready': { notice: { type: 'info', message: 'offline-ready' } },
  'choose-empty': { screen: 'choose' },
  choose: { screen: 'choose', chosen },
  'choose-connected': { screen: 'choose', chosen, link: 'connected' },
  'choose-reading': { screen: 'choose', chosen, reading: 4_211 },
  'choose-text': { screen: 'choose', draft: 'https://example.org/a/link\nand the door code: 4711' },
  'pair-making': { screen: 'pair', myCode: { state: 'making' } },
  pair: open,
  'pair-private': { ...open, place: privateWindow },
  'pair-copied': { ...open, notice: { type: 'info', message: 'code-copied' } },
  'pair-camera-starting': { ...open, camera: { state: 'starting' } },
  'pair-files': { ...open, chosen },
  'pair-share': { ...open, canShare: true },
  'pair-camera': { ...open, camera: cameraOn() },
  'pair-camera-searching': { ...open, camera: cameraOn({ isSearching: true, torch: 'off' }) },
  'pair-old-code': { ...open, notice: { type: 'oldCode', ageMinutes: 150 } },
  'pair-renewed': { ...open, notice: { type: 'info', message: 'code-renewed' } },
  face: { ...open, isFaceToFace: true, camera: cameraOn({ isMirrored: true }) },
  'face-starting': { ...open, isFaceToFace: true, camera: { state: 'starting' } },
  'face-read': {
    ...open,
    isFaceToFace: true,
    camera: cameraOn({ isMirrored: true }),
    pairing: { state: 'read' },
    myCode: shownCode('reply'),
  },
  'face-black': { ...open, isFaceToFace: true, camera: { state: 'failed', error: fakeError('camera-black') } },
  'pair-camera-refused': { ...open, camera: { state: 'failed', error: fakeError('camera-refused') } },
  'pair-wrong-code': { ...open, notice: { type: 'error', error: fakeError('not-a-ticket') } },
  'pair-read': { ...open, pairing: { state: 'read' }, myCode: shownCode('reply') },
  'pair-connecting': { ...open, pairing: { state: 'connecting' } },
  'pair-slow': { ...open, pairing: { state: 'slow' } },
  'pair-slow-isolated': { ...open, pairing: { state: 'slow' }, verdict: 'isolated' },
  'pair-read-isolated': { ...open, pairing: { state: 'read' }, myCode: shownCode('reply'), verdict: 'isolated' },
  'pair-slow-relay': { ...open, pairing: { state: 'slow' }, verdict: 'needs-relay' },
  'pair-failed-names': {
    ...open,
    pairing: { state: 'failed', error: fakeError('connect-timeout') },
    verdict: 'names-unknown',
  },
  'pair-failed': { ...open, pairing: { state: 'failed', error: fakeError('connect-timeout') } },
  'pair-no-network': {
    screen: 'pair',
    myCode: { state: 'failed', error: fakeError('no-network') },
    pairing: { state: 'failed', error: fakeError('no-network') },
  },
  'transfer-path': { ...connected, path: pathView(), transfers: [fakeTransfer({ share: 0.4, bytesPerSec: RATE })] },
  settings: { screen: 'settings' },
  'settings-internet': {
    screen: 'settings',
    reach: { reach: 'internet', servers: [], canAdd: true, usedCount: 0 },
  },
  'settings-servers': { screen: 'settings', reach: reachView() },
  'transfer-empty': connected,
  'transfer-compare': {
    ...connected,
    trust: { state: 'compare', signs: [13, 58, 0, 33], digits: '03563553' },
    transfers: [fakeTransfer({ state: 'offered' })],
  },
  'transfer-by-sight': { ...connected, trust: { state: 'bySight' }, transfers: [fakeTransfer({ state: 'offered' })] },
  'transfer-matched': { ...connected, trust: { state: 'matched' }, transfers: [fakeTransfer({ state: 'verified' })] },
  'transfer-offered': { ...connected, transfers: [fakeTransfer({ state: 'offered' })] },
  'transfer-offered-private': {
    ...connected,
    place: privateWindow,
    transfers: [fakeTransfer({ state: 'offered' })],
  },
  'transfer-asked': { ...connected, transfers: [fakeTransfer({ direction: 'sending', state: 'offered' })] },
  'transfer-receiving': { ...connected, transfers: [fakeTransfer({ share: 0.42, bytesPerSec: RATE })] },
  'transfer-sending': {
    ...connected,
    transfers: [fakeTransfer({ direction: 'sending', share: 0.05, bytesPerSec: RATE / 100 })],
  },
  'transfer-many-files': {
    ...connected,
    transfers: [
      fakeTransfer({
        files: album,
        fileCount: 12_000,
        share: 0.6,
      }),
    ],
  },
  'transfer-verified': { ...connected, transfers: [fakeTransfer({ state: 'verified', savedFiles: [2] })] },
  'transfer-folder': {
    ...connected,
    canPickFolder: true,
    transfers: [fakeTransfer({ state: 'verified', files: FOLDER })],
  },
  'transfer-saved-in-folder': {
    ...connected,
    canPickFolder: true,
    transfers: [
      fakeTransfer({ id: '1', state: 'verified', files: FOLDER, folderName: 'Pictures', identicalCount: 2 }),
      fakeTransfer({ id: '2', state: 'paused', error: 'folder-refused', folderName: 'Pictures', share: 0.4 }),
      fakeTransfer({ id: '3', state: 'offered', files: FOLDER }),
    ],
  },
  'transfer-one-file': {
    ...connected,
    transfers: [fakeTransfer({ state: 'verified', files: FOLDER.slice(0, 1), isSaved: true })],
  },
  'transfer-saving': {
    ...connected,
    transfers: [fakeTransfer({ state: 'verified', files: FOLDER, saving: 'zip' })],
  },
  'transfer-text-received': {
    ...connected,
    transfers: [
      fakeTransfer({ id: '1', state: 'verified', kind: 'text', text: LONG_TEXT, files: [TEXT_FILE] }),
      fakeTransfer({ id: '2', state: 'offered', kind: 'text', files: [TEXT_FILE] }),
    ],
  },
  'transfer-too-large': {
    ...connected,
    storage: { usedBytes: 400_000_000, freeBytes: 488_000_000, asksAboveBytes: 67_108_864 },
    transfers: [fakeTransfer({ state: 'offered', missingBytes: 812_000_000 })],
  },
  'transfer-disk-full': {
    ...connected,
    transfers: [
      fakeTransfer({ id: '1', direction: 'sending', state: 'paused', share: 0.1, error: 'disk-full' }),
      fakeTransfer({ id: '2', state: 'paused', share: 0.37, error: 'disk-full' }),
      fakeTransfer({ id: '3', state: 'paused', share: 0.37, error: 'disk-full', missingBytes: 812_000_000 }),
    ],
  },
  'transfer-sent': { ...connected, transfers: [fakeTransfer({ direction: 'sending', state: 'verified' })] },
  'transfer-lost': {
    screen: 'transfer',
    link: 'lost',
    transfers: [fakeTransfer({ state: 'interrupted', share: 0.42 })],
  },
  'transfer-ended': {
    ...connected,
    transfers: [
      fakeTransfer({ id: '1', direction: 'sending', state: 'declined' }),
      fakeTransfer({ id: '2', state: 'cancelled' }),
      fakeTransfer({ id: '3', state: 'failed', error: 'disk-full' }),
    ],
  },
  'transfer-paused': {
    ...connected,
    transfers: [
      fakeTransfer({ id: '1', state: 'paused', share: 0.3, pausedBy: 'here' }),
      fakeTransfer({ id: '2', direction: 'sending', state: 'paused', share: 0.6, pausedBy: 'there' }),
      fakeTransfer({ id: '3', state: 'paused', share: 0.9, error: 'disk-full' }),
      fakeTransfer({ id: '4', state: 'elsewhere', share: 0.9 }),
    ],
  },
  'home-needs-files': {
    transfers: [
      fakeTransfer({
        direction: 'sending',
        state: 'interrupted',
        share: 0.4,
        needsFiles: { sources: 'none', missing: [] },
      }),
    ],
  },
  'home-can-continue': {
    transfers: [
      fakeTransfer({
        direction: 'sending',
        state: 'interrupted',
        share: 0.4,
        files: album,
        fileCount: 12_000,
        needsFiles: { sources: 'ask', missing: [] },
      }),
    ],
  },
  'home-continue-refused': {
    transfers: [
      fakeTransfer({
        direction: 'sending',
        state: 'interrupted',
        share: 0.4,
        needsFiles: { sources: 'refused', missing: [] },
      }),
    ],
  },
  'transfer-files-missing': {
    ...connected,
    transfers: [
      fakeTransfer({
        direction: 'sending',
        state: 'interrupted',
        share: 0.4,
        needsFiles: { sources: 'none', missing: ['Mountain lake.jpg'] },
        sentAnew: ['notes/2026/συνάντηση.txt'],
      }),
    ],
  },
  'transfer-outcomes': {
    ...connected,
    transfers: [
      fakeTransfer({
        direction: 'sending',
        state: 'verified',
        identicalCount: 1_200,
        withdrawn: ['Mountain lake.jpg'],
      }),
    ],
  },
  'transfer-text-sent': {
    ...connected,
    draft: 'The door code is 4711',
    transfers: [
      fakeTransfer({
        direction: 'sending',
        kind: 'text',
        state: 'offered',
        files: [{ path: 'text.txt', sizeBytes: 21 }],
      }),
    ],
  },
  'handed-over': { screen: 'handed-over' },
} as const satisfies Record<string, FakeAppState>;

export type SceneName = keyof typeof SCENES;

export function isSceneName(name: string): name is SceneName {
  return Object.hasOwn(SCENES, name);
}
