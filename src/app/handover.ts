import type { Clock } from '../ports/clock.ts';
import type { TabChannel, TabMessage } from '../ports/tabs.ts';

/** A waiting tab of the same browser answers within a few ms; a throttled one within a second. */
const WAIT_FOR_TABS_MS = 600;

/** `nobody`: no tab waits for it (the tab that shows this very code does not count), so this tab becomes the peer. */
export type HandoverOutcome = 'given' | 'nobody';

export interface HandoverOptions {
  readonly tabId: string;
  /** Is the code of use to this tab? */
  readonly isWanted: (text: string) => boolean;
  readonly onGiven: (text: string) => void;
}

/**
 * Opening the other device's link makes a new tab, while an older tab of the same browser shows the code that the
 * link answers. The new tab asks around and hands the code to the first tab that wants it.
 */
export class Handover {
  readonly #tabs: TabChannel;
  readonly #clock: Clock;
  readonly #options: HandoverOptions;
  #asking:
    | { readonly offerId: string; readonly text: string; readonly end: (outcome: HandoverOutcome) => void }
    | undefined;

  constructor(tabs: TabChannel, clock: Clock, options: HandoverOptions) {
    this.#tabs = tabs;
    this.#clock = clock;
    this.#options = options;
    tabs.onMessage = (message) => this.#heard(message);
  }

  /** @param offerId unique among the tabs */
  offer(text: string, offerId: string): Promise<HandoverOutcome> {
    return new Promise((resolve) => {
      const stopTimer = this.#clock.startTimer(WAIT_FOR_TABS_MS, () => end('nobody'));
      const end = (outcome: HandoverOutcome): void => {
        stopTimer();
        this.#asking = undefined;
        resolve(outcome);
      };
      this.#asking = { offerId, text, end };
      this.#tabs.post({ type: 'codeOpened', offerId, text });
    });
  }

  #heard(message: TabMessage): void {
    switch (message.type) {
      case 'codeOpened': {
        if (!this.#options.isWanted(message.text)) return;
        this.#tabs.post({ type: 'codeWanted', offerId: message.offerId, tabId: this.#options.tabId });
        return;
      }
      case 'codeWanted': {
        if (this.#asking?.offerId !== message.offerId) return;
        const { text, end } = this.#asking;
        this.#tabs.post({ type: 'codeGiven', offerId: message.offerId, tabId: message.tabId, text });
        end('given');
        return;
      }
      case 'codeGiven':
        if (message.tabId === this.#options.tabId) this.#options.onGiven(message.text);
        return;
      default:
        message satisfies never;
    }
  }
}
