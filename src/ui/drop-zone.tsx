import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp, useMessages } from './app-context.ts';

/** Files can be dropped or pasted anywhere, and so can texts and codes. */
export function DropZone({ children }: { readonly children: ComponentChildren }): VNode {
  const { commands } = useApp();
  const words = useMessages();
  const [isOver, setIsOver] = useState(false);

  useEffect(() => {
    // Entering a child fires before leaving its parent, so the depth is counted.
    let depth = 0;
    const set = (next: number): void => {
      depth = Math.max(0, next);
      setIsOver(depth > 0);
    };
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const listeners = new AbortController();
    const on = <K extends keyof DocumentEventMap>(type: K, listener: (event: DocumentEventMap[K]) => void): void =>
      document.addEventListener(type, listener, { signal: listeners.signal });
    on('dragenter', (event) => {
      if (hasFiles(event)) set(depth + 1);
    });
    on('dragleave', (event) => {
      if (hasFiles(event)) set(depth - 1);
    });
    on('dragover', (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    on('drop', (event) => {
      set(0);
      if (event.dataTransfer === null || !hasFiles(event)) return;
      event.preventDefault();
      commands.drop(event.dataTransfer);
    });
    on('paste', (event) => {
      const clipboard = event.clipboardData;
      if (clipboard === null) return;
      const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const isText = clipboard.getData('text/plain') !== '';
      // A text goes where the cursor is. (What a script pastes is empty in Firefox 153, whatever it was made from.)
      if ((isField && isText) || (!isText && clipboard.files.length === 0)) return;
      event.preventDefault();
      commands.paste(clipboard);
    });
    return () => listeners.abort();
  }, [commands]);

  return (
    <div class="page">
      {children}
      {isOver && (
        <div class="drop-target" aria-hidden="true">
          {words.dropHere}
        </div>
      )}
    </div>
  );
}
