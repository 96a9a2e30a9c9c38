import type { VNode } from 'preact';
import { useApp, useMessages } from '../app-context.ts';
import { FilePicker } from '../file-picker.tsx';
import { formatBytes } from '../format.ts';

export function ChooseScreen(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const files = model.chosenFiles.value;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const isEmpty = files.length === 0;
  return (
    <>
      <h1 tabIndex={-1}>{words.chooseTitle}</h1>
      <section class={isEmpty ? 'card empty' : 'card'}>
        {isEmpty ? (
          <p class="lead">{words.chooseEmpty}</p>
        ) : (
          <>
            <ul class="files">
              {files.map(({ id, path, sizeBytes }) => (
                <li key={id}>
                  <span class="name">{path}</span>
                  <span class="size">{formatBytes(sizeBytes)}</span>
                  <button
                    type="button"
                    class="quiet"
                    aria-label={words.remove(path)}
                    onClick={() => commands.removeFile(id)}
                  >
                    ✕
                  </button>
                </li>
              ))}
            </ul>
            <p class="total" role="status">
              {words.fileCount(files.length, formatBytes(totalBytes))}
            </p>
          </>
        )}
        <FilePicker
          label={isEmpty ? words.chooseFiles : words.addMore}
          class={isEmpty ? 'primary' : 'secondary'}
          testId="file-input"
          isMultiple
          onFiles={(chosen) => commands.addFiles(chosen)}
        />
      </section>
      {!isEmpty && (
        <button type="button" class="primary wide" onClick={() => commands.shareChosen()}>
          {model.link.value === 'connected' ? words.sendNow : words.showMyCode}
        </button>
      )}
    </>
  );
}
