import type { InfoMessage, PairingView, PausedBy, TransferState } from '../../app/model.ts';
import type { ErrorCode } from '../../core/errors.ts';

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
  readonly failedTips: string;

  readonly transferTitle: string;
  readonly linkConnected: string;
  readonly linkLost: string;
  readonly linkNone: string;
  readonly lostHint: string;
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
  readonly sendingText: string;
  readonly noTransfers: string;
  readonly offeredIn: (count: number, size: string) => string;
  readonly sendingTitle: (count: number, size: string) => string;
  readonly receivingTitle: (count: number, size: string) => string;
  readonly accept: string;
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
  readonly saveAll: string;
  readonly saved: string;
  readonly andMore: (count: number) => string;
  readonly timeLeft: (time: string) => string;
  readonly checksum: string;
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

  /** What happened, and what to do now. */
  readonly errors: Readonly<Record<ErrorCode, { readonly title: string; readonly action: string }>>;
}
