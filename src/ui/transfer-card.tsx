import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useMessages } from './app-context.ts';
import { CheckMark } from './check-mark.tsx';
import { ErrorText } from './error-text.tsx';
import { FileOutcomes } from './file-outcomes.tsx';
import { formatBytes } from './format.ts';
import type { Messages } from './messages/messages.ts';
import { NeedsFiles } from './needs-files.tsx';
import { PrivateWindowNote } from './private-window-note.tsx';
import { ReceivedText } from './received-text.tsx';
import { Receipt } from './receipt.tsx';
import { DiskFullHint, OfferHints } from './room-hint.tsx';
import { SavePanel } from './save-panel.tsx';
import { TransferActions } from './transfer-actions.tsx';
import { TransferFiles } from './transfer-files.tsx';
import { TransferProgress } from './transfer-progress.tsx';

interface TransferCardProps {
  readonly transfer: TransferView;
  /** On the home screen: shorter, and what is unfinished is taken up again there. */
  readonly isAtHome?: boolean;
}

/** One transfer, from the offer to the receipt. */
export function TransferCard({ transfer, isAtHome = false }: TransferCardProps): VNode {
  const words = useMessages();
  const { direction } = transfer;
  const state = transfer.state.value;
  const text = transfer.text.value;
  const folder = transfer.folderName.value;
  const isReceived = direction === 'receiving' && state === 'verified';
  const isUnfinished = state === 'running' || state === 'paused' || state === 'interrupted' || state === 'elsewhere';
  const needed = isUnfinished ? transfer.needsFiles.value : undefined;
  return (
    <li
      class={`card transfer transfer-${state}`}
      data-testid="transfer"
      data-state={state}
      data-direction={direction}
      data-kind={transfer.kind}
      data-transfer={transfer.id}
    >
      <h3>{titleOf(transfer, words)}</h3>
      {!(direction === 'receiving' && state === 'offered') && (
        <p class="transfer-state" role="status">
          {state === 'verified' && <CheckMark />}
          {stateOf(transfer, words)}
        </p>
      )}
      {isUnfinished && <TransferProgress transfer={transfer} />}
      <Trouble transfer={transfer} />
      <OfferHints transfer={transfer} />
      {direction === 'receiving' && state === 'offered' && <PrivateWindowNote />}
      <FileOutcomes transfer={transfer} />
      {needed !== undefined && <NeedsFiles transfer={transfer} needed={needed} />}
      {isReceived && text !== undefined && <ReceivedText transfer={transfer} text={text} />}
      {transfer.kind === 'files' && needed === undefined && <TransferFiles transfer={transfer} isAtHome={isAtHome} />}
      {isReceived &&
        text === undefined &&
        (folder === undefined ? <SavePanel transfer={transfer} /> : <SavedIn folder={folder} />)}
      <TransferActions transfer={transfer} isAtHome={isAtHome} />
      <Receipt transfer={transfer} />
    </li>
  );
}

/** It went straight there. */
function SavedIn({ folder }: { readonly folder: string }): VNode {
  const words = useMessages();
  return (
    <p class="saved" data-testid="saved-in">
      <CheckMark />
      {words.savedIn(folder)}
    </p>
  );
}

function Trouble({ transfer }: { readonly transfer: TransferView }): VNode | null {
  const error = transfer.error.value;
  if (error === undefined) return null;
  if (error.code === 'disk-full' && transfer.state.value === 'paused') return <DiskFullHint transfer={transfer} />;
  return (
    <div class="notice notice-error">
      <ErrorText error={error} />
    </div>
  );
}

function stateOf({ direction, needsFiles, pausedBy, state }: TransferView, words: Messages): string {
  if (pausedBy.value !== undefined) return words.pausedBy[pausedBy.value];
  const isOfReload = state.value === 'interrupted' && needsFiles.value !== undefined;
  return isOfReload ? words.interruptedByReload : words.transferStates[state.value][direction];
}

function titleOf(transfer: TransferView, words: Messages): string {
  const { direction, fileCount, kind } = transfer;
  const state = transfer.state.value;
  const phase = state === 'verified' ? 'done' : state === 'offered' && direction === 'receiving' ? 'offered' : 'going';
  const size = formatBytes(transfer.totalBytes);
  return kind === 'text' ? words.textTitles[phase][direction] : words.titles[phase][direction](fileCount, size);
}
