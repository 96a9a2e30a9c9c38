import type { VNode } from 'preact';
import { useApp, useMessages } from '../app-context.ts';
import { RememberDevice } from '../known-devices.tsx';
import { CheckMark } from '../check-mark.tsx';
import { PathPanel } from '../path-panel.tsx';
import { PickButtons } from '../pick-buttons.tsx';
import { ReadingView } from '../reading-view.tsx';
import { TextField } from '../text-field.tsx';
import { TransferList } from '../transfer-list.tsx';
import { TrustCard } from '../trust-card.tsx';

export function TransferScreen(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const link = model.link.value;
  const trust = model.trust.value.state;
  const name = model.knownPeers.value.find(({ id }) => id === model.peerId.value)?.name ?? '';
  return (
    <>
      <h1 tabIndex={-1}>{words.transferTitle}</h1>
      <div class={`link link-${link}`}>
        <p role="status" data-testid="status" data-state={link}>
          <span class="dot" aria-hidden="true" />
          {link === 'connected' && name !== '' ? words.connectedTo(name) : words.linkStates[link]}
        </p>
        {(trust === 'bySight' || trust === 'matched') && (
          <p class="trusted" data-testid="trust" data-state={trust}>
            <CheckMark />
            {words.trustStates[trust]}
          </p>
        )}
        {link === 'connected' && (
          <button type="button" class="quiet" onClick={() => commands.disconnect()}>
            {words.disconnect}
          </button>
        )}
        {link === 'reconnecting' && (
          <button type="button" class="quiet" onClick={() => commands.stopReconnecting()}>
            {words.stopReconnecting}
          </button>
        )}
        {link !== 'connected' && (
          <button
            type="button"
            class={link === 'reconnecting' ? 'secondary' : 'primary'}
            onClick={() => commands.pairAgain()}
          >
            {words.pairAgain}
          </button>
        )}
        {link === 'lost' && <p class="hint">{words.lostHint}</p>}
        {link === 'reconnecting' && <p class="hint">{words.reconnectingHint}</p>}
        {link === 'connected' && <RememberDevice />}
      </div>
      <TrustCard />
      {link === 'connected' && <PathPanel />}
      {model.transfers.value.length === 0 ? (
        <section class="card empty">
          <p class="lead">{words.noTransfers}</p>
        </section>
      ) : (
        <TransferList />
      )}
      <section class="card">
        <ReadingView />
        <PickButtons
          filesLabel={words.sendMore}
          folderLabel={words.sendFolder}
          class={model.transfers.value.length === 0 ? 'primary' : 'secondary'}
        />
        <TextField onSend={() => commands.sendText()} />
      </section>
    </>
  );
}
