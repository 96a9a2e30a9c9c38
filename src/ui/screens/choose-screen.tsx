import type { VNode } from 'preact';
import { useApp, useMessages } from '../app-context.ts';
import { ChosenList } from '../chosen-list.tsx';
import { PickButtons } from '../pick-buttons.tsx';
import { ReadingView } from '../reading-view.tsx';
import { TextField } from '../text-field.tsx';

export function ChooseScreen(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const isEmpty = model.chosen.value.length === 0;
  const hasText = model.draft.value.trim() !== '';
  return (
    <>
      <h1 tabIndex={-1}>{words.chooseTitle}</h1>
      <section class={isEmpty ? 'card empty' : 'card'}>
        {isEmpty ? <p class="lead">{words.chooseEmpty}</p> : <ChosenList />}
        <ReadingView />
        <PickButtons
          filesLabel={isEmpty ? words.chooseFiles : words.addMore}
          folderLabel={isEmpty ? words.chooseFolder : words.addFolder}
          class={isEmpty ? 'primary' : 'secondary'}
        />
      </section>
      <section class="card">
        <TextField />
      </section>
      {(!isEmpty || hasText) && (
        <button type="button" class="primary wide" onClick={() => commands.shareChosen()}>
          {model.link.value === 'connected' ? words.sendNow : words.showMyCode}
        </button>
      )}
    </>
  );
}
