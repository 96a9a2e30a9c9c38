import type {
  InfoMessage,
  LinkView,
  PairingView,
  PausedBy,
  SavingView,
  TransferState,
  TransferView,
} from '../../app/model.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { PathMessages } from './path-messages.ts';
import type { ReachMessages } from './reach-messages.ts';

/** Every word that the UI says. A locale without one of them does not compile. */
export interface Messages {
  readonly appName: string;
  readonly claim: string;
  readonly claimMore: string;
  readonly send: string;
  readonly receive: string;
  readonly sendHint: string;
  readonly receiveHint: string;
  readonly back: string;
  readonly dropHere: string;
  readonly howItWorks: string;
  readonly howSteps: readonly string[];
  readonly connectedBanner: string;
  readonly showTransfers: string;

  readonly chooseTitle: string;
  readonly chooseFiles: string;
  readonly chooseFolder: string;
  readonly addMore: string;
  readonly addFolder: string;
  readonly emptyFolder: string;
  readonly readingFolder: (fileCount: number) => string;
  readonly stopReading: string;
  readonly removeAll: string;
  readonly text: string;
  readonly textLabel: string;
  readonly textPlaceholder: string;
  readonly sendText: string;
  readonly chooseEmpty: string;
  readonly remove: (name: string) => string;
  readonly fileCount: (count: number, size: string) => string;
  readonly toBeSent: (count: number, size: string) => string;
  readonly textsToBeSent: (count: number) => string;
  readonly showMyCode: string;
  readonly sendNow: string;

  readonly pairTitle: string;
  readonly pairSteps: Readonly<Record<PairingView['state'], string>>;
  readonly myCode: string;
  readonly myReply: string;
  readonly myCodeHint: string;
  readonly myReplyHint: string;
  readonly makingCode: string;
  readonly copyLink: string;
  readonly copyText: string;
  readonly codeAsText: string;
  readonly shareLink: string;
  readonly codeAge: (minutes: number) => string;
  readonly qrLabel: (version: number, bytes: number) => string;
  readonly enlarge: string;
  readonly closeFullScreen: string;
  readonly theirCode: string;
  readonly scan: string;
  readonly scanHint: string;
  readonly stopCamera: string;
  readonly startingCamera: string;
  readonly cameraOn: string;
  readonly cameraSearching: string;
  readonly whichCamera: string;
  readonly cameraNumber: (number: number) => string;
  readonly turnCamera: string;
  readonly torchOn: string;
  readonly torchOff: string;
  readonly faceToFace: string;
  readonly faceToFaceHint: string;
  readonly faceSteps: Readonly<Record<'waiting' | 'read', string>>;
  readonly oneAtATime: string;
  readonly cameraView: string;
  readonly pasteLabel: string;
  readonly pastePlaceholder: string;
  readonly readPasted: string;
  readonly readPicture: string;
  readonly newCodes: string;
  readonly slowTips: readonly string[];

