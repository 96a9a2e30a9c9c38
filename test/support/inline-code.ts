/** A tag with its attributes; `>` may stand in quotes. */
const TAG = /<([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
/** One attribute: its name, and its value in whichever of the three ways to write it. */
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/**
 * What a strict policy (no 'unsafe-inline', no `data:`) refuses in a page: scripts and styles in its text, `style` and
 * event handler attributes, and `javascript:` or `data:` addresses. For pages of our own, so no full HTML parser.
 *
 * @returns each offending tag or attribute as it is written, in order
 */
export function findInlineCode(html: string): readonly string[] {
  const text = html.replaceAll(/<!--.*?-->/gs, '');
  return [...text.matchAll(TAG)].flatMap((match) => {
    const [tag, name = '', attributeText = ''] = match;
    const attributes = [...attributeText.matchAll(ATTRIBUTE)].map(([written, key = '', ...values]) => ({
      written,
      key: key.toLowerCase(),
      value: values.find((value) => value !== undefined) ?? '',
    }));
    const found = attributes.filter(({ key, value }) => isCode(key, value)).map(({ written }) => written);
    const rest = text.slice(match.index + tag.length);
    return isElementWithCode(name.toLowerCase(), attributes, rest) ? [tag].concat(found) : found;
  });
}

function isCode(key: string, value: string): boolean {
  if (key === 'style' || /^on[a-z]/.test(key)) return true;
  return ['href', 'src', 'srcdoc', 'action'].includes(key) && /^\s*(javascript|data):/i.test(value);
}

function isElementWithCode(name: string, attributes: readonly { readonly key: string }[], rest: string): boolean {
  if (name === 'style') return true;
  if (name !== 'script') return false;
  const hasSource = attributes.some(({ key }) => key === 'src');
  return !hasSource || !/^\s*<\/script/i.test(rest);
}
