import type { Signal } from '@preact/signals';
import type { TransferError } from '../core/errors.ts';
import type { PickedItem, ReadingOptions, SourcePicker } from '../ports/source-picker.ts';
import type { CodeReading } from './code-reading.ts';
import type { Commands, Screen } from './model.ts';
import type { Outgoing } from './outgoing.ts';
import { asTransferError } from './pairing-driver.ts';
import { pickedItems } from './picked-files.ts';
import type { Sources } from './sources.ts';

export interface OutgoingContext {
  readonly outgoing: Outgoing;
  readonly sources: Sources;
  readonly sourcePicker: SourcePicker;
  readonly screen: Signal<Screen>;
  readonly codes: CodeReading;
  readonly complain: (error: TransferError) => void;
}

type OutgoingCommands = Pick<
  Commands,
  | 'addFiles'
  | 'chooseFiles'
  | 'chooseFolder'
  | 'drop'
  | 'paste'
  | 'stopReading'
  | 'removeChosen'
  | 'removeAllChosen'
  | 'writeText'
  | 'sendText'
  | 'reopenFiles'
  | 'chooseFilesAgain'
  | 'chooseFolderAgain'
  | 'addFilesAgain'
>;

/** What a person can do to give the app something to send. */
export function outgoingCommands(context: OutgoingContext): OutgoingCommands {
  const { outgoing, sources, sourcePicker, screen, codes } = context;

  function add(items: readonly PickedItem[]): void {
    if (items.length === 0) return;
    if (screen.value === 'transfer') return outgoing.send(items);
    outgoing.choose(items);
    if (screen.value === 'home') screen.value = 'choose';
  }

  /** @param look runs at once */
  function read(
    look: (options: ReadingOptions) => Promise<readonly PickedItem[]>,
    use: (items: readonly PickedItem[]) => void,
  ): void {
    outgoing.read(look).then(
      (items) => use(items ?? []),
      (cause: unknown) => context.complain(asTransferError(cause)),
    );
  }

  function drop(transfer: DataTransfer): void {
    if (screen.value === 'handed-over') return;
    // Where one can see how far it is.
    if (screen.value === 'home') screen.value = 'choose';
    read(async (options) => {
      const items = await sourcePicker.readTransfer(transfer, options);
      const [picture, ...others] = items.flatMap(({ files }) => files);
      const isCode =
        screen.value === 'pair' &&
        others.length === 0 &&
        picture?.file?.type.startsWith('image/') === true &&
        (await codes.tryPicture(picture.file));
      return isCode ? [] : items;
    }, add);
  }

  function pasteText(text: string): void {
    if (text.trim() === '' || screen.value === 'handed-over') return;
    const isCode = screen.value === 'pair' || (screen.value !== 'transfer' && codes.isCode(text));
    if (isCode) return codes.readText(text);
    // Shown before anything happens: it may be a password.
    outgoing.write(text);
    if (screen.value === 'home') screen.value = 'choose';
  }

  return {
    addFiles: (files) => add(pickedItems(files)),
    chooseFiles: () => read((options) => sourcePicker.pickFiles(options), add),
    chooseFolder: () => read((options) => sourcePicker.pickFolder(options), add),
    drop,
    paste: (clipboard) => {
      const [file, ...others] = clipboard.files;
      const isPicture = others.length === 0 && file?.type.startsWith('image/') === true;
      const text = clipboard.getData('text/plain');
      if (isPicture && screen.value === 'pair') return codes.readPicture(file);
      // Office programs put a picture of the copied text beside it.
      if (file !== undefined && !(isPicture && text !== '')) return drop(clipboard);
      pasteText(text);
    },
    stopReading: () => outgoing.stopReading(),
    removeChosen: (id) => outgoing.remove(id),
    removeAllChosen: () => outgoing.removeAll(),
    writeText: (text) => outgoing.write(text),
    sendText: () => outgoing.sendDraft(),
    reopenFiles: (transferId) => {
      // It answers for its own failures.
      void outgoing.read((options) => sources.reopen(transferId, true, options));
    },
    chooseFilesAgain: (transferId) =>
      read(
        (options) => sourcePicker.pickFiles(options),
        (items) => sources.attach(transferId, items),
      ),
    chooseFolderAgain: (transferId) =>
      read(
        (options) => sourcePicker.pickFolder(options),
        (items) => sources.attach(transferId, items),
      ),
    addFilesAgain: (transferId, files) => sources.attach(transferId, pickedItems(files)),
  };
}
