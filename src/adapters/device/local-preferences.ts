import type { Preferences } from '../../ports/preferences.ts';

const PREFIX = 'heliograph.';

/** In `localStorage`; in memory where the browser refuses that (SecurityError with cookies blocked). */
export function createLocalPreferences(): Preferences {
  const memory = new Map<string, string>();
  return {
    read(name) {
      try {
        return localStorage.getItem(PREFIX + name) ?? memory.get(name);
      } catch {
        return memory.get(name);
      }
    },
    write(name, value) {
      memory.set(name, value);
      try {
        localStorage.setItem(PREFIX + name, value);
      } catch {
        // Refused, or full: it is remembered until the page goes.
      }
    },
  };
}
