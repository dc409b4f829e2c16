import { createAnsiSequenceParser, type ParseToken } from 'ansi-sequence-parser';
import { splitAtControls } from '../client/control-characters.ts';
import { element } from './document.ts';

/** An escape character that does not begin a colour. It is shown, like every other control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the character to be found
const STRAY_ESCAPE = /(\u001b(?!\[[\d;]*m))/;
const DECORATIONS = new Set(['bold', 'dim', 'italic', 'underline', 'strikethrough']);

/**
 * Shows a text of an entry, never as markup: ANSI colours as colours, control characters and the marks that change
 * the reading direction as escapes, and each match of `sought`, a global pattern, marked.
 */
export function showText(target: HTMLElement, text: string, sought?: RegExp): void {
  target.replaceChildren(...styledPartsOf(text).flatMap((part) => nodesOf(part, sought)));
}

/** The parts of a text that share a style. Colours reach across stray escapes, as they do in a terminal. */
function styledPartsOf(text: string): { text: string; style: string }[] {
  if (!text.includes('\u001b')) return [{ text, style: '' }];
  const parser = createAnsiSequenceParser();
  return text
    .split(STRAY_ESCAPE)
    .flatMap((part) =>
      part === '\u001b'
        ? [{ text: part, style: '' }]
        : parser.parse(part).map((token) => ({ text: token.value, style: styleOf(token) })),
    );
}

/**
 * Class names for a style. Only the 16 named colours are shown, in the theme's own shades, and no backgrounds: the
 * text stays readable in light and dark whatever the message asks for.
 */
function styleOf({ foreground, decorations }: ParseToken): string {
  const names = [...decorations].filter((name) => DECORATIONS.has(name)).map((name) => `ansi-${name}`);
  if (foreground?.type === 'named') names.push(`ansi-${foreground.name.replace('bright', '').toLowerCase()}`);
  return names.join(' ');
}

function nodesOf({ text, style }: { text: string; style: string }, sought: RegExp | undefined): Node[] {
  const nodes = splitAtControls(text).flatMap(({ shown, isControl }) =>
    isControl ? [element('span', 'control', shown)] : highlighted(shown, sought),
  );
  if (style === '') return nodes;
  const styled = element('span', style, '');
  styled.append(...nodes);
  return [styled];
}

function highlighted(text: string, sought: RegExp | undefined): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const { 0: found, index } of sought ? text.matchAll(sought) : []) {
    if (index > end) nodes.push(document.createTextNode(text.slice(end, index)));
    nodes.push(element('mark', '', found));
    end = index + found.length;
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}
