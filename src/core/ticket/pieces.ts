/*
 * Finds in a pasted or scanned text what may be a code: messengers and mail programs wrap it in words and quotes, break
 * it into lines, mark it as quoted with '>', and append tracking suffixes.
 */

/** Where a code may begin. */
const MAX_STARTS = 16;
/** Lines or words that a code may have been broken into. */
const MAX_PARTS = 24;
/** All pieces of a text together: bounds the work. */
const MAX_PIECES_CHARACTERS = 16_384;
/** What is before a word that is long enough to be a code within a sentence. */
const LONG_WORD = /[^\w-](?=[\w-]{16})/g;

/** Zero-width characters, soft hyphens, line separators, direction marks. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\uFEFF]/g;
const WRAPPER = `"'\`<>(){}\\[\\]“”„‟‘’‚«»‹›`;
const LEADING_WRAPPERS = new RegExp(`^[\\s${WRAPPER}]+`);
const TRAILER = new RegExp(`[\\s${WRAPPER}.,;:!?…|]`);

export interface Start {
  /** Pieces of code characters only, one of which is the code if nothing is wrong with it; the likeliest first. */
  readonly pieces: readonly string[];
  /** The same place up to the next space, whatever the characters: what is looked at if something is wrong. */
  readonly suspect: string;
  /** All that follows, without its line breaks. */
  readonly rest: string;
}

/** The places in a text where a code may begin, the likeliest first. */
export function findStarts(text: string): readonly Start[] {
  const visible = text
    .replaceAll(INVISIBLE, '')
    .replaceAll('%23', '#') // a '#' that somebody escaped
    .replaceAll(/^[>|][>|\s]*/gm, '') // quoted mail
    .replaceAll(/=\r?\n/g, ''); // quoted-printable
  // After a '#', as in `LINK#CODE`; else at the very beginning; else at a long word.
  const places = [...placesAfter(visible, /#/g), 0, ...placesAfter(visible, LONG_WORD)].slice(0, MAX_STARTS);
  const distinct = new Set(places.map((place) => visible.slice(place).replace(LEADING_WRAPPERS, '')));
  let budget = MAX_PIECES_CHARACTERS;
  return Array.from(distinct, (place) => {
    const start = startAt(place);
    const pieces = start.pieces.filter((piece) => (budget -= piece.length) >= 0);
    return { ...start, pieces };
  });
}

function placesAfter(text: string, what: RegExp): number[] {
  return Array.from(text.matchAll(what), (match) => match.index + match[0].length);
}

function startAt(place: string): Start {
  // Up to the first character that no code has: a quote, a full stop, a tracking suffix.
  const parts = (/^[\w-]+(\s+[\w-]+)*/.exec(place)?.[0] ?? '').split(/\s+/, MAX_PARTS);
  const pieces = parts.map((_, index) => parts.slice(0, index + 1).join('')).filter((piece) => piece !== '');
  const unbroken = place
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .join('');
  return {
    pieces,
    suspect: withoutTrailers(/^\S*/.exec(unbroken)?.[0] ?? ''),
    rest: withoutTrailers(unbroken),
  };
}

/** Not by one regular expression: that takes quadratic time on a long row of full stops. */
function withoutTrailers(text: string): string {
  let end = text.length;
  while (end > 0 && TRAILER.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
