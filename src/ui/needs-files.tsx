import type { VNode } from 'preact';
import type { NeededFilesView, TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { FilePicker } from './file-picker.tsx';
import { formatBytes } from './format.ts';
import { canPickFolderByInput } from './pick-buttons.tsx';

/** So many are named; the rest is counted. */
const NAMED_FILES = 5;

interface NeedsFilesProps {
  readonly transfer: TransferView;
  readonly needed: NeededFilesView;
}

/** After a reload of the sender: which files are needed, and the ways to give them back. */
export function NeedsFiles({ transfer, needed }: NeedsFilesProps): VNode {
  const words = useMessages();
  const { sources } = needed;
  return (
    <div class="needs-files" data-testid="needs-files" data-sources={sources}>
      {needed.missing.length > 0 ? (
        <Missing transfer={transfer} paths={needed.missing} />
      ) : (
        <Needed transfer={transfer} />
      )}
      {sources === 'opening' ? (
        <p role="status">{words.openingFiles}</p>
      ) : (
        <>
          {sources === 'refused' && <p role="status">{words.filesRefused}</p>}
          <Ways transfer={transfer} needed={needed} />
        </>
      )}
    </div>
  );
}

function Needed({ transfer: { files, fileCount } }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  return (
    <>
      <p>{words.needsFiles(fileCount)}</p>
      <Names files={files.value.slice(0, NAMED_FILES)} fileCount={fileCount} />
    </>
  );
}

function Missing({ transfer, paths }: { readonly transfer: TransferView; readonly paths: readonly string[] }): VNode {
  const words = useMessages();
  const named = new Set(paths.slice(0, NAMED_FILES));
  return (
    <>
      <p role="status">{words.stillMissing(paths.length)}</p>
      <Names files={transfer.files.value.filter(({ path }) => named.has(path))} fileCount={paths.length} />
    </>
  );
}

interface NamesProps {
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly fileCount: number;
}

function Names({ files, fileCount }: NamesProps): VNode {
  const words = useMessages();
  return (
    <ul class="files">
      {files.map(({ path, sizeBytes }) => (
        <li key={path}>
          <span class="name">{path}</span>
          <span class="size">{formatBytes(sizeBytes)}</span>
        </li>
      ))}
      {fileCount > files.length && <li>{words.andMore(fileCount - files.length)}</li>}
    </ul>
  );
}

function Ways({ transfer, needed: { sources, missing } }: NeedsFilesProps): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const { id } = transfer;
  const { pickers } = model;
  const canReopen = sources !== 'none';
  const paths = missing.length > 0 ? missing : transfer.files.value.map(({ path }) => path);
  const inFolders = paths.some((path) => path.includes('/'));
  const areLoose = paths.some((path) => !path.includes('/'));
  const hasFolderPicker = pickers.folder || canPickFolderByInput();
  const first = canReopen ? 'secondary' : 'primary';
  return (
    <div class="actions">
      {canReopen && (
        <button type="button" class="primary" onClick={() => commands.reopenFiles(id)}>
          {words.continueSending}
        </button>
      )}
      {inFolders && hasFolderPicker && (
        <FilePicker
          label={words.chooseSameFolder}
          class={first}
          testId="folder-input-again"
          isMultiple
          isFolder
          onPick={pickers.folder ? () => commands.chooseFolderAgain(id) : undefined}
          onFiles={(files) => commands.addFilesAgain(id, files)}
        />
      )}
      {(areLoose || !hasFolderPicker) && (
        <FilePicker
          label={words.chooseSameFiles}
          class={inFolders ? 'secondary' : first}
          testId="file-input-again"
          isMultiple
          onPick={pickers.files ? () => commands.chooseFilesAgain(id) : undefined}
          onFiles={(files) => commands.addFilesAgain(id, files)}
        />
      )}
    </div>
  );
}
