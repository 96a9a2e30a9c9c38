import type { VNode } from 'preact';
import { useApp, useMessages } from './app-context.ts';

/** While a large folder is being read. */
export function ReadingView(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  const fileCount = model.reading.value;
  if (fileCount === undefined) return null;
  return (
    <p class="reading" data-testid="reading">
      <span>{words.readingFolder(fileCount)}</span>
      <button type="button" class="quiet" onClick={() => commands.stopReading()}>
        {words.stopReading}
      </button>
    </p>
  );
}
