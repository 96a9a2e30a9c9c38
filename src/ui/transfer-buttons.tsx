import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';

/** Pause and resume: whoever paused it lets it go on; after a failure that was mended either side may try. */
export function PauseButton({ transfer }: { readonly transfer: TransferView }): VNode | null {
  const { commands } = useApp();
  const words = useMessages();
  const state = transfer.state.value;
  if (state === 'running') {
    return (
      <button type="button" class="secondary" onClick={() => commands.pause(transfer.id)}>
        {words.pause}
      </button>
    );
  }
  if (state !== 'paused' || transfer.pausedBy.value === 'there') return null;
  return (
    <button type="button" class="primary" onClick={() => commands.resume(transfer.id)}>
      {transfer.error.value?.code === 'disk-full' ? words.tryAgain : words.resume}
    </button>
  );
}
