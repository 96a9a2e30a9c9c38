/**
 * Small choices of the person that outlive the page, and do not matter when they are gone. Kept in the clear, in the
 * browser's profile.
 */
export interface Preferences {
  /** undefined where nothing was kept, or the browser lets the page keep nothing. */
  read(name: PreferenceName): string | undefined;
  /** Never throws. */
  write(name: PreferenceName, value: string): void;
}

export type PreferenceName =
  /** Camera id for holding two devices face to face. */
  | 'camera-face'
  /** Camera id for scanning one code. */
  | 'camera-scan'
  /** How far to reach, and the servers that help, with their passwords (`core/reach/reach-settings.ts`). */
  | 'reach'
  /** Set once the browser was asked to keep what is stored, whatever it said. */
  | 'persist-asked';
