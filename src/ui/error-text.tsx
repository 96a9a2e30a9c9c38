import type { VNode } from 'preact';
import type { TransferError } from '../app/model.ts';
import { useMessages } from './app-context.ts';

/** What happened, what to do now, and the details for whoever is asked for help. */
export function ErrorText({ error }: { readonly error: TransferError }): VNode {
  const words = useMessages();
  const { title, action } = words.errors[error.code];
  return (
    <div class="error-text" data-error={error.code}>
      <p>
        <strong>{title}.</strong> {action}
      </p>
      <ErrorDetails error={error} />
    </div>
  );
}

export function ErrorDetails({ error }: { readonly error: TransferError }): VNode {
  return (
    <details>
      <summary>{useMessages().details}</summary>
      <code>
        {error.code}: {error.message}
      </code>
    </details>
  );
}
