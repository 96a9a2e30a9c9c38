import { render } from 'preact';
import type { App } from '../app/model.ts';
import { AppProvider } from './app-context.ts';
import { AppView } from './app-view.tsx';
import { followTitle } from './page-title.ts';

/** Shows the app in `root` for as long as the page lives. */
export function mount(app: App, root: HTMLElement): void {
  followTitle(app);
  render(
    <AppProvider value={app}>
      <AppView />
    </AppProvider>,
    root,
  );
}
