import { effect } from '@preact/signals';
import type { App } from '../app/model.ts';
import { formatPercent } from './format.ts';
import { en } from './messages/en.ts';

/** How far it is, in the tab's title, so that another tab can be in front meanwhile. */
export function followTitle(app: App): void {
  effect(() => {
    const running = app.model.transfers.value.filter(({ state }) => state.value === 'running');
    const total = running.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
    const done = running.reduce((sum, { bytesDone }) => sum + bytesDone.value, 0);
    document.title = total === 0 ? en.appName : `${formatPercent(done / total)} · ${en.appName}`;
  });
}
