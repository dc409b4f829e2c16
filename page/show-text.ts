import { splitAtControls } from '../client/control-characters.ts';
import { type StyledPart, styledPartsOf, type TextStyle } from '../client/styled-text.ts';
import { element } from './document.ts';

/** How a style looks: a property and its value. The colours are those of the theme. */
const LOOKS: Record<TextStyle, [string, string]> = {
  bold: ['font-weight', '700'],
  dim: ['color', 'var(--quiet)'],
  italic: ['font-style', 'italic'],
  underline: ['text-decoration-line', 'underline'],
  strikethrough: ['text-decoration-line', 'line-through'],
  red: ['color', 'var(--error)'],
  green: ['color', 'var(--green)'],
  yellow: ['color', 'var(--warning)'],
  blue: ['color', 'var(--accent)'],
  magenta: ['color', 'var(--magenta)'],
  cyan: ['color', 'var(--cyan)'],
};

/**
 * Shows a text of an entry, never as markup: ANSI colours as colours, control characters and the marks that change
 * the reading direction as escapes, and each match of `sought`, a global pattern, marked.
 */
export function showText(target: HTMLElement, text: string, sought?: RegExp): void {
  target.replaceChildren(...styledPartsOf(text).flatMap((part) => nodesOf(part, sought)));
}

function nodesOf({ text, styles }: StyledPart, sought: RegExp | undefined): Node[] {
  const nodes = splitAtControls(text).flatMap(({ shown, isControl }) =>
    isControl ? [element('span', 'control', shown)] : highlighted(shown, sought),
  );
  if (styles.length === 0) return nodes;
  const styled = element('span', styles.map((name) => `ansi-${name}`).join(' '), '');
  for (const style of styles) styled.style.setProperty(...LOOKS[style]);
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
