import type { VNode } from 'preact';
import { useApp, useMessages } from '../app-context.ts';
import { KnownDevices } from '../known-devices.tsx';
import { OnThisDevice, UnderWay } from '../on-this-device.tsx';

export function HomeScreen(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  return (
    <>
      <section class="hero">
        <h1 tabIndex={-1}>{words.claim}</h1>
        <p class="lead">{words.claimMore}</p>
        <div class="choices">
          <button
            type="button"
            class="choice primary"
            onClick={() => commands.startSend()}
            aria-describedby="send-hint"
          >
            <Arrow direction="up" />
            <span>{words.send}</span>
          </button>
          <button type="button" class="choice" onClick={() => commands.startReceive()} aria-describedby="receive-hint">
            <Arrow direction="down" />
            <span>{words.receive}</span>
          </button>
          <p id="send-hint" class="hint">
            {words.sendHint}
          </p>
          <p id="receive-hint" class="hint">
            {words.receiveHint}
          </p>
        </div>
      </section>
      <Reconnecting />
      <UnderWay />
      <OnThisDevice />
      <KnownDevices />
      <details class="how">
        <summary>{words.howItWorks}</summary>
        <ol>
          {words.howSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </details>
      <button type="button" class="quiet centered" data-testid="go-settings" onClick={() => commands.openSettings()}>
        {words.reach.settings}
      </button>
      {model.installed.value.canInstall && (
        <button type="button" class="quiet centered" onClick={() => commands.install()}>
          {words.install}
        </button>
      )}
    </>
  );
}

/** A page that was loaded again looks for the device that it was connected to. */
function Reconnecting(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  if (model.link.value !== 'reconnecting') return null;
  return (
    <section class="card link link-reconnecting">
      <p role="status" data-testid="status" data-state="reconnecting">
        <span class="dot" aria-hidden="true" />
        {words.linkStates.reconnecting}
      </p>
      <button type="button" class="quiet" onClick={() => commands.stopReconnecting()}>
        {words.stopReconnecting}
      </button>
    </section>
  );
}

function Arrow({ direction }: { readonly direction: 'up' | 'down' }): VNode {
  return (
    <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false">
      <path
        d={direction === 'up' ? 'M12 19V5M5 12l7-7 7 7' : 'M12 5v14M5 12l7 7 7-7'}
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
