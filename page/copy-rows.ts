import { element, takesText } from './document.ts';
import { showText } from './show-text.ts';

/**
 * Copies selected rows of a list as a line each, with its fields apart by tabs and the line breaks of its message. The
 * browser would put each field on a line of its own, and all lines of a message on one. What is selected of an open
 * row's attributes follows its line; a selection below a line is left to the browser.
 * @param messageOf the whole message of a row, by its line, which shows only as much as there is room for
 */
export function copyRows(root: HTMLElement, messageOf: (line: Element) => string | undefined): void {
  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    const isHidden = root.offsetParent === null;
    if (!selection || selection.isCollapsed || isHidden || takesText(event.target)) return;
    const ranges = Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
    const parts = ranges.flatMap((range) =>
      [...root.querySelectorAll('.line, .letter, pre')]
        .filter((part) => range.intersectsNode(part))
        .map((part) => ({
          isRow: part.localName !== 'pre',
          text: part.localName === 'pre' ? textOfDetail(part, range) : textOfRow(part, range, messageOf),
        })),
    );
    if (!parts.some(({ isRow, text }) => isRow && text !== '')) return;
    event.preventDefault();
    const lines = parts.map(({ text }) => text).filter((text) => text !== '');
    event.clipboardData?.setData('text/plain', lines.join('\n'));
  });
}

/** What is selected of a row, from its first field to its last. */
function textOfRow(line: Element, range: Range, messageOf: (line: Element) => string | undefined): string {
  const isWhole = !containsAnEnd(line, range);
  const fields = [...line.children].map((field) => {
    const shown = field.textContent;
    const text = isWhole ? shown : selectedText(field, range);
    const message = field.matches('.message') && text === shown ? messageOf(line) : undefined;
    return message === undefined ? text : textShownFor(message);
  });
  const isThere = (field: string) => field !== '';
  return fields.slice(fields.findIndex(isThere), fields.findLastIndex(isThere) + 1).join('\t');
}

/** What is selected of a text below a line, unless it is the message of a line that is selected too. */
function textOfDetail(text: Element, range: Range): string {
  const line = text.closest('.entry')?.querySelector('.line, .letter');
  if (line && range.intersectsNode(line) && text.ariaLabel !== 'Attributes') return '';
  const lines = text.querySelectorAll('.json');
  if (lines.length === 0) return selectedText(text, range);
  return [...lines]
    .map((line) => selectedText(line, range))
    .filter((line) => line !== '')
    .join('\n');
}

function selectedText(node: Element, range: Range): string {
  if (!range.intersectsNode(node)) return '';
  const selected = document.createRange();
  selected.selectNodeContents(node);
  if (node.contains(range.startContainer)) selected.setStart(range.startContainer, range.startOffset);
  if (node.contains(range.endContainer)) selected.setEnd(range.endContainer, range.endOffset);
  return selected.toString();
}

function containsAnEnd(node: Element, { startContainer, endContainer }: Range): boolean {
  return node.contains(startContainer) || node.contains(endContainer);
}

/** Escaped as on the page, so that what is pasted into a terminal does not control it. */
function textShownFor(message: string): string {
  const target = element('span', '', '');
  showText(target, message);
  return target.textContent;
}
