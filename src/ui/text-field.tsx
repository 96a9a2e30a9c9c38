import type { VNode } from 'preact';
import { useApp, useMessages } from './app-context.ts';

/** A text to send. Without `onSend` it goes along with what else was chosen. */
export function TextField({ onSend }: { readonly onSend?: () => void }): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const draft = model.draft.value;
  return (
    <form
      class="text-field"
      onSubmit={(event) => {
        event.preventDefault();
        onSend?.();
      }}
    >
      <label for="text-to-send">{words.textLabel}</label>
      <textarea
        id="text-to-send"
        data-testid="text-input"
        rows={Math.min(8, Math.max(2, draft.split('\n').length))}
        placeholder={words.textPlaceholder}
        value={draft}
        onInput={({ currentTarget }) => commands.writeText(currentTarget.value)}
      />
      {onSend !== undefined && (
        <button type="submit" class="secondary" disabled={draft.trim() === ''}>
          {words.sendText}
        </button>
      )}
    </form>
  );
}