  readonly transferTitle: string;
  readonly linkStates: Readonly<Record<LinkView, string>>;
  readonly connectedTo: (name: string) => string;
  readonly lostHint: string;
  readonly reconnectingHint: string;
  readonly stopReconnecting: string;
  readonly knownDevices: string;
  readonly knownDevicesHint: string;
  readonly unnamedDevice: string;
  /** @param when day and time, as the locale writes them */
  readonly lastConnected: (when: string) => string;
  readonly unfinishedTransfers: (count: number) => string;
  readonly showConnection: string;
  readonly connect: string;
  readonly connectTo: (name: string) => string;
  readonly showCall: string;
  readonly showCallFor: (name: string) => string;
  readonly callHint: (name: string) => string;
  readonly stopCall: string;
  readonly rename: string;
  readonly renameDevice: (name: string) => string;
  readonly forget: string;
  readonly forgetQuestion: (name: string) => string;
  readonly rememberDevice: string;
  readonly rememberHint: string;
  readonly deviceName: string;
  readonly deviceNamePlaceholder: string;
  readonly saveName: string;
  /** How sure it is who is at the other end. */
  readonly trustStates: Readonly<Record<'bySight' | 'matched', string>>;
  readonly compareTitle: string;
  readonly compareHint: string;
  readonly theyMatch: string;
  readonly theyDiffer: string;
  /** Of the 64 `SIGNS`, in their order; no two alike. */
  readonly signNames: readonly string[];
  readonly pairAgain: string;
  readonly disconnect: string;
  readonly sendMore: string;
  readonly sendFolder: string;
  readonly noTransfers: string;
  /** By how far it is, and by direction. */
  readonly titles: Readonly<
    Record<
      'offered' | 'going' | 'done',
      Readonly<Record<TransferView['direction'], (count: number, size: string) => string>>
    >
  >;
  readonly textTitles: Readonly<
    Record<'offered' | 'going' | 'done', Readonly<Record<TransferView['direction'], string>>>
  >;
  readonly accept: string;
  readonly acceptToFolder: string;
  readonly decline: string;
  readonly pause: string;
  readonly resume: string;
  readonly pausedBy: Readonly<Record<PausedBy, string>>;
  readonly interruptedByReload: string;
  readonly needsFiles: (count: number) => string;
  readonly stillMissing: (count: number) => string;
  readonly openingFiles: string;
  readonly filesRefused: string;
  readonly continueSending: string;
  readonly chooseSameFiles: string;
  readonly chooseSameFolder: string;
  readonly identical: (count: number) => string;
  /** Followed by names, like the next. */
  readonly sentAnew: (count: number) => string;
  readonly withdrawn: Readonly<Record<'sending' | 'receiving', (count: number) => string>>;
  readonly cancel: string;
  readonly discard: string;
  readonly save: string;
  readonly saveNamed: (name: string) => string;
  readonly saveZip: string;
  readonly saveToFolder: string;
  readonly saved: string;
  /** It went straight into that folder. */
  readonly savedIn: (folder: string) => string;
  readonly savedNote: string;
  readonly savingWays: Readonly<Record<SavingView['way'], string>>;
  readonly stopSaving: string;
  readonly andMore: (count: number) => string;
  readonly timeLeft: (time: string) => string;
  readonly receipt: string;
  readonly receiptHint: string;
  readonly copyReceipt: string;
  /** The name of a received text, for who cannot see where it is. */
  readonly receivedText: string;
  readonly copyReceivedText: string;

  readonly onThisDevice: string;
  readonly spaceUsed: (size: string) => string;
  readonly clearAll: string;
  readonly clearAllQuestion: string;
  readonly tryAgain: string;
  readonly discardPartial: string;
  readonly discardPartialQuestion: Readonly<Record<TransferView['direction'], string>>;
  readonly discardQuestion: string;
  readonly keep: string;
  readonly confirmDelete: string;
  /** An offer that does not fit, by so much. */
  readonly offerTooLarge: (missing: string) => string;
  /** Before the browser may ask for persistent storage. */
  readonly asksToKeep: string;
  readonly diskFullMissing: (missing: string) => string;
  readonly diskFullHere: string;
  readonly diskFullThere: string;
  /** What is received goes when the window is closed. `room`: what fits, where the browser says it. */
  readonly privateWindow: (room: string | undefined) => string;
  readonly transferStates: Readonly<Record<TransferState, Readonly<Record<'sending' | 'receiving', string>>>>;

  readonly oldCodeTitle: string;
  readonly oldCode: (hours: number) => string;
  readonly tryAnyway: string;

  readonly handedOverTitle: string;
  readonly handedOver: string;

  readonly dismiss: string;
  readonly details: string;
  readonly infos: Readonly<Record<InfoMessage, string>>;
  readonly updateReady: string;
  readonly reload: string;
  readonly install: string;

  readonly path: PathMessages;
  readonly reach: ReachMessages;

  /** What happened, and what to do now. */
  readonly errors: Readonly<Record<ErrorCode, { readonly title: string; readonly action: string }>>;
}
