import type { TabChannel, TabMessage } from '../../ports/tabs.ts';

/** Without BroadcastChannel (none of our browsers lacks it) a tab just stays alone. */
export function openTabChannel(name: string): TabChannel {
  const tabs: TabChannel = { post: () => undefined, onMessage: undefined };
  if (typeof BroadcastChannel === 'undefined') return tabs;
  const channel = new BroadcastChannel(name);
  tabs.post = (message) => channel.postMessage(message);
  channel.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isTabMessage(event.data)) tabs.onMessage?.(event.data);
  });
  return tabs;
}

/** Another version of the app in another tab may speak otherwise. */
function isTabMessage(value: unknown): value is TabMessage {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const message = new Map<string, unknown>(Object.entries(value));
  const hasText = (key: string): boolean => typeof message.get(key) === 'string';
  switch (value.type) {
    case 'codeOpened':
      return hasText('offerId') && hasText('text');
    case 'codeWanted':
      return hasText('offerId') && hasText('tabId');
    case 'codeGiven':
      return hasText('offerId') && hasText('tabId') && hasText('text');
    default:
      return false;
  }
}
