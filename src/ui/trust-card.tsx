import type { VNode } from 'preact';
import { useApp, useMessages } from './app-context.ts';
import { SIGNS } from './signs.ts';

/** Asks the person to compare what both devices show, for as long as nobody has said. */
export function TrustCard(): VNode | null {
  const { model, commands } = useApp();
  const words = useMessages();
  const trust = model.trust.value;
  if (trust.state !== 'compare') return null;
  return (
    <section class="card trust" aria-labelledby="trust" data-testid="compare">
      <h2 id="trust">{words.compareTitle}</h2>
      <p class="hint">{words.compareHint}</p>
      <ol class="signs" data-testid="signs">
        {trust.signs.map((sign, place) => (
          <li key={place}>
            <span class="sign" aria-hidden="true">
              {SIGNS[sign]}
              {/* Text and picture at once: as a picture. */}
              {'\uFE0F'}
            </span>
            <span>{words.signNames[sign]}</span>
          </li>
        ))}
      </ol>
      <p class="digits">
        {/* Digit by digit, so that a screen reader does not say a number. */}
        <span class="visually-hidden">{Array.from(trust.digits).join(' ')}</span>
        <span aria-hidden="true" data-testid="digits">
          {trust.digits.replace(/(....)(?=.)/g, '$1 ')}
        </span>
      </p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => commands.theyMatch()}>
          {words.theyMatch}
        </button>
        <button type="button" class="secondary" onClick={() => commands.theyDiffer()}>
          {words.theyDiffer}
        </button>
      </div>
    </section>
  );
}
