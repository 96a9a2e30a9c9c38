import type { VNode } from 'preact';
import { useApp } from './app-context.ts';
import { TransferCard } from './transfer-card.tsx';

/** Newest first: what one has just done is on top. */
export function TransferList(): VNode {
  const transfers = useApp().model.transfers.value;
  return (
    <ul class="transfers">
      {transfers.toReversed().map((transfer) => (
        <TransferCard key={transfer.id} transfer={transfer} />
      ))}
    </ul>
  );
}
