import type { VNode } from 'preact';
import type { ChosenItem } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { formatBytes } from './format.ts';
import type { Messages } from './messages/messages.ts';

/** So many items are listed; the rest is counted. */
const LISTED_ITEMS = 100;

const NO_BREAK = '\u00a0';

/** What was chosen, with a folder as one line, whatever it holds. */
export function ChosenList(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const items = model.chosen.value;
  const listed = items.slice(0, LISTED_ITEMS);
  const unlistedFiles = items.slice(LISTED_ITEMS).reduce((sum, { fileCount }) => sum + fileCount, 0);
  const fileCount = items.reduce((sum, item) => sum + item.fileCount, 0);
  const totalBytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <>
      <ul class="files" data-testid="chosen">
        {listed.map((item) => (
          <li key={item.id}>
            <span class="name">
              {item.kind === 'folder' && <FolderSign />}
              {item.name}
            </span>
            <span class={item.kind === 'folder' ? 'size contents' : 'size'}>{about(item, words)}</span>
            <button
              type="button"
              class="quiet"
              aria-label={words.remove(item.name)}
              onClick={() => commands.removeChosen(item.id)}
            >
              ✕
            </button>
          </li>
        ))}
        {unlistedFiles > 0 && <li>{words.andMore(unlistedFiles)}</li>}
      </ul>
      <p class="total">
        <span role="status">{words.fileCount(fileCount, formatBytes(totalBytes))}</span>
        {items.length > 1 && (
          <button type="button" class="quiet" onClick={() => commands.removeAllChosen()}>
            {words.removeAll}
          </button>
        )}
      </p>
    </>
  );
}

function about({ kind, fileCount, sizeBytes }: ChosenItem, words: Messages): string {
  if (kind === 'text') return words.text;
  if (kind === 'file') return formatBytes(sizeBytes);
  // Where the line is short, it breaks before the size.
  return fileCount === 0
    ? words.emptyFolder
    : words.fileCount(fileCount, formatBytes(sizeBytes).replace(' ', NO_BREAK));
}

function FolderSign(): VNode {
  return (
    <svg class="folder-sign" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d="M3 6.5A1.5 1.5 0 0 1 4.5 5h4.6l2 2.5h8.4A1.5 1.5 0 0 1 21 9v8.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5z" />
    </svg>
  );
}
