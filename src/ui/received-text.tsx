import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';

interface ReceivedTextProps {
  readonly transfer: TransferView;
  readonly text: string;
}

/**
 * A received text, as text and nothing else: no links, since a stranger may have sent it. Isolated, so that bidi controls
 * in it turn nothing around but itself.
 */
export function ReceivedText({ transfer, text }: ReceivedTextProps): VNode {
  const { commands } = useApp();
  const words = useMessages();
  return (
    <>
      <pre class="received-text" dir="auto" tabIndex={0} aria-label={words.receivedText} data-testid="received-text">
        {text}
      </pre>
      <div class="actions">
        <button type="button" class="primary" onClick={() => commands.copyReceivedText(transfer.id)}>
          {words.copyReceivedText}
        </button>
      </div>
    </>
  );
}
