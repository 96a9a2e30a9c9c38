import { TransferError } from '../../core/errors.ts';
import type { SourcePicker } from '../../ports/source-picker.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { droppedFiles } from './dropped-files.ts';
import type { PickerWindow } from './file-system-access.ts';
import { handleNode, readTree } from './source-tree.ts';

/** The browser opens the picker where it was last time with the same id. */
const PICKER_ID = 'send';

/** The browser's own pickers, where it has them. For windows. */
export function createSourcePicker(pickers: PickerWindow = window): SourcePicker {
  return {
    canPickFiles: typeof pickers.showOpenFilePicker === 'function',
    canPickFolder: typeof pickers.showDirectoryPicker === 'function',
    async pickFiles(options) {
      const handles = await picked(async () => pickers.showOpenFilePicker?.({ multiple: true, id: PICKER_ID }));
      return readTree(
        (handles ?? []).map((handle) => ({ node: handleNode(handle), handle })),
        options,
      );
    },
    async pickFolder(options) {
      const handle = await picked(async () => pickers.showDirectoryPicker?.({ mode: 'read', id: PICKER_ID }));
      return readTree(handle === undefined ? [] : [{ node: handleNode(handle), handle }], options);
    },
    readTransfer: droppedFiles,
  };
}

async function picked<T>(pick: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await pick();
  } catch (cause) {
    // The person closed the picker.
    if (errorName(cause) === 'AbortError') return undefined;
    throw new TransferError('file-unreadable', 'host', `file picker: ${describeCause(cause)}`, cause);
  }
}
