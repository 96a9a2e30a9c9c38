import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { KnownPeerView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { QrCode } from './qr-code.tsx';
import { formatDate } from './format.ts';

/** On the home screen: devices that were paired before, to be connected to without a code. */
export function KnownDevices(): VNode | null {
  const { model } = useApp();
  const words = useMessages();
  const known = model.knownPeers.value;
  if (known.length === 0) return null;
  return (
    <section class="kept" aria-labelledby="known-devices">
      <div class="kept-head">
        <h2 id="known-devices">{words.knownDevices}</h2>
        <p class="hint">{words.knownDevicesHint}</p>
      </div>
      <ul class="known-devices">
        {known.map((peer) => (
          <KnownDevice key={peer.id} peer={peer} />
        ))}
      </ul>
    </section>
  );
}

function KnownDevice({ peer }: { readonly peer: KnownPeerView }): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const [isNaming, setIsNaming] = useState(false);
  const isCurrent = model.peerId.value === peer.id;
  const link = model.link.value;
  const isCalling = model.call.value?.peerId === peer.id;
  const name = peer.name === '' ? words.unnamedDevice : peer.name;
  return (
    <li class="card known-device" data-testid="known-device">
      {isNaming ? (
        <DeviceName peer={peer} onDone={() => setIsNaming(false)} />
      ) : (
        <p class="device-name">
          <strong dir="auto">{name}</strong>
          <span class="hint">
            {isCurrent && link !== 'none'
              ? words.linkStates[link]
              : words.lastConnected(formatDate(peer.linkedEpochMs))}
            {peer.unfinishedCount > 0 && ` · ${words.unfinishedTransfers(peer.unfinishedCount)}`}
          </span>
        </p>
      )}
      <div class="actions">
        {isCurrent && link === 'connected' && (
          <button type="button" class="secondary" onClick={() => commands.showTransfers()}>
            {words.showConnection}
          </button>
        )}
        {(!isCurrent || link === 'none' || link === 'lost') && (
          <button
            type="button"
            class="secondary"
            disabled={link === 'connected' || link === 'reconnecting'}
            aria-label={words.connectTo(name)}
            onClick={() => commands.connectPeer(peer.id)}
          >
            {words.connect}
          </button>
        )}
        {!isNaming && (
          <button type="button" class="quiet" aria-label={words.renameDevice(name)} onClick={() => setIsNaming(true)}>
            {words.rename}
          </button>
        )}
        {!isCalling && (!isCurrent || link === 'none' || link === 'lost') && (
          <button
            type="button"
            class="quiet"
            disabled={link === 'connected' || link === 'reconnecting'}
            aria-label={words.showCallFor(name)}
            onClick={() => commands.callPeer(peer.id)}
          >
            {words.showCall}
          </button>
        )}
        <ConfirmButton
          label={words.forget}
          question={words.forgetQuestion(name)}
          onConfirmed={() => commands.forgetPeer(peer.id)}
        />
      </div>
      {isCalling && <CallCode name={name} />}
    </li>
  );
}

/** To be read once by the device that it is for. */
function CallCode({ name }: { readonly name: string }): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const code = model.call.value?.code;
  return (
    <div class="call">
      <p class="hint">{words.callHint(name)}</p>
      {code === undefined ? (
        <p class="hint" role="status">
          {words.makingCode}
        </p>
      ) : (
        <>
          <div class="qr-box">
            <QrCode qr={code.qr} label={words.qrLabel(code.qr.version, code.sizeBytes)} />
          </div>
          <button type="button" class="secondary" onClick={() => commands.copyCall()}>
            {words.copyLink}
          </button>
          <details>
            <summary>{words.codeAsText}</summary>
            <p class="code-text" data-testid="call-link">
              {code.link}
            </p>
          </details>
        </>
      )}
      <button type="button" class="quiet" onClick={() => commands.stopCall()}>
        {words.stopCall}
      </button>
    </div>
  );
}

/** On the screen of the link: shall this device be known also later? */
export function RememberDevice(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  const peer = model.knownPeers.value.find(({ id }) => id === model.peerId.value);
  if (peer === undefined) return null;
  return (
    <div class="remember">
      <label>
        <input
          type="checkbox"
          data-testid="remember"
          checked={peer.isRemembered}
          onChange={({ currentTarget }) => commands.rememberPeer(peer.id, currentTarget.checked)}
        />
        {words.rememberDevice}
      </label>
      {peer.isRemembered ? <DeviceName peer={peer} /> : <p class="hint">{words.rememberHint}</p>}
    </div>
  );
}

function DeviceName({ peer, onDone }: { readonly peer: KnownPeerView; readonly onDone?: () => void }): VNode {
  const { commands } = useApp();
  const words = useMessages();
  const [name, setName] = useState(peer.name);
  return (
    <form
      class="device-name-form"
      onSubmit={(event) => {
        event.preventDefault();
        commands.renamePeer(peer.id, name);
        onDone?.();
      }}
    >
      <label for={`name-${peer.id}`}>{words.deviceName}</label>
      <input
        id={`name-${peer.id}`}
        type="text"
        maxLength={32}
        autocomplete="off"
        placeholder={words.deviceNamePlaceholder}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        onBlur={() => onDone === undefined && commands.renamePeer(peer.id, name)}
      />
      <button type="submit" class="secondary">
        {words.saveName}
      </button>
    </form>
  );
}
