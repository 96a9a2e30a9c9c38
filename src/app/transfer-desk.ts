import type { StorageSpace } from '../ports/block-store.ts';
import type { Preferences } from '../ports/preferences.ts';
import type { ReceivedFiles } from '../ports/received-files.ts';
import type { TransferEngine } from '../ports/transfer-engine.ts';
import type { Commands, InfoMessage } from './model.ts';
import { ReceivedTexts } from './received-texts.ts';
import { Saving, type SavingPorts } from './saving.ts';
import { StorageRoom } from './storage-room.ts';
import { Transfers, type TransferEvent } from './transfers.ts';

export interface TransferDeskPorts extends SavingPorts {
  readonly engine: TransferEngine;
  readonly space: StorageSpace;
  readonly preferences: Preferences;
}

export interface TransferDeskEvents {
  readonly onError: (cause: unknown) => void;
  readonly onInfo: (message: InfoMessage) => void;
  /** Copy this, and say so. */
  readonly onCopy: (text: string, message: InfoMessage) => void;
  /** Go to where the transfer goes on: to the link, or to pairing. */
  readonly onResume: () => void;
}

/** The commands that are about one transfer, or about all that are on this device. */
export type TransferCommands = Pick<
  Commands,
  | 'accept'
  | 'acceptToFolder'
  | 'decline'
  | 'pause'
  | 'cancel'
  | 'resume'
  | 'saveFile'
  | 'saveAll'
  | 'saveToFolder'
  | 'stopSaving'
  | 'copyReceipt'
  | 'copyReceivedText'
  | 'discard'
  | 'clearAll'
>;

/** All that is done with transfers once they are there: taking them, saving them, making room for them. */
export class TransferDesk {
  readonly transfers: Transfers;
  readonly room: StorageRoom;
  readonly commands: TransferCommands;
  readonly #received: ReceivedFiles;
  readonly #onError: (cause: unknown) => void;
  readonly #texts: ReceivedTexts;

  constructor(ports: TransferDeskPorts, events: TransferDeskEvents) {
    const { engine } = ports;
    const room = new StorageRoom(ports);
    const transfers = new Transfers(ports.clock, room.freeBytes);
    const saving = new Saving(ports, transfers, {
      onError: events.onError,
      onInfo: events.onInfo,
      onSaved: (transferId) => engine.post({ type: 'markSaved', transferId }),
    });
    room.watch(
      () => transfers.views.value,
      (transferId) => engine.post({ type: 'resume', transferId }),
    );
    void room.refresh();
    this.transfers = transfers;
    this.room = room;
    this.#received = ports.received;
    this.#onError = events.onError;
    this.#texts = new ReceivedTexts(ports.received, transfers, events.onError);
    this.commands = {
      accept: (transferId) => {
        room.askToKeep(transfers.get(transferId)?.totalBytes ?? 0);
        engine.post({ type: 'accept', transferId });
      },
      acceptToFolder: (transferId) => {
        // In this task: browsers want a click for it.
        this.#acceptTo(transferId, ports.saver.pickFolder(), engine).catch(events.onError);
      },
      decline: (transferId) => engine.post({ type: 'decline', transferId }),
      pause: (transferId) => engine.post({ type: 'pause', transferId }),
      cancel: (transferId) => engine.post({ type: 'cancel', transferId }),
      resume: (transferId) => {
        // What was interrupted goes on by itself once there is a link.
        engine.post({ type: 'resume', transferId });
        events.onResume();
      },
      saveFile: (transferId, fileIndex) => saving.file(transferId, fileIndex),
      saveAll: (transferId) => saving.all(transferId),
      saveToFolder: (transferId) => saving.toFolder(transferId),
      stopSaving: (transferId) => saving.stop(transferId),
      copyReceipt: (transferId) => {
        const root = transfers.get(transferId)?.root.value;
        if (root !== undefined) events.onCopy(root, 'receipt-copied');
      },
      copyReceivedText: (transferId) => {
        const text = transfers.get(transferId)?.text.value;
        if (text !== undefined) events.onCopy(text, 'received-text-copied');
      },
      discard: (transferId) => engine.post({ type: 'discard', transferId }),
      clearAll: () => {
        for (const transferId of transfers.restingIds()) engine.post({ type: 'discard', transferId });
      },
    };
  }

  heard(event: TransferEvent): void {
    this.transfers.heard(event);
    switch (event.type) {
      case 'progress':
      case 'file':
      case 'attached':
        return;
      case 'transfer':
        this.#texts.changed(event.transfer.transferId);
        this.#lookWhetherSaved(event.transfer.transferId);
        return void this.room.changed();
      case 'state':
        this.#texts.changed(event.transferId);
        return void this.room.changed();
      case 'removed':
        return void this.room.roomMade();
      default:
        event satisfies never;
    }
  }

  async #acceptTo(
    transferId: string,
    picking: Promise<FileSystemDirectoryHandle | undefined>,
    engine: TransferEngine,
  ): Promise<void> {
    const folder = await picking;
    if (folder === undefined) return;
    // One that is paused keeps the name of the folder that it wants: this may be another one.
    if (this.transfers.get(transferId)?.state.value === 'offered') this.transfers.setFolder(transferId, folder.name);
    engine.post({ type: 'accept', transferId, folder });
  }

  /** After a reload: the engine tells what was received, and not what the person did with it. */
  #lookWhetherSaved(transferId: string): void {
    const transfer = this.transfers.get(transferId);
    if (transfer?.direction !== 'receiving' || transfer.state.value !== 'verified' || transfer.isSaved.value) return;
    if (transfer.folderName.value !== undefined) return;
    this.#received
      .wasSaved(transferId)
      .then((isSaved) => isSaved && this.transfers.markSaved(transferId, this.transfers.savableIndexes(transferId)))
      .catch(this.#onError);
  }
}
