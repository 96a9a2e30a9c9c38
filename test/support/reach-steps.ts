import type { AppDriver } from './app-driver.ts';
import type { Candidate } from '../../src/core/sdp/candidate.ts';
import { ticketText, readTicket } from '../../src/core/ticket/text.ts';
import { encodeTicket } from '../../src/core/ticket/ticket.ts';

export interface TestServer {
  readonly uri: string;
  readonly username?: string;
  readonly credential?: string;
}

/** From home, and back: reaches over the internet, with these servers only. */
export async function reachOverInternet(app: AppDriver, servers: readonly TestServer[]): Promise<void> {
  await openInternetSettings(app);
  for (const [index, server] of servers.entries()) await addServer(app, index, server);
  await app.press('Back');
  await app.byTestId('go-settings');
}

export async function openInternetSettings(app: AppDriver): Promise<void> {
  await app.press('Settings');
  const choice = await (await app.byTestId('reach-internet')).toElement('input');
  await choice.click();
  await choice.dispose();
  await app.waitForText('Servers that help');
}

/** @param index place in the list, which has this many servers so far */
export async function addServer(app: AppDriver, index: number, server: TestServer): Promise<void> {
  await app.press('Add a server');
  await app.waitFor('a card for the server', async () => (await app.page.$$('[data-testid="server"]')).length > index);
  await fill(app, index, 'server-uri', server.uri);
  if (server.username !== undefined) await fill(app, index, 'server-username', server.username);
  if (server.credential !== undefined) await fill(app, index, 'server-credential', server.credential);
}

/** As typed, and left with the tab key. */
async function fill(app: AppDriver, index: number, id: string, text: string): Promise<void> {
  await app.waitFor(`field ${id} of server ${index}`, () =>
    app.page.evaluate(
      (card, name, typed) => {
        const found = document.querySelectorAll('[data-testid="server"]')[card];
        const field = found?.querySelector<HTMLInputElement>(`[data-testid="${name}"]`);
        if (field === undefined || field === null) return false;
        field.value = typed;
        field.dispatchEvent(new Event('change', { bubbles: true }));
        return true;
      },
      index,
      id,
      text,
    ),
  );
}

/** The code on show, with the candidates of these types only: what two devices without any other way would have. */
export async function codeWithOnly(app: AppDriver, types: readonly Candidate['type'][]): Promise<string> {
  return codeWith(app, (candidate) => (types.includes(candidate.type) ? candidate : undefined));
}

/** The code on show, with each candidate changed or left out. */
export async function codeWith(
  app: AppDriver,
  change: (candidate: Candidate) => Candidate | undefined,
): Promise<string> {
  const ticket = readTicket(await app.code());
  if (ticket.kind === 'call') throw new Error('a call has no code of its own to change');
  const candidates = ticket.description.candidates.flatMap((candidate) => change(candidate) ?? []);
  if (candidates.length === 0) throw new Error('no candidate is left in the code');
  return ticketText(encodeTicket({ ...ticket, description: { ...ticket.description, candidates } }));
}

/** Type and address of every candidate in the code on show. */
export async function candidatesInCode(app: AppDriver): Promise<readonly Candidate[]> {
  return readTicket(await app.code()).description.candidates;
}
