/** The few things that the app wants from the page it runs in. */
export interface Page {
  /** The app's address without query and fragment: what links in codes start with. */
  readonly baseUrl: string;
  /** The fragment that the page was opened with, without `#`, taken out of the address bar; undefined when empty. */
  takeFragment(): string | undefined;
  /** A fragment that arrives later (a link opened in this tab), likewise taken out. */
  onFragment: ((fragment: string) => void) | undefined;
  /** Rejects where the browser refuses. Call in the task of a click. */
  copy(text: string): Promise<void>;
  /** Asks before the page is closed or reloaded, while true. */
  setBusy(isBusy: boolean): void;
}
