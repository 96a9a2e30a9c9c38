import type { ReceivedFiles } from '../../ports/received-files.ts';
import type { Saver } from '../../ports/saver.ts';
import { downloadFile } from './download-saver.ts';
import { canPickFolder, pickFolder, saveToFolder } from './folder-saver.ts';
import { canShareFiles, shareFiles } from './share-saver.ts';
import { saveZip } from './zip-saver.ts';

/** Every way of saving that this browser has. @param blob a received file, without a copy in memory */
export function createSaver(blob: ReceivedFiles['blob']): Saver {
  return {
    canPickFolder: canPickFolder(),
    canShare: canShareFiles(),
    saveFile: downloadFile,
    saveZip,
    pickFolder,
    saveToFolder: (job, folder, listener) => saveToFolder(job, folder, blob, listener),
    share: shareFiles,
  };
}
