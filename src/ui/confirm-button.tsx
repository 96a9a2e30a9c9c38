import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useMessages } from './app-context.ts';

interface ConfirmButtonProps {
  readonly label: string;
  /** What would happen. undefined: it is done at once. */
  readonly question: string | undefined;
  readonly onConfirmed: () => void;
}

/** A button for what cannot be undone: asks in its own place. Nothing happens to who presses it twice by mistake. */
export function ConfirmButton({ label, question, onConfirmed }: ConfirmButtonProps): VNode {
  const words = useMessages();
  const [isAsking, setIsAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) keep.current?.focus();
  }, [isAsking]);
  if (!isAsking || question === undefined) {
    return (
      <button type="button" class="quiet" onClick={() => (question === undefined ? onConfirmed() : setIsAsking(true))}>
        {label}
      </button>
    );
  }
  return (
    <div class="confirm" role="group" aria-label={question}>
      <p>{question}</p>
      <div class="actions">
        <button ref={keep} type="button" class="secondary" onClick={() => setIsAsking(false)}>
          {words.keep}
        </button>
        <button
          type="button"
          class="secondary danger"
          onClick={() => {
            setIsAsking(false);
            onConfirmed();
          }}
        >
          {words.confirmDelete}
        </button>
      </div>
    </div>
  );
}
