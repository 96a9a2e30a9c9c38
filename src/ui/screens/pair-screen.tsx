import type { VNode } from 'preact';
import { useApp, useMessages } from '../app-context.ts';
import type { Model } from '../../app/model.ts';
import { ErrorText } from '../error-text.tsx';
import { FaceToFace } from '../face-to-face.tsx';
import type { Messages } from '../messages/messages.ts';
import { formatBytes } from '../format.ts';
import { MyCodeCard } from '../my-code-card.tsx';
import { PickButtons } from '../pick-buttons.tsx';
import { PrivateWindowNote } from '../private-window-note.tsx';
import { ReadingView } from '../reading-view.tsx';
import { VerdictView } from '../verdict-view.tsx';
import { TheirCodeCard } from '../their-code-card.tsx';

export function PairScreen(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const pairing = model.pairing.value;
  const verdict = model.verdict.value;
  // Other failures have words of their own.
  const isOfVerdict =
    pairing.state === 'read' || (pairing.state === 'failed' && pairing.error.code === 'connect-timeout');
  const hasVerdict = isOfVerdict && verdict !== undefined && verdict !== 'unknown';
  const hasFailed = pairing.state === 'failed' || model.myCode.value.state === 'failed';
  return (
    <>
      <h1 tabIndex={-1}>{words.pairTitle}</h1>
      <p class={`step step-${pairing.state}`} role="status" data-testid="status" data-state={pairing.state}>
        {sentence(model, words)}
      </p>
      {(pairing.state === 'slow' || hasVerdict) && (
        <VerdictView error={pairing.state === 'failed' ? pairing.error : undefined} />
      )}
      {pairing.state === 'failed' && !hasVerdict && (
        <div class="notice notice-error">
          <ErrorText error={pairing.error} />
        </div>
      )}
      {(hasFailed || pairing.state === 'slow') && (
        <button type="button" class="primary" onClick={() => commands.pairAgain()}>
          {words.newCodes}
        </button>
      )}
      {!hasFailed && (model.isFaceToFace.value ? <FaceToFace /> : <Cards />)}
    </>
  );
}

function Cards(): VNode {
  return (
    <>
      <div class="two">
        <MyCodeCard />
        <TheirCodeCard />
      </div>
      <ToBeSent />
    </>
  );
}

/** What is still missing, in one sentence. */
function sentence({ pairing, camera, isFaceToFace, verdict }: Model, words: Messages): string {
  const { state } = pairing.value;
  if (state === 'slow' && verdict.value !== undefined && verdict.value !== 'unknown') return words.path.slow;
  const view = camera.value;
  if (!isFaceToFace.value || (state !== 'waiting' && state !== 'read')) return words.pairSteps[state];
  if (view.state === 'starting') return words.startingCamera;
  if (state === 'waiting' && view.state === 'on' && view.isSearching) return words.cameraSearching;
  return words.faceSteps[state];
}

/** Files were chosen before the code was made; more can be added meanwhile. */
function ToBeSent(): VNode | null {
  const { model } = useApp();
  const words = useMessages();
  const items = model.chosen.value;
  // Whoever sends nothing is about to receive.
  if (items.length === 0 && model.reading.value === undefined) return <PrivateWindowNote />;
  const fileCount = items.reduce((sum, item) => sum + item.fileCount, 0);
  const bytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const textCount = items.filter(({ kind }) => kind === 'text').length;
  return (
    <div class="to-be-sent">
      {items.length > textCount && <p>{words.toBeSent(fileCount, formatBytes(bytes))}</p>}
      {textCount > 0 && <p>{words.textsToBeSent(textCount)}</p>}
      <ReadingView />
      <PickButtons filesLabel={words.addMore} folderLabel={words.addFolder} class="secondary" />
    </div>
  );
}
