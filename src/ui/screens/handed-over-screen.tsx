import type { VNode } from 'preact';
import { useMessages } from '../app-context.ts';

export function HandedOverScreen(): VNode {
  const words = useMessages();
  return (
    <section class="card empty">
      <h1 tabIndex={-1}>{words.handedOverTitle}</h1>
      <p class="lead">{words.handedOver}</p>
    </section>
  );
}
