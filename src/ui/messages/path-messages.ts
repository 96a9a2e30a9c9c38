import type { PathKind, SeenCandidate, Verdict } from '../../app/path-model.ts';

/** Words about the way between the two devices: what it is, and why there is none. */
export interface PathMessages {
  /** What is wrong, and what to do; undefined: nothing is known, so the general advice is shown. */
  readonly verdicts: Readonly<Record<Exclude<Verdict, 'unknown'>, { readonly title: string; readonly action: string }>>;
  /** Comes before a verdict. */
  readonly slow: string;
  /** The same, while it is not known whether the other device has read this one's code. */
  readonly ifRead: string;
  readonly panel: string;
  readonly wait: string;
  readonly way: string;
  readonly kinds: Readonly<Record<PathKind, string>>;
  readonly here: string;
  readonly there: string;
  readonly candidateTypes: Readonly<Record<SeenCandidate['type'], string>>;
  readonly hidden: string;
  readonly roundTrip: string;
  readonly milliseconds: (milliseconds: string) => string;
  readonly lessThanOne: string;
  readonly notTold: string;
  readonly total: string;
  readonly sentAndReceived: (sent: string, received: string) => string;
  readonly lanes: string;
  readonly rates: string;
  readonly curve: (seconds: number, highest: string) => string;
  readonly sending: (speed: string) => string;
  readonly receiving: (speed: string) => string;
  readonly copyReport: string;
  readonly reportHint: string;
}
