import type { VNode } from 'preact';
import type { Reach } from '../../app/reach-model.ts';
import { useApp, useMessages } from '../app-context.ts';
import { ServerList } from '../server-list.tsx';

/** How far to reach, and with whose help. */
export function SettingsScreen(): VNode {
  const { model } = useApp();
  const words = useMessages().reach;
  const { reach } = model.reach.value;
  return (
    <>
      <h1 tabIndex={-1}>{words.title}</h1>
      <fieldset class="card reach" aria-describedby="saved-note">
        <legend>{words.question}</legend>
        <Choice reach="network" label={words.network} hint={words.networkHint} />
        <Choice reach="internet" label={words.internet} hint={words.internetHint} />
        <p id="saved-note" class="hint">
          {words.savedNote}
        </p>
      </fieldset>
      {reach === 'internet' && <ServerList />}
    </>
  );
}

interface ChoiceProps {
  readonly reach: Reach;
  readonly label: string;
  readonly hint: string;
}

function Choice({ reach, label, hint }: ChoiceProps): VNode {
  const { model, commands } = useApp();
  const hintId = `reach-${reach}-hint`;
  return (
    <div class="reach-choice">
      <input
        id={`reach-${reach}`}
        data-testid={`reach-${reach}`}
        type="radio"
        name="reach"
        value={reach}
        checked={model.reach.value.reach === reach}
        aria-describedby={hintId}
        onChange={() => commands.chooseReach(reach)}
      />
      <label for={`reach-${reach}`}>
        <span class="reach-label">{label}</span>
        <span id={hintId} class="hint">
          {hint}
        </span>
      </label>
    </div>
  );
}
