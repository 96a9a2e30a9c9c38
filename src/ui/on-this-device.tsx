import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { formatBytes } from './format.ts';
import { TransferCard } from './transfer-card.tsx';

/** What lies here: unfinished transfers of both directions, and what was received. Newest first. */
export function OnThisDevice(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  const kept = model.transfers.value.filter(isKept).toReversed();
  if (kept.length === 0) return null;
  const { usedBytes } = model.storage.value;
  return (
    <section class="kept" aria-labelledby="kept">
      <div class="kept-head">
        <h2 id="kept">{words.onThisDevice}</h2>
        {usedBytes !== undefined && (
          <p class="hint" data-testid="space-used">
            {words.spaceUsed(formatBytes(usedBytes))}
          </p>
        )}
        <ConfirmButton
          label={words.clearAll}
          question={words.clearAllQuestion}
          onConfirmed={() => commands.clearAll()}
        />
      </div>
      <ul class="transfers">
        {kept.map((transfer) => (
          <TransferCard key={transfer.id} transfer={transfer} isAtHome />
        ))}
      </ul>
    </section>
  );
}

/** What is under way is on the screen of the link; what ended without leaving anything is nowhere. */
function isKept({ direction, state }: TransferView): boolean {
  switch (state.value) {
    case 'paused':
    case 'interrupted':
    case 'elsewhere':
      return true;
    case 'verified':
    case 'failed':
      return direction === 'receiving';
    case 'queued':
    case 'offered':
    case 'running':
    case 'declined':
    case 'cancelled':
      return false;
    default:
      return state.value satisfies never;
  }
}
