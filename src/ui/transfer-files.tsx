import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { formatBytes } from './format.ts';

/** So many files are listed; the rest is counted. */
const LISTED_FILES = 50;
/** On the home screen, where there may be many transfers. */
const LISTED_FILES_AT_HOME = 3;

interface TransferFilesProps {
  readonly transfer: TransferView;
  readonly isAtHome: boolean;
}

export function TransferFiles({ transfer, isAtHome }: TransferFilesProps): VNode {
  const { commands } = useApp();
  const words = useMessages();
  // A single file has the one large button.
  const isReceived = transfer.direction === 'receiving' && transfer.state.value === 'verified';
  const canSave = isReceived && transfer.fileCount > 1 && transfer.folderName.value === undefined;
  const saved = transfer.savedFiles.value;
  const listed = transfer.files.value.slice(0, isAtHome ? LISTED_FILES_AT_HOME : LISTED_FILES);
  return (
    <ul class="files">
      {listed.map(({ path, sizeBytes, isFolder }, index) => (
        <li key={path}>
          <span class="name">{isFolder ? `${path}/` : path}</span>
          <span class="size">{isFolder ? words.emptyFolder : formatBytes(sizeBytes)}</span>
          {canSave && !isFolder && !isAtHome && (
            <button
              type="button"
              class="quiet"
              aria-label={words.saveNamed(path)}
              onClick={() => commands.saveFile(transfer.id, index)}
            >
              {saved.has(index) ? words.saved : words.save}
            </button>
          )}
        </li>
      ))}
      {transfer.fileCount > listed.length && <li>{words.andMore(transfer.fileCount - listed.length)}</li>}
    </ul>
  );
}
