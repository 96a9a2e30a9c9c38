import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { formatBytes } from './format.ts';

/** Of an offer: it may not fit, and what the browser is going to ask. Nothing where all is well. */
export function OfferHints({ transfer }: { readonly transfer: TransferView }): VNode | null {
  const { model } = useApp();
  const words = useMessages();
  if (transfer.direction !== 'receiving' || transfer.state.value !== 'offered') return null;
  const missing = transfer.missingBytes.value;
  const { asksAboveBytes } = model.storage.value;
  return (
    <>
      {missing > 0 && (
        <p class="notice notice-warning" data-testid="missing">
          {words.offerTooLarge(formatBytes(missing))}
        </p>
      )}
      {asksAboveBytes !== undefined && transfer.totalBytes > asksAboveBytes && (
        <p class="hint" data-testid="asks-to-keep">
          {words.asksToKeep}
        </p>
      )}
    </>
  );
}

/** Paused for want of room, here or at the other device. */
export function DiskFullHint({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const missing = transfer.missingBytes.value;
  return (
    <p class="notice notice-warning" role="status" data-testid="disk-full">
      {transfer.direction === 'sending'
        ? words.diskFullThere
        : missing > 0
          ? words.diskFullMissing(formatBytes(missing))
          : words.diskFullHere}
    </p>
  );
}
