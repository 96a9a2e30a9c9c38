import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ProbeResult, ServerEntry, ServerProblem, ServerView } from '../app/reach-model.ts';
import { useApp, useMessages } from './app-context.ts';
import { CheckMark } from './check-mark.tsx';
import type { ReachMessages } from './messages/reach-messages.ts';

const WORKS: ReadonlySet<ProbeResult['type']> = new Set(['sees', 'seesSame', 'relays']);

/** One server: what it is called, how to get in, and what it answers. */
export function ServerCard({ server, number }: { readonly server: ServerView; readonly number: number }): VNode {
  const { commands } = useApp();
  const words = useMessages().reach;
  const { id, uri, problem, test } = server;
  const name = uri === '' ? words.serverTitle(number) : uri;
  const isWrong = problem !== undefined && problem !== 'empty';
  const edit = (entry: Partial<ServerEntry>): void => commands.editServer(id, entry);
  return (
    <li class="card server" data-testid="server">
      <form
        onSubmit={(event) => {
          // Enter has changed the field already.
          event.preventDefault();
        }}
      >
        <label for={`uri-${id}`}>{words.uri}</label>
        <input
          id={`uri-${id}`}
          data-testid="server-uri"
          type="text"
          inputMode="url"
          value={uri}
          placeholder={words.uriPlaceholder}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={isWrong && !isOfCredentials(problem)}
          aria-describedby={`problem-${id}`}
          onChange={(event) => edit({ uri: event.currentTarget.value })}
        />
        {server.isRelay && <Credentials server={server} onEdit={edit} />}
        <p id={`problem-${id}`} class={isWrong ? 'problem' : 'hint'} data-testid="server-problem">
          {problem !== undefined && words.problems[problem]}
        </p>
        <div class="actions">
          <button
            type="button"
            class="secondary"
            disabled={problem !== undefined}
            aria-label={words.testNamed(name)}
            onClick={() => commands.testServer(id)}
          >
            {words.test}
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={words.removeNamed(name)}
            onClick={() => commands.removeServer(id)}
          >
            {words.remove}
          </button>
        </div>
        <p role="status" class="test-result" data-testid="server-result" data-state={resultState(server)}>
          {test.state === 'asking' && words.asking}
          {test.state === 'answered' && (
            <>
              {WORKS.has(test.result.type) && <CheckMark />}
              {resultText(test.result, words)}
            </>
          )}
        </p>
      </form>
    </li>
  );
}

function Credentials(props: {
  readonly server: ServerView;
  readonly onEdit: (entry: Partial<ServerEntry>) => void;
}): VNode {
  const words = useMessages().reach;
  const [isShown, setIsShown] = useState(false);
  const { id, username, credential, problem } = props.server;
  return (
    <>
      <label for={`username-${id}`}>{words.username}</label>
      <input
        id={`username-${id}`}
        data-testid="server-username"
        type="text"
        value={username}
        aria-invalid={problem === 'needs-username' || problem === 'too-long'}
        aria-describedby={`problem-${id}`}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onChange={(event) => props.onEdit({ username: event.currentTarget.value })}
      />
      <label for={`credential-${id}`}>{words.credential}</label>
      <input
        id={`credential-${id}`}
        data-testid="server-credential"
        {...(isShown ? { type: 'text' } : { type: 'password' })}
        value={credential}
        aria-invalid={problem === 'needs-credential' || problem === 'too-long'}
        aria-describedby={`problem-${id}`}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onChange={(event) => props.onEdit({ credential: event.currentTarget.value })}
      />
      <label class="check-choice">
        <input type="checkbox" checked={isShown} onChange={(event) => setIsShown(event.currentTarget.checked)} />
        {words.showCredential}
      </label>
    </>
  );
}

function isOfCredentials(problem: ServerProblem | undefined): boolean {
  return problem === 'needs-username' || problem === 'needs-credential' || problem === 'too-long';
}

function resultState({ test }: ServerView): string {
  return test.state === 'answered' ? test.result.type : test.state;
}

function resultText(result: ProbeResult, { results }: ReachMessages): string {
  switch (result.type) {
    case 'sees':
      return results.sees(result.address);
    case 'relays':
      return results.relays(result.address);
    case 'refused':
      return results.refused(result.errorCode, result.errorText);
    case 'seesSame':
    case 'unauthorized':
    case 'hostUnknown':
    case 'unreachable':
    case 'noAnswer':
    case 'refusedByBrowser':
      return results[result.type];
    default:
      return result satisfies never;
  }
}
