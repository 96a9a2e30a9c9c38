import { expect, test } from 'vitest';
import { Handover } from '../../src/app/handover.ts';
import type { TabChannel, TabMessage } from '../../src/ports/tabs.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Tabs of one browser: each hears all others, in order. */
function browserTabs(): () => TabChannel {
  const tabs: TabChannel[] = [];
  return () => {
    const tab: TabChannel = {
      post: (message: TabMessage) => {
        for (const other of tabs) if (other !== tab) other.onMessage?.(message);
      },
      onMessage: undefined,
    };
    tabs.push(tab);
    return tab;
  };
}

function setUp(wanting: readonly boolean[]): { opened: Handover; given: () => string[][]; clock: FakeClock } {
  const openTab = browserTabs();
  const clock = new FakeClock();
  const tabs = wanting.map((isWanted, index) => {
    const texts: string[] = [];
    const options = { tabId: `tab${index}`, isWanted: () => isWanted, onGiven: (text: string) => texts.push(text) };
    const tab = openTab();
    const waiting = new Handover(tab, clock, options);
    return { tab, waiting, texts };
  });
  const opened = new Handover(openTab(), clock, { tabId: 'new', isWanted: () => false, onGiven: () => undefined });
  return { opened, given: () => tabs.map(({ texts }) => texts), clock };
}

test('the first tab that wants the code gets it, and no other', async () => {
  const { opened, given } = setUp([false, true, true]);
  expect(await opened.offer('CODE', 'offer1')).toBe('given');
  expect(given()).toEqual([[], ['CODE'], []]);
});

test('nobody wants it: the new tab hears so after a moment', async () => {
  const { opened, given, clock } = setUp([false]);
  const outcome = opened.offer('CODE', 'offer1');
  clock.pass(600);
  expect(await outcome).toBe('nobody');
  expect(given()).toEqual([[]]);
});

test('a late answer changes nothing', async () => {
  const openTab = browserTabs();
  const clock = new FakeClock();
  const slow = openTab();
  const heard: TabMessage[] = [];
  slow.onMessage = (message) => heard.push(message);
  const opened = new Handover(openTab(), clock, { tabId: 'new', isWanted: () => false, onGiven: () => undefined });
  const outcome = opened.offer('CODE', 'offer1');
  clock.pass(600);
  expect(await outcome).toBe('nobody');
  slow.post({ type: 'codeWanted', offerId: 'offer1', tabId: 'slow' });
  expect(heard.map(({ type }) => type)).toEqual(['codeOpened']);
});
