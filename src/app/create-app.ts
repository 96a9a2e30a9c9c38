import { effect, signal, untracked } from '@preact/signals';
import { toHex } from '../core/bytes.ts';
import { TransferError } from '../core/errors.ts';
import { isHealing } from '../core/wire/control-frame.ts';
import type { StorageSpace } from '../ports/block-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connector } from '../ports/connector.ts';
import type { LaneConnector } from '../ports/lane-connector.ts';
import type { Random } from '../ports/crypto.ts';
import type { Installer, WakeKeeper } from '../ports/install.ts';
import type { Page } from '../ports/page.ts';
import type { Preferences } from '../ports/preferences.ts';
import type { QrEncoder } from '../ports/qr-encoder.ts';
import type { ReceivedFiles } from '../ports/received-files.ts';
import type { Saver } from '../ports/saver.ts';
import type { ServerProbe } from '../ports/server-probe.ts';
import type { PeerStore, StoredTrust } from '../ports/peer-store.ts';
import type { CodeReader } from '../ports/scanner.ts';
import type { SourceHandles } from '../ports/source-handles.ts';
import type { SourcePicker } from '../ports/source-picker.ts';
import type { TabChannel } from '../ports/tabs.ts';
import type { TransferLocks } from '../ports/transfer-locks.ts';
import type { EngineEvent, TransferEngine } from '../ports/transfer-engine.ts';
import { CameraControl } from './camera-control.ts';
import { CodeReading, tryReadTicket } from './code-reading.ts';
import { Diagnosis } from './diagnosis.ts';
import { FaceToFace } from './face-to-face.ts';
import { LinkKeeper } from './link-keeper.ts';
import { Handover } from './handover.ts';
import { Lanes } from './lanes.ts';
import type { App, Commands, InfoMessage, InstallView, Model, Notice, Screen, PlaceView } from './model.ts';
import { outgoingCommands } from './outgoing-commands.ts';
import { Outgoing } from './outgoing.ts';
import { asTransferError, PairingDriver } from './pairing-driver.ts';
import { PathWatch } from './path-watch.ts';
import { ReachControl } from './reach-control.ts';
import { Sources } from './sources.ts';
import { TransferDesk } from './transfer-desk.ts';
import { failureError } from './transfers.ts';
import { Verifier } from './verifier.ts';

/** Long enough to read two lines at leisure (WCAG 2.2.1 is about more than this, and nothing is lost with it). */
const INFO_SHOWN_MS = 8_000;

export interface AppPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly connector: Connector;
  readonly laneConnector: LaneConnector;
  readonly engine: TransferEngine;
  readonly qrEncoder: QrEncoder;
  readonly codeReader: CodeReader;
  readonly received: ReceivedFiles;
  readonly saver: Saver;
  readonly sourcePicker: SourcePicker;
  readonly sourceHandles: SourceHandles;
  readonly space: StorageSpace;
  readonly tabs: TabChannel;
  readonly page: Page;
  readonly installer: Installer;
  readonly wakeKeeper: WakeKeeper;
  readonly preferences: Preferences;
  readonly serverProbe: ServerProbe;
  readonly peers: PeerStore;
  /** Of peers: one tab at a time keeps the link to one. */
  readonly peerLocks: TransferLocks;
}

