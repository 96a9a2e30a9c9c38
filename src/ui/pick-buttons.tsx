import type { VNode } from 'preact';
import { useApp } from './app-context.ts';
import { FilePicker } from './file-picker.tsx';

interface PickButtonsProps {
  readonly filesLabel: string;
  readonly folderLabel: string;
  readonly class: 'primary' | 'secondary';
}

/** Files and a folder, by the browser's own pickers where it has them: what those give can be opened again later. */
export function PickButtons({ filesLabel, folderLabel, class: className }: PickButtonsProps): VNode {
  const { model, commands } = useApp();
  const { pickers } = model;
  return (
    <div class="actions">
      <FilePicker
        label={filesLabel}
        class={className}
        testId="file-input"
        isMultiple
        onPick={pickers.files ? () => commands.chooseFiles() : undefined}
        onFiles={(files) => commands.addFiles(files)}
      />
      {(pickers.folder || canPickFolderByInput()) && (
        <FilePicker
          label={folderLabel}
          class="secondary"
          testId="folder-input"
          isMultiple
          isFolder
          onPick={pickers.folder ? () => commands.chooseFolder() : undefined}
          onFiles={(files) => commands.addFiles(files)}
        />
      )}
    </div>
  );
}

/** Firefox for Android cannot (November 2026). */
export function canPickFolderByInput(): boolean {
  return 'webkitdirectory' in HTMLInputElement.prototype;
}
