import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';

interface FilePickerProps {
  readonly label: string;
  readonly class: string;
  readonly testId: string;
  /** MIME types; any file when left out. */
  readonly accept?: string;
  readonly isMultiple: boolean;
  /** Picks one folder, with everything in it. */
  readonly isFolder?: boolean;
  /** Opens a picker of the browser's own instead; `onFiles` is not called then. */
  readonly onPick?: (() => void) | undefined;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that opens the browser's file picker. */
export function FilePicker(props: FilePickerProps): VNode {
  const { label, class: className, testId, accept, isMultiple, isFolder = false, onPick, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={className} onClick={onPick ?? (() => input.current?.click())}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        class="visually-hidden"
        tabIndex={-1}
        aria-hidden="true"
        data-testid={testId}
        multiple={isMultiple}
        {...(isFolder ? { webkitdirectory: true } : {})}
        {...(accept === undefined ? {} : { accept })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file can be picked again.
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
