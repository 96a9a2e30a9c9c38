import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { formatBytes } from './format.ts';
import { TransferCard } from './transfer-card.tsx';

/** On the home screen: what is under way, an offer for example, which nobody must miss. */
export function UnderWay(): VNode | null {
  const { model } = useApp();
  const words = useMessages();
  const live = model.transfers.value.filter((transfer) => placeOf(transfer) === 'under way').toReversed();
  if (live.length === 0) return null;
  return (
    <section class="kept" aria-labelledby="under-way">
      <h2 id="under-way">{words.transferTitle}</h2>
      <ul class="transfers">
        {live.map((transfer) => (
          <TransferCard key={transfer.id} transfer={transfer} />
        ))}
      </ul>
    </section>
  );
}

/** What lies here: unfinished transfers of both directions, and what was received. Newest first. */
export function OnThisDevice(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  const kept = model.transfers.value.filter((transfer) => placeOf(transfer) === 'on this device').toReversed();
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

/** What ended without leaving anything here is on the screen of the link only. */
function placeOf({ direction, state }: TransferView): 'under way' | 'on this device' | 'nowhere' {
  switch (state.value) {
    case 'queued':
    case 'offered':
    case 'running':
      return 'under way';
    case 'paused':
    case 'interrupted':
    case 'elsewhere':
      return 'on this device';
    case 'verified':
    case 'failed':
      return direction === 'receiving' ? 'on this device' : 'nowhere';
    case 'declined':
    case 'cancelled':
      return 'nowhere';
    default:
      return state.value satisfies never;
  }
}
