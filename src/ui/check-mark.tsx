import type { VNode } from 'preact';

/** Goes with words that say what was checked. */
export function CheckMark(): VNode {
  return (
    <svg class="check" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="11" />
      <path d="m7 12.5 3.5 3.5L17 9" fill="none" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
