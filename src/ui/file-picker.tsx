import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';

interface FilePickerProps {
  readonly label: string;
  readonly class: string;
  readonly testId: string;
  /** MIME types; any file when left out. */
  readonly accept?: string;
  readonly isMultiple: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that opens the browser's file picker. */
export function FilePicker({ label, class: className, testId, accept, isMultiple, onFiles }: FilePickerProps): VNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={className} onClick={() => input.current?.click()}>
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
