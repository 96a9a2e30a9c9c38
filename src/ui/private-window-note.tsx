import type { VNode } from 'preact';
import { useApp, useMessages } from './app-context.ts';
import { formatBytes } from './format.ts';

/** For a window that forgets what it received when it is closed: said before anything is accepted. */
export function PrivateWindowNote(): VNode | null {
  const { model } = useApp();
  const words = useMessages();
  const place = model.place.value;
  if (place?.isTemporary !== true) return null;
  const room = place.roomBytes === undefined ? undefined : formatBytes(place.roomBytes);
  return (
    <p class="hint" data-testid="private-window">
      {words.privateWindow(room)}
    </p>
  );
}
