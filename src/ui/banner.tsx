import type { VNode } from 'preact';
import { useApp, useMessages } from './app-context.ts';

/** What is true of the whole app: a newer version, a living link. */
export function Banner(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  if (model.installed.value.updateReady) {
    return (
      <aside class="banner">
        <span>{words.updateReady}</span>
        <button type="button" class="secondary" onClick={() => commands.applyUpdate()}>
          {words.reload}
        </button>
      </aside>
    );
  }
  if (model.link.value === 'connected' && model.screen.value !== 'transfer') {
    return (
      <aside class="banner">
        <span>{words.connectedBanner}</span>
        <button type="button" class="secondary" onClick={() => commands.showTransfers()}>
          {words.showTransfers}
        </button>
      </aside>
    );
  }
  return null;
}
