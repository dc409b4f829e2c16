import { element, takesText } from './document.ts';
import { showText } from './show-text.ts';

export interface CopiedList {
  /** The whole message of a row, by its line, which shows only as much of it as there is room for. */
  messageOf: (line: Element) => string | undefined;
  /** The items from one to another, or from the beginning or to the end of a list that has more than are on the page. */
  itemsBetween?: (first: Element | undefined, last: Element | undefined) => readonly Element[];
}

/**
 * Copies selected rows of a list as a line each, with its fields apart by tabs and the line breaks of its message. The
 * browser would put each field on a line of its own, and all lines of a message on one. What is selected of an open
 * row's attributes follows its line; a selection below a line is left to the browser.
 */
export function copyRows(root: HTMLElement, list: CopiedList): void {
  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    const isHidden = root.offsetParent === null;
    if (!selection || selection.isCollapsed || isHidden || takesText(event.target)) return;
    const ranges = Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
    const parts = ranges.flatMap((range) => partsIn(root, range, list));
    if (!parts.some(({ isRow }) => isRow)) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', parts.map(({ text }) => text).join('\n'));
  });
}

/** The rows and the texts below them of which something is selected. */
function partsIn(root: HTMLElement, range: Range, list: CopiedList): { isRow: boolean; text: string }[] {
  return itemsIn(root, range, list).flatMap((item) => {
    const hasEnd = item.contains(range.startContainer) || item.contains(range.endContainer);
    // A comparison with a range takes long in a long list, so it is asked only where it begins and ends.
    const selected = hasEnd ? selectedText(range) : (node: Element) => node.textContent;
    const line = item.querySelector('.line, .letter');
    const row = line ? textOfRow(line, selected, list) : '';
    const details = [...item.querySelectorAll('pre')]
      // A message is in the line.
      .filter(({ ariaLabel }) => row === '' || ariaLabel === 'Attributes')
      .map((text) => textOfLines(text, selected));
    return [row, ...details]
      .map((text, place) => ({ isRow: place === 0, text }))
      .filter(({ text }) => text !== '');
  });
}

/** The items of a list from where a range begins to where it ends. */
function itemsIn(root: HTMLElement, range: Range, { itemsBetween }: CopiedList): readonly Element[] {
  if (!range.intersectsNode(root)) return [];
  const itemAt = (node: Node, place: number) =>
    node === root
      ? root.children[place]
      : (node instanceof Element ? node : node.parentElement)?.closest('.entry');
  const { startContainer, startOffset, endContainer, endOffset } = range;
  const first = root.contains(startContainer) ? itemAt(startContainer, startOffset) : undefined;
  const last = root.contains(endContainer) ? itemAt(endContainer, endOffset - 1) : undefined;
  if (itemsBetween) return itemsBetween(first ?? undefined, last ?? undefined);
  const items = [...root.children];
  return items.slice(first ? items.indexOf(first) : 0, last ? items.indexOf(last) + 1 : items.length);
}

/** What is selected of a row, from its first field to its last. */
function textOfRow(line: Element, selected: (node: Element) => string, { messageOf }: CopiedList): string {
  const fields = [...line.querySelectorAll(':scope > :not(.column:empty)')].map((field) => {
    const text = selected(field);
    const message = field.matches('.message') && text === field.textContent ? messageOf(line) : undefined;
    return message === undefined ? text : textShownFor(message);
  });
  const isThere = (field: string) => field !== '';
  return fields.slice(fields.findIndex(isThere), fields.findLastIndex(isThere) + 1).join('\t');
}

/** What is selected of a text that may be laid out as lines. */
function textOfLines(text: Element, selected: (node: Element) => string): string {
  const lines = [...text.querySelectorAll('.json')];
  if (lines.length === 0) return selected(text);
  return lines
    .map(selected)
    .filter((line) => line !== '')
    .join('\n');
}

/** Makes a function that returns what of an element is in a range. */
function selectedText(range: Range): (node: Element) => string {
  return (node) => {
    if (!range.intersectsNode(node)) return '';
    const inner = document.createRange();
    inner.selectNodeContents(node);
    if (node.contains(range.startContainer)) inner.setStart(range.startContainer, range.startOffset);
    if (node.contains(range.endContainer)) inner.setEnd(range.endContainer, range.endOffset);
    return inner.toString();
  };
}

/** Escaped as on the page, so that what is pasted into a terminal does not control it. */
function textShownFor(message: string): string {
  const target = element('span', '', '');
  showText(target, message);
  return target.textContent;
}
