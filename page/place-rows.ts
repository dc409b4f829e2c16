import type { Row } from './entry-row.ts';

/** Puts further rows among those of a list and its element, and returns all of them. All are newest first. */
export function placeRows(root: HTMLOListElement, rows: readonly Row[], added: readonly Row[]): Row[] {
  const merged: Row[] = [];
  let place = 0;
  for (let index = 0; index < added.length; ) {
    const first = added[index] as Row;
    while (place < rows.length && isNewer(rows[place] as Row, first)) {
      merged.push(rows[place] as Row);
      place += 1;
    }
    const next = rows[place];
    const run: Row[] = [];
    for (let row = added[index]; row && !(next && isNewer(next, row)); row = added[index]) {
      run.push(row);
      index += 1;
    }
    merged.push(...run);
    const fragment = document.createDocumentFragment();
    for (const { item } of run) fragment.append(item);
    root.insertBefore(fragment, next?.item ?? null);
  }
  for (; place < rows.length; place += 1) merged.push(rows[place] as Row);
  return merged;
}

/** The order of the service: by instant, and by id where instants are equal. */
export function isNewer(a: Row, b: Row): boolean {
  return a.instant === b.instant ? a.entry.id > b.entry.id : a.instant > b.instant;
}

/** Keeps what is being read at its place in sight while rows are added or removed above it. */
export function createScrollAnchor(
  root: HTMLOListElement,
  scroller: HTMLElement,
  rowOf: (target: EventTarget | null) => Row | undefined,
) {
  return {
    /** The row that must not move: an open one in sight, or the first in sight of a list that is scrolled. */
    anchorRow(): Row | undefined {
      const opened = root.querySelectorAll('.line[aria-expanded="true"]');
      if (opened.length === 0 && scroller.scrollTop === 0) return undefined;
      const { top: edge, bottom, left } = scroller.getBoundingClientRect();
      const top = edge + Number.parseFloat(scroller.style.getPropertyValue('--top') || '0');
      for (const line of opened) {
        const { top: lineTop, bottom: lineBottom } = (line.parentElement ?? line).getBoundingClientRect();
        if (lineBottom > top && lineTop < bottom) return rowOf(line);
      }
      if (scroller.scrollTop === 0) return undefined;
      return rowOf(document.elementFromPoint(left + 20, top + 8));
    },
    /** Changes the list and keeps a row at its place in sight. */
    keeping(anchor: Row | undefined, change: () => void): void {
      const before = anchor?.item.getBoundingClientRect().top;
      change();
      if (anchor?.item.isConnected && before !== undefined)
        scroller.scrollTop += anchor.item.getBoundingClientRect().top - before;
    },
  };
}
