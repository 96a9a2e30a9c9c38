import {
  type BrowserKind,
  type LaunchOptions,
  PAIRS,
  type Pair,
  type TestBrowser,
  launchBrowser,
} from '../../test/support/browsers.ts';

/** Two browsers in processes of their own. Sender and receiver are two even where both are of one kind. */
export interface BrowserPair {
  /** 'chromium-firefox': sender first. */
  readonly name: string;
  readonly sender: TestBrowser;
  readonly receiver: TestBrowser;
  close(): Promise<void>;
}

export async function launchPair(
  [senderKind, receiverKind]: Pair,
  optionsOf: (kind: BrowserKind) => LaunchOptions = () => ({}),
): Promise<BrowserPair> {
  // Plain addresses: resolving mDNS names is not what is measured.
  const sender = await launchBrowser(senderKind, { mdns: false, ...optionsOf(senderKind) });
  const receiver = await launchBrowser(receiverKind, { mdns: false, ...optionsOf(receiverKind) }).catch(
    async (error: unknown) => {
      await sender.close();
      throw error;
    },
  );
  const close = async (): Promise<void> => {
    await Promise.all([sender.close(), receiver.close()]);
  };
  return { name: pairName([senderKind, receiverKind]), sender, receiver, close };
}

export function pairName(pair: Pair): string {
  return pair.join('-');
}

/** One pair by its name, or all of them. @throws Error that lists the names */
export function choosePairs(name: string | undefined): readonly Pair[] {
  const chosen = PAIRS.filter((pair) => name === undefined || pairName(pair) === name);
  if (chosen.length === 0) throw new Error(`--pair: wanted ${PAIRS.map(pairName).join(', ')}, got ${name}`);
  return chosen;
}
