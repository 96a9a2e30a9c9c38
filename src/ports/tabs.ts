/** Messages between the tabs of one browser that have Heliograph open (BroadcastChannel). A tab does not hear itself. */
export interface TabChannel {
  post(message: TabMessage): void;
  onMessage: ((message: TabMessage) => void) | undefined;
}

export type TabMessage =
  /** A tab was opened by a code's link. Who waits for a code? */
  | { readonly type: 'codeOpened'; readonly offerId: string; readonly text: string }
  /** I do, and this code is of use to me. */
  | { readonly type: 'codeWanted'; readonly offerId: string; readonly tabId: string }
  /** Take it, then. Of several tabs that want it, the first one gets it. */
  | { readonly type: 'codeGiven'; readonly offerId: string; readonly tabId: string; readonly text: string };
