import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { ConfirmButton } from './confirm-button.tsx';

interface TransferActionsProps {
  readonly transfer: TransferView;
  /** On the home screen, where what is unfinished is taken up again or thrown away. */
  readonly isAtHome: boolean;
}

/** What can be done with a transfer in its state, but for saving it. */
export function TransferActions({ transfer, isAtHome }: TransferActionsProps): VNode | null {
  const { commands, model } = useApp();
  const words = useMessages();
  const { id, direction } = transfer;
  const isReceiving = direction === 'receiving';
  const state = transfer.state.value;
  switch (state) {
    case 'offered':
      return isReceiving ? (
        <div class="actions">
          <button type="button" class="primary" onClick={() => commands.accept(id)}>
            {words.accept}
          </button>
          {model.saveWays.folder && transfer.kind === 'files' && (
            <button type="button" class="secondary" onClick={() => commands.acceptToFolder(id)}>
              {words.acceptToFolder}
            </button>
          )}
          <button type="button" class="secondary" onClick={() => commands.decline(id)}>
            {words.decline}
          </button>
        </div>
      ) : (
        <Cancel transfer={transfer} />
      );
    case 'queued':
      return <Cancel transfer={transfer} />;
    case 'running':
      return (
        <div class="actions">
          <button type="button" class="secondary" onClick={() => commands.pause(id)}>
            {words.pause}
          </button>
          <CancelButton transfer={transfer} />
        </div>
      );
    case 'paused':
    case 'interrupted':
      return (
        <div class="actions">
          {wantsFolder(transfer) && (
            <button type="button" class="primary" onClick={() => commands.acceptToFolder(id)}>
              {words.chooseSameFolder}
            </button>
          )}
          {canResume(transfer, isAtHome) && (
            <button type="button" class="primary" onClick={() => commands.resume(id)}>
              {transfer.error.value?.code === 'disk-full' ? words.tryAgain : words.resume}
            </button>
          )}
          {isAtHome ? (
            <ConfirmButton
              label={words.discardPartial}
              question={words.discardPartialQuestion[direction]}
              onConfirmed={() => commands.discard(id)}
            />
          ) : (
            <CancelButton transfer={transfer} />
          )}
        </div>
      );
    case 'elsewhere':
      return null;
    case 'verified':
      if (transfer.saving.value !== undefined) return null;
      return (
        <div class="actions">
          {isReceiving && transfer.folderName.value === undefined ? (
            <ConfirmButton
              label={words.discard}
              // A text was read by now, and is copied rather than saved.
              question={transfer.isSaved.value || transfer.text.value !== undefined ? undefined : words.discardQuestion}
              onConfirmed={() => commands.discard(id)}
            />
          ) : (
            <Dismiss transfer={transfer} />
          )}
        </div>
      );
    case 'declined':
    case 'cancelled':
    case 'failed':
      return (
        <div class="actions">
          <Dismiss transfer={transfer} />
        </div>
      );
    default:
      return state satisfies never;
  }
}

function wantsFolder({ error, state }: TransferView): boolean {
  return state.value === 'paused' && error.value?.code === 'folder-refused';
}

/** Whoever paused it lets it go on; after a failure that was mended either side may try. */
function canResume(transfer: TransferView, isAtHome: boolean): boolean {
  const { needsFiles, pausedBy, state } = transfer;
  // Then its files, or its folder, come first, which have buttons of their own.
  if (needsFiles.value !== undefined || wantsFolder(transfer)) return false;
  return state.value === 'paused' ? pausedBy.value !== 'there' : isAtHome;
}

function Cancel({ transfer }: { readonly transfer: TransferView }): VNode {
  return (
    <div class="actions">
      <CancelButton transfer={transfer} />
    </div>
  );
}

function CancelButton({ transfer }: { readonly transfer: TransferView }): VNode {
  const { commands } = useApp();
  const words = useMessages();
  return (
    <button type="button" class="secondary" onClick={() => commands.cancel(transfer.id)}>
      {words.cancel}
    </button>
  );
}

function Dismiss({ transfer }: { readonly transfer: TransferView }): VNode {
  const { commands } = useApp();
  const words = useMessages();
  return (
    <button type="button" class="quiet" onClick={() => commands.discard(transfer.id)}>
      {words.dismiss}
    </button>
  );
}
