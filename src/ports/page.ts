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
  /** The system can pass a link on (Web Share); not in every browser, and only in a secure context. */
  readonly canShare: boolean;
  /** Lets the person pick an app to pass the link on to. Call in the task of a click. False: they changed their mind. */
  share(link: string): Promise<boolean>;
  /** Comes to the front, where the browser allows it. */
  focus(): void;
  /** The page is looked at again after it was hidden, frozen or without network: what waited may have died meanwhile. */
  onReturn: (() => void) | undefined;
  /** Another network, or none, or one again, as far as the browser tells. */
  onNetworkChange: (() => void) | undefined;
  /** The page goes away (closed, reloaded, another address): the last chance to say something. */
  onLeave: (() => void) | undefined;
  /** Asks before the page is closed or reloaded, while true. */
  setBusy(isBusy: boolean): void;
}