/** Puts the machines and the ports together; one per tab. Starts at once. */
export function createApp(ports: AppPorts): App {
  const { engine, page, random } = ports;
  const screen = signal<Screen>('home');
  /** The engine has told of every transfer that the journal knows. */
  const isRestored = signal(false);
  const notice = signal<Notice | undefined>(undefined);
  const installed = signal<InstallView>({ updateReady: false, canInstall: false });
  const place = signal<PlaceView | undefined>(undefined);
  /** My code left this screen through the clipboard: it has to stay good. */
  let isCodeCopied = false;
  /** The settings were opened from there, and lead back. */
  let wasPairing = false;

  const desk = new TransferDesk(ports, {
    onError: (cause) => complain(asTransferError(cause)),
    onInfo: say,
    onCopy: copy,
    onResume: () => {
      if (link.value !== 'none') screen.value = 'transfer';
      else enterPairing();
    },
  });
  const { transfers } = desk;
  const reach = new ReachControl(ports, (cause) => complain(asTransferError(cause)));
  const outgoing = new Outgoing(ports, (sent) => sources.remember(sent));
  const sources = new Sources(ports, { transfers, onChanged: (items) => outgoing.send(items), onFailed: complain });
  const keeper = new LinkKeeper(ports, {
    iceServers: () => reach.iceServers(),
    isPairing: () => pairing.isPairing,
    baseUrl: page.baseUrl,
    copy,
    complain,
    say,
    onHealed: healed,
    onGone: () => verifier.stop(),
  });
  const link = keeper.view;
  const pairing = new PairingDriver(ports, keeper.live, {
    baseUrl: page.baseUrl,
    iceServers: () => reach.iceServers(),
    onRejected: (error) => {
      if (!faces.missed(error)) complain(error);
    },
    onRead: () => {
      // The screen says so itself; an earlier complaint is settled.
      notice.value = undefined;
    },
    onPaired: (paired) => {
      verifier.start(paired);
      keeper.paired(paired);
    },
  });
  const diagnosis = new Diagnosis({
    clock: ports.clock,
    attempt: () => pairing.attempt,
    iceServers: () => reach.iceServers(),
  });
  const lanes = new Lanes(ports, () => reach.iceServers());
  const path = new PathWatch({
    clock: ports.clock,
    connection: () => keeper.live.connection,
    laneCount: () => 1 + lanes.count,
    onCopy: (report) => copy(report, 'report-copied'),
  });
  const codes = new CodeReading(ports, {
    pairing,
    notice,
    onCall: (call) => keeper.answer(call),
    onCode: () => {
      if (screen.value !== 'pair') enterPairing();
    },
    complain,
  });
  const verifier = new Verifier(engine, random, refuseLink);
  const camera = new CameraControl(ports, {
    onText: (text) => codes.readText(text, true),
    // With the camera's permission browsers tell real addresses, so a fresh code reaches further (and is smaller).
    // A code that may be on its way already is kept.
    onStarted: () => faces.cameraSettled(),
    onFailed: () => faces.cameraSettled(),
  });
  const faces = new FaceToFace({
    hidesAddresses: () => pairing.hidesAddresses,
    keepsCode: () => isCodeCopied,
    isPairing: () => pairing.isPairing,
    startPairing,
    stopPairing: () => pairing.stop(),
    stopCamera: () => camera.stop(),
  });
  const handover = new Handover(ports.tabs, ports.clock, {
    tabId: randomId(8),
    isWanted: (text) => {
      const ticket = tryReadTicket(text);
      return ticket instanceof TransferError || ticket.kind === 'call' ? false : pairing.isWanted(ticket);
    },
    onGiven: (text) => {
      codes.readText(text);
      page.focus();
    },
  });

  function randomId(byteCount: number): string {
    return toHex(random.bytes(byteCount));
  }

  function complain(error: TransferError): void {
    notice.value = { type: 'error', error };
  }

  /** Goes away by itself; errors stay until they are dismissed or settled. */
  function say(message: InfoMessage): void {
    const said: Notice = { type: 'info', message };
    notice.value = said;
    ports.clock.startTimer(INFO_SHOWN_MS, () => {
      if (notice.value === said) notice.value = undefined;
    });
  }

  function startPairing(): void {
    isCodeCopied = false;
    codes.startAnew();
    pairing.start();
  }

  function enterPairing(): void {
    notice.value = undefined;
    screen.value = 'pair';
    if (!pairing.isPairing) startPairing();
  }

  /** Ends the link for a reason that both sides should hear, and deletes what it brought. */
  function refuseLink(error: TransferError): void {
    for (const id of transfers.idsOfLink()) engine.post({ type: 'discard', transferId: id });
    keeper.refuse(error);
    screen.value = 'home';
    complain(error);
  }

  /** The page was opened by a code's link. */
  async function readFragment(fragment: string): Promise<void> {
    const ticket = tryReadTicket(fragment);
    if (ticket instanceof TransferError) return complain(ticket);
    if (pairing.isPairing) return codes.readText(fragment);
    if ((await handover.offer(fragment, randomId(8))) === 'given') {
      screen.value = 'handed-over';
    } else if (ticket.kind === 'reply') {
      complain(new TransferError('reply-to-other', 'remote', 'no tab shows the code that this reply answers'));
    } else {
      codes.readText(fragment);
    }
  }

  function connected(capabilities: number): void {
    keeper.pairingOpened(capabilities);
    transfers.startLink();
    notice.value = undefined;
    faces.stop();
    screen.value = 'transfer';
    outgoing.sendChosen();
  }

  /** The link to a known peer came back. */
  function healed(trust: StoredTrust, isFirst: boolean): void {
    verifier.resume(trust);
    notice.value = undefined;
    if (pairing.isPairing) pairing.stop();
    faces.stop();
    if (screen.value === 'pair' || (isFirst && screen.value === 'home')) screen.value = 'transfer';
    if (screen.value === 'transfer') outgoing.sendChosen();
  }

  /** A tab that was away may have lost the connection that waits behind its code, without an event. */
  function returned(): void {
    if (screen.value !== 'pair') return;
    const code = pairing.myCode.value;
    const hasNoNetwork = code.state === 'failed' && code.error.code === 'no-network';
    if (!pairing.isStale && !hasNoNetwork) return;
    notice.value = undefined;
    startPairing();
    say('code-renewed');
  }

  function copy(text: string, message: InfoMessage): void {
    page.copy(text).then(
      () => say(message),
      (cause: unknown) => complain(new TransferError('clipboard-refused', 'host', String(cause), cause)),
    );
  }

  function copyCode(text: string): void {
    isCodeCopied = true;
    copy(text, 'code-copied');
  }

  function heard(event: EngineEvent): void {
    switch (event.type) {
      case 'storage':
        place.value = { isTemporary: event.isTemporary, roomBytes: event.roomBytes };
        return;
      case 'linkOpen':
        if (pairing.linkOpened(event.linkId)) return connected(event.capabilities);
        return keeper.opened(event.linkId);
      case 'linkClosed': {
        lanes.linkClosed(event.linkId);
        const error = event.failure === undefined ? undefined : failureError(event.failure);
        pairing.linkClosed(event.linkId, error);
        return keeper.closed(event.linkId, error);
      }
      case 'openLane':
      case 'closeLane':
        return lanes.asked(event);
      case 'linkSilent':
        return keeper.tell('silent');
      case 'linkHeard':
        return keeper.tell('heard');
      case 'pageFrame': {
        const { linkId, frame } = event;
        if (frame.name === 'lane') return lanes.heard(linkId, frame);
        return isHealing(frame) ? keeper.heard(linkId, frame) : verifier.heard(linkId, frame);
      }
      case 'restored':
        isRestored.value = true;
        return;
      case 'failed':
        return complain(failureError(event.failure));
      case 'transfer':
      case 'state':
      case 'removed':
        // In this order: looking for files says so in the list.
        desk.heard(event);
        return sources.heard(event);
      case 'attached':
        transfers.heard(event);
        return sources.heard(event);
      case 'progress':
      case 'file':
        return desk.heard(event);
      default:
        event satisfies never;
    }
  }

  const commands: Commands = {
    startSend: () => {
      screen.value = 'choose';
    },
    startReceive: () => {
      if (link.value === 'connected') screen.value = 'transfer';
      else enterPairing();
    },
    ...outgoingCommands({ outgoing, sources, sourcePicker: ports.sourcePicker, screen, codes, complain }),
    shareChosen: () => {
      outgoing.chooseDraft();
      if (link.value !== 'connected') return enterPairing();
      screen.value = 'transfer';
      outgoing.sendChosen();
    },
    goHome: () => {
      faces.stop();
      pairing.stop();
      outgoing.clear();
      notice.value = undefined;
      screen.value = 'home';
    },
    showTransfers: () => {
      screen.value = 'transfer';
    },
    pairAgain: () => {
      notice.value = undefined;
      screen.value = 'pair';
      startPairing();
    },
    disconnect: () => {
      keeper.end();
      screen.value = 'home';
    },
    ...keeper.commands,
    copyLink: () => {
      const code = pairing.myCode.value;
      if (code.state === 'shown') copyCode(code.link);
    },
    copyText: () => {
      const code = pairing.myCode.value;
      if (code.state === 'shown') copyCode(code.text);
    },
    shareLink: () => {
      const code = pairing.myCode.value;
      if (code.state !== 'shown') return;
      isCodeCopied = true;
      page.share(code.link).catch((cause: unknown) => {
        complain(new TransferError('share-failed', 'host', String(cause), cause));
      });
    },
    readText: (text) => codes.readText(text),
    tryOldCode: () => codes.tryOldCode(),
    startCamera: (video) => camera.start(video, faces.isOn.value ? 'face' : 'scan'),
    stopCamera: () => camera.stop(),
    chooseCamera: (id) => camera.choose(id),
    setTorch: (isOn) => camera.setTorch(isOn),
    startFaceToFace: () => faces.start(),
    stopFaceToFace: () => faces.leave(),
    readPicture: (picture) => codes.readPicture(picture),
    theyMatch: () => verifier.confirm(),
    theyDiffer: () => refuseLink(new TransferError('peer-differs', 'local', 'the person compared, and they differ')),
    openSettings: () => {
      wasPairing = screen.value === 'pair';
      faces.stop();
      pairing.stop();
      notice.value = undefined;
      reach.refresh();
      screen.value = 'settings';
    },
    closeSettings: () => {
      if (wasPairing) enterPairing();
      else screen.value = 'home';
    },
    ...reach.commands,
    openPath: () => path.open(),
    closePath: () => path.close(),
    copyPathReport: () => path.copyReport(),
    ...desk.commands,
    dismissNotice: () => {
      notice.value = undefined;
    },
    install: () => ports.installer.install(),
    applyUpdate: () => ports.installer.applyUpdate(),
  };

  const model: Model = {
    screen,
    chosen: outgoing.chosen,
    reading: outgoing.reading,
    draft: outgoing.draft,
    pickers: { files: ports.sourcePicker.canPickFiles, folder: ports.sourcePicker.canPickFolder },
    myCode: pairing.myCode,
    pairing: pairing.view,
    verdict: diagnosis.verdict,
    path: path.view,
    reach: reach.view,
    camera: camera.view,
    isFaceToFace: faces.isOn,
    link,
    knownPeers: keeper.known.views,
    call: keeper.call,
    peerId: keeper.peerId,
    trust: verifier.view,
    transfers: transfers.views,
    notice,
    installed,
    storage: desk.room.view,
    saveWays: { folder: ports.saver.canPickFolder, share: ports.saver.canShare },
    place,
    canShare: page.canShare,
  };

  engine.onEvent = heard;
  page.onFragment = (fragment) => {
    readFragment(fragment).catch((cause: unknown) => complain(asTransferError(cause)));
  };
  page.onReturn = () => {
    keeper.tell('wake');
    returned();
  };
  page.onNetworkChange = () => keeper.networkChanged();
  page.onLeave = () => keeper.leaving();
  ports.installer.onCanInstall = (canInstall) => {
    installed.value = { ...installed.value, canInstall };
  };
  ports.installer.onUpdateReady = () => {
    installed.value = { ...installed.value, updateReady: true };
  };
  ports.installer.onOfflineReady = () => {
    if (notice.value === undefined) say('offline-ready');
  };
  effect(() => {
    const view = pairing.view.value;
    untracked(() => diagnosis.follow(view.state));
    if (view.state === 'failed') untracked(() => faces.missed(view.error));
  });
  effect(() => {
    const trust = verifier.view.value;
    if (trust.state !== 'none' && trust.state !== 'exchanging') untracked(() => keeper.trusted(trust));
  });
  effect(() => {
    const unfinished = transfers.unfinishedIds();
    const current = keeper.peerId.value;
    if (!isRestored.value || transfers.views.value.length < unfinished.size) return;
    untracked(() => keeper.known.transfersAre(unfinished, transfers.idsOfLink(), current));
  });
  effect(() => {
    const isBusy = transfers.isBusy();
    page.setBusy(isBusy || pairing.view.value.state === 'read');
    ports.wakeKeeper.setAwake(isBusy || screen.value === 'pair');
  });
  const fragment = page.takeFragment();
  // Who opens a link wants to be connected to somebody else.
  const coming = fragment === undefined ? keeper.comeBack(ports.clock.epochMs()) : keeper.known.load();
  coming.catch((cause: unknown) => complain(asTransferError(cause)));
  if (fragment !== undefined) page.onFragment(fragment);

  return { model, commands };
}
