import type { Messages } from './messages.ts';
import { pathEn } from './path-en.ts';
import { reachEn } from './reach-en.ts';

export const en: Messages = {
  appName: 'Heliograph',
  claim: 'Send files of any size straight to another device.',
  claimMore: 'No server, no account, no size limit. Nothing leaves your devices but to each other.',
  send: 'Send',
  receive: 'Receive',
  sendHint: 'Pick files, then show a code',
  receiveHint: 'Show a code and read theirs',
  back: 'Back',
  dropHere: 'Drop files to send them',
  howItWorks: 'How it works',
  howSteps: [
    'Open Heliograph on both devices. One picks files to send.',
    'Each device shows a code. Let each read the other’s: with the camera, or by sending the link and pasting it. Either can go first.',
    'They connect directly to each other, encrypted, and the files stream across. Every piece is checked on arrival.',
  ],
  connectedBanner: 'You are connected to another device.',
  showTransfers: 'Show transfers',

  chooseTitle: 'What do you want to send?',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  addMore: 'Add more files',
  addFolder: 'Add a folder',
  emptyFolder: 'empty folder',
  readingFolder: (fileCount) =>
    fileCount === 1 ? 'Reading the folder… 1 file so far' : `Reading the folder… ${fileCount} files so far`,
  stopReading: 'Stop',
  removeAll: 'Remove all',
  text: 'Text',
  textLabel: 'Send a text',
  textPlaceholder: 'A link, an address, a note…',
  sendText: 'Send text',
  chooseEmpty: 'Drop files or folders here, or choose them.',
  remove: (name) => `Remove ${name}`,
  fileCount: (count, size) => (count === 1 ? `1 file, ${size}` : `${count} files, ${size}`),
  toBeSent: (count, size) =>
    count === 1 ? `Sends 1 file, ${size}, once connected.` : `Sends ${count} files, ${size}, once connected.`,
  textsToBeSent: (count) =>
    count === 1 ? 'Sends your text once connected.' : `Sends your ${count} texts once connected.`,
  showMyCode: 'Continue',
  sendNow: 'Send now',

  pairTitle: 'Connect two devices',
  pairSteps: {
    waiting: 'Each device has to read the other’s code, in any order.',
    read: 'Got their code. Now let the other device read this one.',
    connecting: 'Both codes are read. Connecting…',
    slow: 'Still trying. These devices may not be able to see each other.',
    failed: 'That did not work.',
  },
  myCode: 'Your code',
  myReply: 'Your reply',
  myCodeHint: 'Let the other device scan this, or send it the link.',
  myReplyHint: 'Let the other device scan this, or send this link back to it.',
  makingCode: 'Making your code…',
  copyLink: 'Copy link',
  copyText: 'Copy code only',
  codeAsText: 'The code as text',
  shareLink: 'Share link',
  codeAge: (minutes) =>
    minutes < 1 ? 'Made just now' : minutes === 1 ? 'Made a minute ago' : `Made ${minutes} minutes ago`,
  qrLabel: (version, bytes) =>
    `QR code with your connection code, version ${version}, ${bytes} bytes. The same is in the link next to it.`,
  enlarge: 'Show the QR code in full screen',
  closeFullScreen: 'Close full screen',
  theirCode: 'Their code',
  scan: 'Scan with camera',
  scanHint: 'Your browser will ask for the camera. The picture stays on this device.',
  stopCamera: 'Stop camera',
  startingCamera: 'Starting the camera… Please allow it when your browser asks.',
  cameraOn: 'Point the camera at the code on the other device.',
  cameraSearching: 'No code seen yet. Move closer or further away until the whole code is in the picture.',
  cameraView: 'Camera picture',
  whichCamera: 'Camera',
  cameraNumber: (number) => `Camera ${number}`,
  turnCamera: 'Other camera',
  torchOn: 'Light on',
  torchOff: 'Light off',
  faceToFace: 'Hold them face to face',
  faceToFaceHint: 'Both codes in one go: each device shows its code, and its camera reads the other’s.',
  faceSteps: {
    waiting: 'Hold the two devices so that each one’s camera sees the other’s screen.',
    read: 'Got theirs. They have not read your code yet: keep holding.',
  },
  oneAtATime: 'One code at a time',
  pasteLabel: 'Or paste their link or code',
  pastePlaceholder: 'Link or code',
  readPasted: 'Use code',
  readPicture: 'Read from a picture',
  newCodes: 'Make a new code',
  slowTips: [
    'Are both devices in the same network? Guest networks often keep devices apart.',
    'Start the camera on one of them, then make a new code: browsers then allow a more direct way.',
    'One device can open a hotspot that the other joins.',
    'A VPN on either device may be in the way.',
  ],

  transferTitle: 'Transfers',
  linkStates: {
    connected: 'Connected',
    reconnecting: 'Reconnecting…',
    lost: 'Connection lost',
    none: 'Not connected',
  },
  connectedTo: (name) => `Connected to ${name}`,
  lostHint: 'Nothing is lost. Pair again, and it goes on where it stopped.',
  reconnectingHint:
    'The connection was interrupted. Keep Heliograph open on both devices: it comes back by itself, and nothing is lost.',
  stopReconnecting: 'Stop',
  knownDevices: 'Your devices',
  knownDevicesHint: 'To connect again, show a code: one scan by that device is enough.',
  unnamedDevice: 'Device without a name',
  lastConnected: (when) => `Last connected ${when}`,
  unfinishedTransfers: (count) => (count === 1 ? '1 unfinished transfer' : `${count} unfinished transfers`),
  showConnection: 'Show',
  connect: 'Connect',
  connectTo: (name) => `Connect to ${name}`,
  showCall: 'Show a code',
  showCallFor: (name) => `Show a code for ${name}`,
  callHint: (name) =>
    `Scan this with ${name}, or send it the link. One scan is enough: it need not show a code itself.`,
  stopCall: 'Hide the code',
  rename: 'Rename',
  renameDevice: (name) => `Rename ${name}`,
  forget: 'Forget',
  forgetQuestion: (name) => `Forget ${name}? To connect again, pair as for the first time.`,
  rememberDevice: 'Remember this device',
  rememberHint: 'Next time, one scan by one of the two is enough.',
  deviceName: 'Name',
  deviceNamePlaceholder: 'for example, Anna’s laptop',
  saveName: 'Save name',
  trustStates: { bySight: 'Verified by sight', matched: 'Compared: it is them' },
  compareTitle: 'Is it really them?',
  compareHint:
    'The other device shows signs too. Compare them, for example on the phone: only if nobody is in between, they are the same.',
  theyMatch: 'They match',
  theyDiffer: 'They differ',
  // prettier-ignore
  signNames: [
    'Dog', 'Cat', 'Lion', 'Horse', 'Unicorn', 'Pig', 'Elephant', 'Rabbit', 'Panda', 'Rooster', 'Penguin', 'Turtle',
    'Fish', 'Octopus', 'Butterfly', 'Flower', 'Tree', 'Cactus', 'Mushroom', 'Globe', 'Moon', 'Cloud', 'Fire', 'Banana',
    'Apple', 'Strawberry', 'Corn', 'Pizza', 'Cake', 'Heart', 'Smiley', 'Robot', 'Hat', 'Glasses', 'Spanner', 'Santa',
    'Thumbs up', 'Umbrella', 'Hourglass', 'Clock', 'Gift', 'Light bulb', 'Book', 'Pencil', 'Paperclip', 'Scissors',
    'Lock', 'Key', 'Hammer', 'Telephone', 'Flag', 'Train', 'Bicycle', 'Aeroplane', 'Rocket', 'Trophy', 'Ball',
    'Guitar', 'Trumpet', 'Bell', 'Anchor', 'Headphones', 'Folder', 'Pin',
  ],
  pairAgain: 'Pair again',
  disconnect: 'Disconnect',
  sendMore: 'Send files',
  sendFolder: 'Send a folder',
  noTransfers: 'Nothing yet. Choose files to send, or wait for the other device.',
  titles: {
    offered: {
      receiving: (count, size) => `Wants to send you ${files(count)}, ${size}`,
      sending: (count, size) => `Sending ${files(count)}, ${size}`,
    },
    going: {
      receiving: (count, size) => `Receiving ${files(count)}, ${size}`,
      sending: (count, size) => `Sending ${files(count)}, ${size}`,
    },
    done: {
      receiving: (count, size) => `Received ${files(count)}, ${size}`,
      sending: (count, size) => `Sent ${files(count)}, ${size}`,
    },
  },
  textTitles: {
    offered: { receiving: 'Wants to send you a text', sending: 'Sending a text' },
    going: { receiving: 'Receiving a text', sending: 'Sending a text' },
    done: { receiving: 'Received a text', sending: 'Sent a text' },
  },
  accept: 'Accept',
  acceptToFolder: 'Save to a folder…',
  decline: 'Decline',
  pause: 'Pause',
  resume: 'Resume',
  pausedBy: {
    here: 'Paused by you.',
    there: 'Paused on the other device. Only they can let it go on.',
    both: 'Paused on both devices.',
  },
  interruptedByReload: 'Interrupted, because this page was reloaded or closed.',
  needsFiles: (count) =>
    count === 1
      ? 'Browsers let go of files then. To go on, this one is needed again:'
      : `Browsers let go of files then. To go on, these ${count} are needed again:`,
  stillMissing: (count) =>
    count === 1
      ? 'One file was not among them. To go on, it is needed too:'
      : `${count} files were not among them. To go on, they are needed too:`,
  openingFiles: 'Opening the files…',
  filesRefused: 'The browser was not allowed to open them. Try again, or choose them yourself.',
  continueSending: 'Continue',
  chooseSameFiles: 'Choose the same files again',
  chooseSameFolder: 'Choose the same folder again',
  identical: (count) => (count === 1 ? '1 file was there already.' : `${count} files were there already.`),
  sentAnew: (count) =>
    count === 1
      ? 'One file has changed since. It is sent anew, as a transfer of its own:'
      : `${count} files have changed since. They are sent anew, as a transfer of their own:`,
  withdrawn: {
    sending: (count) =>
      count === 1
        ? 'One file changed or disappeared, and was not sent:'
        : `${count} files changed or disappeared, and were not sent:`,
    receiving: (count) =>
      count === 1
        ? 'One file changed or disappeared on the other device, and was not sent:'
        : `${count} files changed or disappeared on the other device, and were not sent:`,
  },
  cancel: 'Cancel',
  discard: 'Delete from this device',
  save: 'Save',
  saveNamed: (name) => `Save ${name}`,
  saveZip: 'Save as zip',
  saveToFolder: 'Save to a folder',
  saved: 'Saved',
  savedIn: (folder) => `Saved in “${folder}”.`,
  savedNote: 'Saved. A copy stays here until you delete it.',
  savingWays: {
    file: 'Saving…',
    zip: 'Saving as a zip. Keep this page open until it is done.',
    folder: 'Saving to the folder. Keep this page open until it is done.',
    share: 'Choose where it should go.',
  },
  stopSaving: 'Stop saving',
  andMore: (count) => (count === 1 ? 'and 1 more file' : `and ${count} more files`),
  timeLeft: (time) => `about ${time} left`,
  receipt: 'Receipt',
  receiptHint:
    'The other device shows the same. It is made from what is on the disk, so it proves that all of it arrived.',
  copyReceipt: 'Copy receipt',
  receivedText: 'The text',
  copyReceivedText: 'Copy text',

  onThisDevice: 'On this device',
  spaceUsed: (size) => `Heliograph takes up ${size} here.`,
  clearAll: 'Clear all',
  clearAllQuestion: 'Delete everything that is listed here, saved or not?',
  tryAgain: 'Try again',
  discardPartial: 'Discard',
  discardPartialQuestion: {
    receiving: 'Delete what has arrived so far? It cannot be taken up again.',
    sending: 'Give this up? It cannot be taken up again.',
  },
  discardQuestion: 'You have not saved all of it. Delete it all the same?',
  keep: 'Keep it',
  confirmDelete: 'Yes, delete',
  offerTooLarge: (missing) =>
    `This may not fit: about ${missing} more room is needed. You can make room first, or accept it now; then it pauses when the room runs out.`,
  asksToKeep:
    'Your browser may ask whether Heliograph may store data. If you allow it, the browser will not clear away what has arrived when space runs low.',
  diskFullMissing: (missing) =>
    `This device has no room left: about ${missing} more is needed. Nothing is lost. It goes on by itself once there is room.`,
  diskFullHere: 'This device has no room left. Nothing is lost: free some space, and it goes on by itself.',
  diskFullThere: 'The other device has no room left. Nothing is lost: it goes on once there is some.',
  privateWindow: (room) =>
    `This looks like a private window. What you receive is kept only until you close it, so save it before.${room === undefined ? '' : ` There is room for about ${room}.`}`,
  transferStates: {
    queued: { sending: 'Waiting for the connection', receiving: 'Waiting for the connection' },
    offered: { sending: 'Waiting for the other device to accept', receiving: 'Accept?' },
    running: { sending: 'Sending', receiving: 'Receiving' },
    paused: { sending: 'Paused.', receiving: 'Paused.' },
    elsewhere: {
      sending: 'Open in another tab of this browser.',
      receiving: 'Open in another tab of this browser.',
    },
    interrupted: {
      sending: 'Interrupted. It goes on as soon as you are connected again.',
      receiving: 'Interrupted. It goes on as soon as you are connected again.',
    },
    verified: { sending: 'Verified: every byte arrived.', receiving: 'Verified: every byte is on this device.' },
    declined: { sending: 'The other device declined.', receiving: 'Declined.' },
    cancelled: { sending: 'Cancelled.', receiving: 'Cancelled. What had arrived was deleted.' },
    failed: { sending: 'Failed', receiving: 'Failed' },
  },

  oldCodeTitle: 'That code is old',
  oldCode: (hours) =>
    `It was made ${hours === 1 ? 'an hour' : `${hours} hours`} ago and may not work any more. Ask for a new one, or try it anyway.`,
  tryAnyway: 'Try anyway',

  handedOverTitle: 'Your other tab has it',
  handedOver: 'The Heliograph tab that was waiting for this code has taken it. You can close this tab.',

  dismiss: 'Dismiss',
  details: 'Details',
  infos: {
    'code-copied': 'Copied. Send it to the other device, for example by a messenger.',
    'receipt-copied': 'Receipt copied.',
    'report-copied': 'Report copied.',
    'received-text-copied': 'Text copied.',
    'saved-one-by-one':
      'This window cannot make a zip, so each file is saved by itself. Your browser may ask about that.',
    'offline-ready': 'Heliograph now also opens without internet.',
    'peer-disconnected': 'The other device has ended the connection.',
    'peer-not-found':
      'That device did not answer: its page was closed since, or the network has changed. Show it a code: one scan is enough.',
    'code-renewed': 'Your code had stopped working while you were away. Here is a new one.',
  },
  updateReady: 'A new version is ready.',
  reload: 'Reload',
  install: 'Install app',

  path: pathEn,
  reach: reachEn,

  errors: {
    'malformed-sdp': { title: 'That connection description is broken', action: 'Make a new code on the other device.' },
    'missing-credentials': {
      title: 'That connection description is incomplete',
      action: 'Make a new code on the other device.',
    },
    'missing-fingerprint': {
      title: 'That connection description is incomplete',
      action: 'Make a new code on the other device.',
    },
    'not-a-ticket': {
      title: 'That is not a Heliograph code',
      action: 'Open Heliograph on the other device and use the code it shows.',
    },
    'ticket-truncated': {
      title: 'Part of the code is missing',
      action: 'It was cut off on the way. Copy the whole link again and paste it.',
    },
    'ticket-damaged': {
      title: 'The code has a mistake in it',
      action: 'Copy the link again instead of typing it, or scan the QR code.',
    },
    'ticket-newer-version': {
      title: 'That code is from a newer Heliograph',
      action: 'Reload this page while you are online to update, then try again.',
    },
    'own-ticket': { title: 'That is this device’s own code', action: 'Read the code that the other device shows.' },
    'reply-to-other': {
      title: 'That reply belongs to another code',
      action: 'Let the other device read the code shown here, or make a new one.',
    },
    'stale-ticket': {
      title: 'That code is used up',
      action: 'A fresh code is shown here now. Let the other device read it.',
    },
    'no-network': {
      title: 'This device has no network',
      action: 'Join a Wi-Fi (it needs no internet) or open a hotspot, then make a new code.',
    },
    'webrtc-unavailable': {
      title: 'This browser cannot connect directly',
      action: 'WebRTC is missing or switched off. Try another browser, or switch off an extension that blocks it.',
    },
    'description-refused': {
      title: 'This browser did not take that code',
      action: 'Make new codes on both devices. If it happens again, try another browser on one of them.',
    },
    'connect-timeout': {
      title: 'The devices could not reach each other',
      action: 'Check that both are in the same network and make new codes. A hotspot on one of them often helps.',
    },
    'peer-differs': {
      title: 'The two devices show different signs',
      action:
        'Somebody may be in between, so the connection was ended. Trust nothing that came over it. Pair again face to face, with the cameras.',
    },
    'link-lost': { title: 'The connection is gone', action: 'Nothing that arrived is lost. Pair again to go on.' },
    'camera-missing': {
      title: 'No camera found',
      action: 'Paste the other device’s link instead, or read the code from a picture.',
    },
    'camera-refused': {
      title: 'The camera is not allowed',
      action: 'Allow it in the browser’s site settings, or paste the other device’s link instead.',
    },
    'camera-busy': {
      title: 'The camera is in use',
      action: 'Close the app that uses it and try again, or paste the link instead.',
    },
    'camera-black': {
      title: 'The camera shows nothing',
      action: 'Close other apps that use it and start it again, choose another camera, or paste the link instead.',
    },
    'scanner-failed': {
      title: 'The scanner could not start',
      action: 'Reload the page, or paste the other device’s link instead.',
    },
    'no-code-found': {
      title: 'No code found in that picture',
      action: 'Try a sharper picture that shows the whole code with its white border.',
    },
    'clipboard-refused': {
      title: 'Copying was not allowed',
      action: 'Select the text under “The code as text” and copy it by hand.',
    },
    'share-failed': { title: 'Sharing did not work', action: 'Copy the link instead, and send it yourself.' },
    'malformed-frame': {
      title: 'The other device sent something unreadable',
      action: 'The connection was closed; nothing was harmed. Reload both pages and pair again.',
    },
    'protocol-violation': {
      title: 'The other device broke the rules',
      action: 'The connection was closed; nothing was harmed. Reload both pages and pair again.',
    },
    'protocol-version': {
      title: 'The two devices have different versions',
      action: 'Reload Heliograph on both while online, then pair again.',
    },
    'limit-exceeded': { title: 'That is more than Heliograph accepts', action: 'Send fewer files at a time.' },
    'block-corrupt': {
      title: 'A piece kept arriving damaged',
      action: 'Nothing wrong was saved. Pair again and send the file once more.',
    },
    'root-mismatch': {
      title: 'The file on disk is not what was sent',
      action: 'It was not marked as complete. Send it once more.',
    },
    'source-changed': {
      title: 'A file changed while it was being sent',
      action: 'Close programs that write to it, choose it again and send it anew.',
    },
    'call-for-other': {
      title: 'That code is for another device',
      action:
        'It works only on a device that was connected before. Press Send or Receive on both, and use those codes.',
    },
    'peer-elsewhere': {
      title: 'That device is connected in another tab',
      action: 'Go on in that tab, or close it and try again here.',
    },
    'transfer-elsewhere': {
      title: 'Another tab has this transfer',
      action: 'Go on in that tab, or close it and try again here. Nothing is lost.',
    },
    'unknown-transfer': { title: 'That transfer is not known any more', action: 'Send the files again.' },
    'disk-full': {
      title: 'There is no space left',
      action: 'Free some space on this device or delete received files, then try again. What arrived is kept.',
    },
    'storage-unavailable': {
      title: 'This browser lets Heliograph store nothing',
      action: 'Leave private browsing or allow site data, then reload.',
    },
    'storage-failed': { title: 'Storing failed', action: 'What was checked is kept. Reload the page and pair again.' },
    'folder-refused': {
      title: 'Heliograph may not use the folder any more',
      action: 'Choose the same folder again, and it goes on. What was checked is kept.',
    },
    'file-unreadable': {
      title: 'A file could not be read',
      action: 'Check that it still exists and may be read, then choose it again.',
    },
    'save-failed': {
      title: 'Saving did not work',
      action: 'Nothing is lost: it is still on this device. Try again, or save it in another way.',
    },
    'worker-failed': { title: 'A part of Heliograph stopped', action: 'Reload the page. What arrived is kept.' },
    internal: {
      title: 'Something went wrong in Heliograph',
      action: 'Reload the page. If it happens again, please report the details.',
    },
  },
};

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
