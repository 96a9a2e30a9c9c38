import { useComputed } from '@preact/signals';
import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { CheckMark } from './check-mark.tsx';
import { ErrorText } from './error-text.tsx';
import { FileOutcomes } from './file-outcomes.tsx';
import { formatBytes, formatDuration, formatPercent, formatSpeed } from './format.ts';
import { NeedsFiles } from './needs-files.tsx';
import { PauseButton } from './transfer-buttons.tsx';

/** So many files are listed; the rest is counted. */
const LISTED_FILES = 50;

export function TransferCard({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const state = transfer.state.value;
  const size = formatBytes(transfer.totalBytes);
  const isReceiving = transfer.direction === 'receiving';
  const isTextSent = !isReceiving && transfer.kind === 'text';
  const title = isTextSent
    ? words.sendingText
    : isReceiving && state === 'offered'
      ? words.offeredIn(transfer.fileCount, size)
      : (isReceiving ? words.receivingTitle : words.sendingTitle)(transfer.fileCount, size);
  const error = transfer.error.value;
  const isGoing = state === 'running' || state === 'interrupted' || state === 'paused';
  const pausedBy = transfer.pausedBy.value;
  const needed = transfer.needsFiles.value;
  const stateWords =
    pausedBy !== undefined
      ? words.pausedBy[pausedBy]
      : needed !== undefined
        ? words.interruptedByReload
        : words.transferStates[state][transfer.direction];
  return (
    <li
      class={`card transfer transfer-${state}`}
      data-testid="transfer"
      data-state={state}
      data-direction={transfer.direction}
      data-kind={transfer.kind}
      data-transfer={transfer.id}
    >
      <h3>{title}</h3>
      {!(isReceiving && state === 'offered') && (
        <p class="transfer-state" role="status">
          {state === 'verified' && <CheckMark />}
          {stateWords}
        </p>
      )}
      {isGoing && <Progress transfer={transfer} />}
      {error !== undefined && (
        <div class="notice notice-error">
          <ErrorText error={error} />
        </div>
      )}
      <FileOutcomes transfer={transfer} />
      {needed !== undefined && <NeedsFiles transfer={transfer} needed={needed} />}
      {needed === undefined && !isTextSent && <FileList transfer={transfer} />}
      <Actions transfer={transfer} />
      <Root transfer={transfer} />
    </li>
  );
}

/** Numbers go straight into text nodes: no component renders with every step of progress. */
function Progress({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const { bytesDone, bytesPerSec, secondsLeft, totalBytes } = transfer;
  const percent = useComputed(() => formatPercent(totalBytes === 0 ? 1 : bytesDone.value / totalBytes));
  const done = useComputed(() => `${formatBytes(bytesDone.value)} / ${formatBytes(totalBytes)}`);
  const speed = useComputed(() => (bytesPerSec.value === undefined ? '' : formatSpeed(bytesPerSec.value)));
  const left = useComputed(() =>
    secondsLeft.value === undefined ? '' : words.timeLeft(formatDuration(secondsLeft.value)),
  );
  return (
    <div class="progress">
      <progress
        max={Math.max(1, totalBytes)}
        value={bytesDone}
        aria-label={words.transferStates.running[transfer.direction]}
      />
      <p class="figures">
        <span class="percent">{percent}</span>
        <span>{done}</span>
        <span>{speed}</span>
        <span>{left}</span>
      </p>
    </div>
  );
}

function FileList({ transfer }: { readonly transfer: TransferView }): VNode {
  const { commands } = useApp();
  const words = useMessages();
  const canSave = transfer.direction === 'receiving' && transfer.state.value === 'verified';
  const saved = transfer.savedFiles.value;
  const listed = transfer.files.value.slice(0, LISTED_FILES);
  return (
    <ul class="files">
      {listed.map(({ path, sizeBytes }, index) => (
        <li key={path}>
          <span class="name">{path}</span>
          <span class="size">{formatBytes(sizeBytes)}</span>
          {canSave && (
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

function Actions({ transfer }: { readonly transfer: TransferView }): VNode | null {
  const { commands } = useApp();
  const words = useMessages();
  const { id, direction } = transfer;
  const state = transfer.state.value;
  // Whatever there is to do is done in the tab that has it.
  if (state === 'elsewhere') return null;
  const isReceiving = direction === 'receiving';
  const isOver = state === 'verified' || state === 'declined' || state === 'cancelled' || state === 'failed';
  return (
    <div class="actions">
      {isReceiving && state === 'offered' && (
        <>
          <button type="button" class="primary" onClick={() => commands.accept(id)}>
            {words.accept}
          </button>
          <button type="button" class="secondary" onClick={() => commands.decline(id)}>
            {words.decline}
          </button>
        </>
      )}
      {isReceiving && state === 'verified' && (
        <button type="button" class="primary" onClick={() => commands.saveAll(id)}>
          {words.saveAll}
        </button>
      )}
      <PauseButton transfer={transfer} />
      {!isOver && !(isReceiving && state === 'offered') && (
        <button type="button" class="secondary" onClick={() => commands.cancel(id)}>
          {words.cancel}
        </button>
      )}
      {isOver && (
        <button type="button" class="quiet" onClick={() => commands.discard(id)}>
          {isReceiving && state === 'verified' ? words.discard : words.dismiss}
        </button>
      )}
    </div>
  );
}

/** The Merkle root: the same on both devices, for whoever wants to compare. */
function Root({ transfer }: { readonly transfer: TransferView }): VNode | null {
  const words = useMessages();
  const root = transfer.root.value;
  if (root === undefined) return null;
  return (
    <details class="root">
      <summary>
        {words.checksum} <code>{root.slice(0, 8)}</code>
      </summary>
      <code class="code-text" data-testid="root">
        {root}
      </code>
    </details>
  );
}
