import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useMessages } from './app-context.ts';
import { formatBytes } from './format.ts';

/** So many are named; the rest is counted. */
const NAMED_FILES = 5;

/** After a reload of the sender: which files it needs again. The picker for them belongs below the list. */
export function ChooseAgain({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const named = transfer.files.value.slice(0, NAMED_FILES);
  return (
    <div class="choose-again" data-testid="choose-again">
      <p>{words.chooseAgain(transfer.fileCount)}</p>
      <ul class="files">
        {named.map(({ path, sizeBytes, isFolder }) => (
          <li key={path}>
            <span class="name">{path}</span>
            <span class="size">{isFolder ? words.emptyFolder : formatBytes(sizeBytes)}</span>
          </li>
        ))}
        {transfer.fileCount > named.length && <li>{words.andMore(transfer.fileCount - named.length)}</li>}
      </ul>
    </div>
  );
}
