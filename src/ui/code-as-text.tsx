import type { VNode } from 'preact';
import type { MyCode } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';

/** What the QR code says, for whoever cannot see or scan it. */
export function CodeAsText({ code }: { readonly code: Extract<MyCode, { state: 'shown' }> }): VNode {
  const { commands } = useApp();
  const words = useMessages();
  return (
    <details>
      <summary>{words.codeAsText}</summary>
      <p class="code-text" data-testid="my-link">
        {code.link}
      </p>
      <p class="code-text" data-testid="my-text">
        {code.text}
      </p>
      <button type="button" class="secondary" onClick={() => commands.copyText()}>
        {words.copyText}
      </button>
    </details>
  );
}
