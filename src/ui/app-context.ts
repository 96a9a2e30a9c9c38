import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { App } from '../app/model.ts';
import { en } from './messages/en.ts';
import type { Messages } from './messages/messages.ts';

const AppContext = createContext<App | undefined>(undefined);

export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('no AppProvider above this component');
  return app;
}

/** The words of the page's language. */
export function useMessages(): Messages {
  return en;
}
