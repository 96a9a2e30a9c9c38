import type { VNode } from 'preact';

/** A mirror that catches a ray of the sun and sends it on. */
export function Logo(): VNode {
  return (
    <svg class="logo" viewBox="0 0 48 48" width="32" height="32" aria-hidden="true" focusable="false">
      <path
        d="M6 6 24 26 42 9"
        fill="none"
        stroke="currentColor"
        class="logo-ray"
        stroke-width="4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <ellipse cx="24" cy="29" rx="15" ry="6" class="logo-mirror" />
      <path d="M24 35v7M16 43h16" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" />
    </svg>
  );
}
