import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { MyCode } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { CodeAsText } from './code-as-text.tsx';
import { QrCode } from './qr-code.tsx';

/** My code: to be scanned, or sent as a link. */
export function MyCodeCard(): VNode {
  const words = useMessages();
  const code = useApp().model.myCode.value;
  const isReply = code.state === 'shown' && code.kind === 'reply';
  return (
    <section class="card my-code" aria-labelledby="my-code">
      <h2 id="my-code">{isReply ? words.myReply : words.myCode}</h2>
      {code.state === 'shown' ? (
        <>
          <p class="hint">{isReply ? words.myReplyHint : words.myCodeHint}</p>
          <ShownCode code={code} />
        </>
      ) : (
        <>
          <p class="hint">{words.myCodeHint}</p>
          <RoomForCode />
        </>
      )}
    </section>
  );
}

/** As tall as the code that comes next: what is below must not jump away from under a finger. */
function RoomForCode(): VNode {
  const { model } = useApp();
  const words = useMessages();
  return (
    <>
      <div class="qr-box qr-placeholder">
        <p class="hint" role="status">
          {words.makingCode}
        </p>
      </div>
      <div class="room" aria-hidden="true">
        <p class="hint code-age">{words.codeAge(0)}</p>
        {model.canShare && <p class="room-button">{words.shareLink}</p>}
        <p class="room-button">{words.copyLink}</p>
        <p class="room-summary">{words.codeAsText}</p>
      </div>
    </>
  );
}

function ShownCode({ code }: { readonly code: Extract<MyCode, { state: 'shown' }> }): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const dialog = useRef<HTMLDialogElement>(null);
  const label = words.qrLabel(code.qr.version, code.sizeBytes);
  return (
    <>
      <button type="button" class="qr-button" aria-label={words.enlarge} onClick={() => dialog.current?.showModal()}>
        <QrCode qr={code.qr} label={label} />
      </button>
      <dialog ref={dialog} class="full-screen" onClick={() => dialog.current?.close()}>
        <QrCode qr={code.qr} label={label} />
        <button type="button" class="secondary">
          {words.closeFullScreen}
        </button>
      </dialog>
      <p class="hint code-age">{words.codeAge(code.ageMinutes.value)}</p>
      {model.canShare && (
        <button type="button" class="primary wide" onClick={() => commands.shareLink()}>
          {words.shareLink}
        </button>
      )}
      <button
        type="button"
        class={model.canShare ? 'secondary wide' : 'primary wide'}
        onClick={() => commands.copyLink()}
      >
        {words.copyLink}
      </button>
      <CodeAsText code={code} />
    </>
  );
}
