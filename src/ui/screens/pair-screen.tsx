import type { VNode } from 'preact';
import { useApp, useMessages } from '../app-context.ts';
import { ErrorText } from '../error-text.tsx';
import { MyCodeCard } from '../my-code-card.tsx';
import { TheirCodeCard } from '../their-code-card.tsx';

export function PairScreen(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const pairing = model.pairing.value;
  const hasFailed = pairing.state === 'failed' || model.myCode.value.state === 'failed';
  return (
    <>
      <h1 tabIndex={-1}>{words.pairTitle}</h1>
      <p class={`step step-${pairing.state}`} role="status" data-testid="status" data-state={pairing.state}>
        {words.pairSteps[pairing.state]}
      </p>
      {pairing.state === 'slow' && (
        <ul class="tips">
          {words.slowTips.map((tip) => (
            <li key={tip}>{tip}</li>
          ))}
        </ul>
      )}
      {pairing.state === 'failed' && (
        <div class="notice notice-error">
          <ErrorText error={pairing.error} />
        </div>
      )}
      {(hasFailed || pairing.state === 'slow') && (
        <button type="button" class="primary" onClick={() => commands.pairAgain()}>
          {words.newCodes}
        </button>
      )}
      {!hasFailed && (
        <div class="two">
          <MyCodeCard />
          <TheirCodeCard />
        </div>
      )}
    </>
  );
}
