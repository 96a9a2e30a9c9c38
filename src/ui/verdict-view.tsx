import type { VNode } from 'preact';
import type { TransferError } from '../app/model.ts';
import type { Verdict } from '../app/path-model.ts';
import { useApp, useMessages } from './app-context.ts';
import { ErrorDetails } from './error-text.tsx';

/** Those that the settings can mend. */
const IN_SETTINGS: ReadonlySet<Verdict> = new Set([
  'no-common-network',
  'reach-here',
  'servers-silent',
  'relay-silent',
  'needs-relay',
  'relay-failed',
]);

/** Why it takes so long, or did not work: one cause and one way out, or else the general advice. */
export function VerdictView({ error }: { readonly error?: TransferError | undefined }): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const verdict = model.verdict.value;
  return (
    <div role="status" data-testid="verdict" data-verdict={verdict ?? 'none'}>
      {verdict === undefined || verdict === 'unknown' ? (
        <ul class="tips">
          {words.slowTips.map((tip) => (
            <li key={tip}>{tip}</li>
          ))}
        </ul>
      ) : (
        <div class="card verdict">
          {model.pairing.value.state === 'read' && <p>{words.path.ifRead}</p>}
          <h2>{words.path.verdicts[verdict].title}</h2>
          <p>{words.path.verdicts[verdict].action}</p>
          {error !== undefined && (
            <div class="error-text">
              <ErrorDetails error={error} />
            </div>
          )}
          {IN_SETTINGS.has(verdict) && (
            <button type="button" class="secondary" onClick={() => commands.openSettings()}>
              {words.reach.settings}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
