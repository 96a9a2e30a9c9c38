import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp, useMessages } from './app-context.ts';
import { Banner } from './banner.tsx';
import { DropZone } from './drop-zone.tsx';
import { Logo } from './logo.tsx';
import { NoticeView } from './notice-view.tsx';
import { ChooseScreen } from './screens/choose-screen.tsx';
import { HandedOverScreen } from './screens/handed-over-screen.tsx';
import { HomeScreen } from './screens/home-screen.tsx';
import { PairScreen } from './screens/pair-screen.tsx';
import { SettingsScreen } from './screens/settings-screen.tsx';
import { TransferScreen } from './screens/transfer-screen.tsx';

export function AppView(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const screen = model.screen.value;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);

  // A new screen is read from its heading (WCAG 2.4.3); the first one is left to the browser.
  useEffect(() => {
    if (!isFirst.current) main.current?.querySelector('h1')?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [screen]);

  return (
    <DropZone>
      <header class="bar">
        <button type="button" class="brand" onClick={() => commands.goHome()} aria-label={words.appName}>
          <Logo />
          <span>{words.appName}</span>
        </button>
        {screen !== 'home' && screen !== 'handed-over' && (
          <button
            type="button"
            class="quiet"
            onClick={() => (screen === 'settings' ? commands.closeSettings() : commands.goHome())}
          >
            {words.back}
          </button>
        )}
      </header>
      <Banner />
      <main ref={main} class={`screen screen-${screen}`}>
        <ScreenView />
      </main>
      <NoticeView />
    </DropZone>
  );
}

function ScreenView(): VNode {
  const screen = useApp().model.screen.value;
  switch (screen) {
    case 'home':
      return <HomeScreen />;
    case 'choose':
      return <ChooseScreen />;
    case 'pair':
      return <PairScreen />;
    case 'transfer':
      return <TransferScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'handed-over':
      return <HandedOverScreen />;
    default:
      return screen satisfies never;
  }
}
