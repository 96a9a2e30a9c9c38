import type { ElementHandle, JSHandle, Page } from 'puppeteer-core';

/**
 * Uses a page as a person does: by the names of buttons and by what can be seen, with real clicks. Everything waits
 * until it is there; what never comes fails with what the page shows and has logged by then.
 */
export class PageDriver {
  readonly page: Page;
  /** Uncaught errors, failed console assertions and console errors, oldest first. A test may want it empty. */
  readonly problems: readonly string[];

  constructor(page: Page) {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`uncaught: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'assert') problems.push(`console: ${message.text()}`);
    });
    this.page = page;
    this.problems = problems;
  }

  /**
   * Clicks the one enabled, visible button (or link, or summary) with this name, as assistive technology would say it.
   * Where the page moved it away from under the pointer, it is looked for and clicked again, as a person would.
   */
  async press(name: string | RegExp, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
    const { source, flags } = typeof name === 'string' ? exactly(name) : name;
    await this.#waitFor(`a button named ${String(name)} that can be pressed`, timeoutMs, async () => {
      const handle = await this.page.evaluateHandle(findButton, source, flags);
      return isElement(handle) && (await this.#click(handle));
    });
  }

  /** @returns false where the click did not reach the element */
  async #click(element: ElementHandle): Promise<boolean> {
    try {
      await element.evaluate((button) => {
        button.addEventListener('click', () => button.setAttribute('data-was-pressed', ''), {
          once: true,
          capture: true,
        });
      });
      await element.click();
      // The click may have taken the element, or the whole page, away: then it was reached.
      return await element.evaluate((button) => {
        const wasPressed = button.hasAttribute('data-was-pressed');
        button.removeAttribute('data-was-pressed');
        return wasPressed;
      });
    } catch (error) {
      if (IS_MISSED.test(String(error))) return false;
      if (IS_GONE.test(String(error))) return true;
      throw new Error(await this.#describe(`cannot press: ${String(error)}`), { cause: error });
    } finally {
      await element.dispose().catch(() => {}); // Its page may be gone, and it with it.
    }
  }

  /** True when `press` would find it now. */
  async hasButton(name: string): Promise<boolean> {
    const { source, flags } = exactly(name);
    const handle = await this.page.evaluateHandle(findButton, source, flags);
    return isElement(handle);
  }

  /** The element with this `data-testid`, once it is there. Not necessarily visible: a file input is not. */
  async byTestId(id: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<ElementHandle> {
    return this.#waitFor(`data-testid=${id}`, timeoutMs, () => this.page.$(testId(id)));
  }

  /** What the element says: the value of a field, the address of a link, else its text. Not empty. */
  async read(id: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<string> {
    return this.#waitFor(`text in data-testid=${id}`, timeoutMs, async () => {
      const text = await this.page.$$eval(testId(id), ([element]) => {
        if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.value;
        if (element instanceof HTMLAnchorElement) return element.href;
        return element?.textContent?.trim();
      });
      return text === '' ? undefined : text;
    });
  }

  /** Waits until the whole page says it. */
  async waitForText(text: string | RegExp, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
    const pattern = typeof text === 'string' ? undefined : text;
    await this.#waitFor(`the text ${String(text)}`, timeoutMs, async () => {
      const shown = await this.visibleText();
      return pattern === undefined ? shown.includes(String(text)) : pattern.test(shown);
    });
  }

  /** Waits until an element with this `data-testid` has this attribute value. */
  async waitForAttribute(id: string, name: string, wanted: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
    await this.#waitFor(`data-testid=${id} with ${name}=${wanted}`, timeoutMs, async () =>
      (await this.attributes(id, name)).includes(wanted),
    );
  }

  /** The attribute of every element with this `data-testid`, in document order. */
  attributes(id: string, name: string): Promise<string[]> {
    return this.page.$$eval(
      testId(id),
      (elements, attribute) => elements.map((element) => element.getAttribute(attribute) ?? ''),
      name,
    );
  }

  /** Gives files to the file input with this `data-testid`, as the picker would. */
  async chooseFiles(id: string, paths: readonly string[]): Promise<void> {
    const input = await (await this.byTestId(id)).toElement('input');
    await input.uploadFile(...paths);
    await input.dispose();
  }

  /** Drops small files made in the page onto an element. */
  async dropFiles(id: string, files: readonly { name: string; text: string }[]): Promise<void> {
    const target = await this.byTestId(id);
    await target.evaluate((element, dropped) => {
      const dataTransfer = new DataTransfer();
      for (const { name, text } of dropped) dataTransfer.items.add(new File([text], name));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    }, files);
    await target.dispose();
  }

  /** Pastes into an input field: the paste event first, then, unless the page has taken it from there, the edit. */
  async paste(id: string, text: string): Promise<void> {
    const field = await (await this.byTestId(id)).toElement('input');
    await field.evaluate((element, pasted) => {
      element.focus();
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      if (!element.dispatchEvent(paste)) return;
      element.setRangeText(pasted, 0, element.value.length, 'end');
      element.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', data: pasted, bubbles: true }));
    }, text);
    await field.dispose();
  }

  /** A PNG picture of an element, as a camera would see it on the screen. */
  async picture(id: string): Promise<Uint8Array> {
    const element = await this.byTestId(id);
    await element.scrollIntoView();
    const png = await element.screenshot({ type: 'png' });
    await element.dispose();
    return png;
  }

  visibleText(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** Waits until `look` gives something other than undefined, null or false. */
  async waitFor<T>(what: string, look: () => Promise<T | undefined | null | false>, timeoutMs?: number): Promise<T> {
    return this.#waitFor(what, timeoutMs ?? DEFAULT_TIMEOUT_MS, look);
  }

  async #waitFor<T>(what: string, timeoutMs: number, look: () => Promise<T | undefined | null | false>): Promise<T> {
    const giveUp = performance.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found;
      if (performance.now() > giveUp) throw new Error(await this.#describe(`not there after ${timeoutMs} ms: ${what}`));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async #describe(failure: string): Promise<string> {
    const shown = await this.visibleText().catch((error: unknown) => `(cannot be read: ${String(error)})`);
    return [failure, `at ${this.page.url()}`, '--- shown:', shown, '--- problems:', ...this.problems].join('\n');
  }
}

const DEFAULT_TIMEOUT_MS = 15_000;
const POLL_MS = 50;

/** What puppeteer-core 24 says about an element that was taken away, or is covered, before it could be clicked, */
const IS_MISSED = /not clickable|detached from document/i;
/** and when the click led to another page. */
const IS_GONE = /context was destroyed|context with given id|no such frame|frame was detached|target closed/i;

function testId(id: string): string {
  return `[data-testid="${id}"]`;
}

function exactly(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`);
}

function isElement(handle: JSHandle): handle is ElementHandle {
  return handle.asElement() !== null;
}

/**
 * Runs in the page, which gets this function and nothing around it. No inner function may have a name: tsx would wrap
 * it in a helper that the page does not have. Several matches are a mistake of the test (or of the page), and throw.
 */
function findButton(source: string, flags: string): Element | undefined {
  const pattern = new RegExp(source, flags);
  const found = [...document.querySelectorAll('button, a[href], summary, [role="button"], label')]
    .map((element) => {
      const labelledBy = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
      const labels = labelledBy.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
      const name = labels || element.getAttribute('aria-label') || element.textContent || '';
      return { element, name: name.replaceAll(/\s+/g, ' ').trim() };
    })
    .filter(
      ({ element, name }) =>
        pattern.test(name) &&
        element.checkVisibility({ visibilityProperty: true }) &&
        !element.matches(':disabled, [aria-disabled="true"]'),
    );
  if (found.length > 1) {
    throw new Error(`${found.length} buttons match ${source}: ${found.map(({ name }) => name).join(' | ')}`);
  }
  return found[0]?.element;
}
