import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp, useMessages } from './app-context.ts';
import { ServerCard } from './server-card.tsx';

/**
 * Servers that anybody may use, offered and never taken by themselves: of two operators, so that nobody is made the one
 * that sees everyone. No TURN server is open to all; whoever runs one pays for what it passes on.
 */
const SUGGESTIONS = [
  { uri: 'stun:stun.cloudflare.com:3478', operator: 'Cloudflare' },
  { uri: 'stun:stun.l.google.com:19302', operator: 'Google' },
] as const;

export function ServerList(): VNode {
  const { model, commands } = useApp();
  const words = useMessages().reach;
  const { servers, canAdd, usedCount } = model.reach.value;
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(servers.length);
  const suggestions = SUGGESTIONS.filter(({ uri }) => servers.every((server) => server.uri !== uri));

  // Whoever has added one is about to write into it.
  useEffect(() => {
    if (servers.length > count.current) list.current?.querySelector<HTMLElement>('li:last-child input')?.focus();
    count.current = servers.length;
  }, [servers.length]);

  return (
    <section class="servers" aria-labelledby="servers">
      <h2 id="servers">{words.servers}</h2>
      {words.serversHint.map((hint) => (
        <p key={hint} class="hint">
          {hint}
        </p>
      ))}
      <p role="status" class={usedCount === 0 ? 'step' : 'visually-hidden'} data-testid="no-servers">
        {usedCount === 0 && words.noServers}
      </p>
      <ul ref={list} class="server-cards">
        {servers.map((server, index) => (
          <ServerCard key={server.id} server={server} number={index + 1} />
        ))}
      </ul>
      {canAdd ? (
        <button type="button" class="secondary" onClick={() => commands.addServer('')}>
          {words.addServer}
        </button>
      ) : (
        <p class="hint">{words.listFull(servers.length)}</p>
      )}
      {canAdd && suggestions.length > 0 && (
        <div class="suggestions">
          <h3>{words.suggestions}</h3>
          <p class="hint">{words.suggestionsHint}</p>
          {suggestions.map(({ uri, operator }) => (
            <button key={uri} type="button" class="quiet" onClick={() => commands.addServer(uri)}>
              {words.addSuggestion(uri, operator)}
            </button>
          ))}
        </div>
      )}
      <details>
        <summary>{words.privacyTitle}</summary>
        <ul class="tips">
          {words.privacy.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
