import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';

/** The Merkle root over all that was sent, computed from what is on the receiver's disk: the same on both devices. */
export function Receipt({ transfer }: { readonly transfer: TransferView }): VNode | null {
  const { commands } = useApp();
  const words = useMessages();
  const root = transfer.root.value;
  if (root === undefined) return null;
  return (
    <details class="receipt">
      <summary>
        {words.receipt} <code>{root.slice(0, 8)}</code>
      </summary>
      <p class="hint">{words.receiptHint}</p>
      <code class="code-text" data-testid="root">
        {root}
      </code>
      <button type="button" class="secondary" onClick={() => commands.copyReceipt(transfer.id)}>
        {words.copyReceipt}
      </button>
    </details>
  );
}
