import type { Row } from './entry-row.ts';
import { createRowHeights } from './row-heights.ts';

/** Pixels above and below what is in sight for which rows are on the page. */
const AHEAD = 600;
/** Rows that stay on the page because they are selected, at most. */
const MOST_SELECTED = 2_000;

/**
 * The rows of a list that are in sight or near to it. Only they are elements of the page; the space of the others is
 * padding. The row with the focus stays on the page, and so do rows that are being selected.
 */
export function createRowWindow(
  root: HTMLOListElement,
  scroller: HTMLElement,
  create: (row: Row) => HTMLLIElement,
) {
  const heights = createRowHeights(root, scroller);
  const { heightOf, topOf, sight, below, firstInSight, isInSight } = heights;
  let rows: readonly Row[] = [];
  const items = new Map<Row, HTMLLIElement>();
  const rowsByItem = new WeakMap<Element, Row>();
  /** Pixels below the last row, so that a list that is too short to be scrolled can keep what is read at its place. */
  let slack = 0;
  let showsAll = false;

  const rowOf = (target: EventTarget | null) => {
    const item = target instanceof Element ? target.closest('li') : null;
    return item ? rowsByItem.get(item) : undefined;
  };
  const rowAt = (node: Node | null) => rowOf(node instanceof Element ? node : (node?.parentElement ?? null));

  /** The first and one after the last of the rows that are selected, at least in part. */
  const selected = (): [number, number] | undefined => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return undefined;
    const ends = [rowAt(selection.anchorNode), rowAt(selection.focusNode)].filter((row) => row !== undefined);
    const places = ends.map((row) => rows.indexOf(row)).filter((place) => place >= 0);
    return places.length === 0 ? undefined : [Math.min(...places), Math.max(...places) + 1];
  };

  /** Puts the rows around a stretch on the page. */
  const render = (from = sight().from) => {
    const to = from + sight().to - sight().from;
    let [top, first] = [0, 0];
    for (; first < rows.length && !showsAll; first += 1) {
      const bottom = top + heightOf(rows[first] as Row);
      if (bottom > from - AHEAD) break;
      top = bottom;
    }
    let [end, bottom] = [first, top];
    for (; end < rows.length && (showsAll || bottom < to + AHEAD); end += 1)
      bottom += heightOf(rows[end] as Row);
    const [firstSelected, endSelected] = selected() ?? [first, end];
    if (Math.max(end, endSelected) - Math.min(first, firstSelected) <= MOST_SELECTED) {
      for (; first > firstSelected; first -= 1) top -= heightOf(rows[first - 1] as Row);
      for (; end < endSelected; end += 1) bottom += heightOf(rows[end] as Row);
    }
    let height = bottom;
    for (let place = end; place < rows.length; place += 1) height += heightOf(rows[place] as Row);
    if (slack > 0) slack = Math.min(slack, Math.max(0, to - height - below()));
    place(first, end);
    root.style.paddingTop = `${top}px`;
    root.style.paddingBottom = `${height - bottom + slack}px`;
  };

  /** Makes the rows from the first to before the end the items of the list, and no others but the one with the focus. */
  const place = (first: number, end: number) => {
    const wanted = rows.slice(first, end);
    const focused = rowAt(root.contains(document.activeElement) ? document.activeElement : null);
    const awayAt = focused ? rows.indexOf(focused) : -1;
    const isAway = awayAt >= 0 && (awayAt < first || awayAt >= end);
    if (focused && isAway) wanted.splice(awayAt < first ? 0 : wanted.length, 0, focused);
    const kept = new Set(wanted);
    for (const [row, item] of items) {
      if (kept.has(row)) continue;
      items.delete(row);
      measuring.unobserve(item);
      item.remove();
    }
    let next = root.firstElementChild;
    for (const [index, row] of wanted.entries()) {
      const item = items.get(row) ?? add(row);
      if (item === next) next = next.nextElementSibling;
      else root.insertBefore(item, next);
      const isThisAway = isAway && row === focused;
      item.classList.toggle('unseen', isThisAway);
      const position = isThisAway ? awayAt : first + index - (isAway && awayAt < first ? 1 : 0);
      say(item, 'aria-posinset', position + 1);
      say(item, 'aria-setsize', rows.length);
    }
  };

  const add = (row: Row) => {
    const item = create(row);
    items.set(row, item);
    rowsByItem.set(item, row);
    measuring.observe(item);
    return item;
  };

  /** Changes the list or the heights of rows and keeps a row at its place in sight. */
  const keeping = (row: Row | undefined, change: () => void) => {
    const before = row && topOf(row) - sight().from;
    change();
    if (!row || before === undefined || !rows.includes(row)) return render();
    const from = topOf(row) - before;
    if (from > 0) slack = Number.POSITIVE_INFINITY;
    moveTo(from);
  };
  const moveTo = (from: number) => {
    render(from);
    const distance = from - sight().from;
    if (distance !== 0) scroller.scrollTop += distance;
  };

  const measuring = new ResizeObserver((records) => {
    const sizes = new Map(records.map(({ target, borderBoxSize: [size] }) => [target, size]));
    const width = sizes.get(root)?.inlineSize ?? heights.width;
    const measured = [...items].flatMap(([row, item]): [Row, number][] => {
      const height = sizes.get(item)?.blockSize;
      return height && !item.matches('.unseen') ? [[row, height]] : [];
    });
    if (width === heights.width && measured.every(([row, height]) => Math.abs(heightOf(row) - height) < 0.1))
      return;
    keeping(sight().from > 0 ? firstInSight() : undefined, () => {
      if (width !== heights.width) {
        heights.forget(width);
        for (const [row, item] of items) measured.push([row, item.offsetHeight]);
      }
      heights.learn(measured);
    });
  });
  measuring.observe(root);
  scroller.addEventListener('scroll', () => render());
  // The browser prints what is on the page.
  for (const event of ['beforeprint', 'afterprint'])
    addEventListener(event, () => {
      showsAll = event === 'beforeprint';
      render();
    });

  return {
    rowOf,
    firstInSight,
    isInSight,
    keeping,
    /** Whether the first row is in sight or below it. */
    get isAtTop() {
      return sight().from <= 0;
    },
    /** Shows other rows. They are put on the page by `keeping` or `render`. */
    set rows(next: readonly Row[]) {
      rows = next;
      heights.rows = next;
    },
    render: () => render(),
    /** The item of a row. One that is not on the page is made for the caller alone. */
    itemOf(row: Row): HTMLLIElement {
      const item = items.get(row) ?? create(row);
      rowsByItem.set(item, row);
      return item;
    },
    /** The items on the page. */
    get items(): ReadonlyMap<Row, HTMLLIElement> {
      return items;
    },
    /** Takes over the height of a row that was changed. */
    measure(row: Row) {
      row.height = items.get(row)?.offsetHeight;
      render();
    },
    /** Scrolls the list, and what is above it, to a place where it was before. */
    scrollTo(top: number) {
      moveTo(sight().from + top - scroller.scrollTop);
    },
    /** Scrolls to a row, as far as it is needed or so that it is in the middle, and returns its item. */
    show(row: Row, where: 'nearest' | 'middle'): HTMLLIElement | undefined {
      const { from, to } = sight();
      const top = topOf(row);
      const bottom = top + heightOf(row);
      if (where === 'middle') moveTo(Math.max(top - Math.max(0, (to - from - (bottom - top)) / 2), 0));
      else if (top < from || bottom - top > to - from) moveTo(top);
      else if (bottom > to) moveTo(bottom - (to - from));
      else render();
      return items.get(row);
    },
    /** Empties the page. */
    clear() {
      rows = [];
      heights.rows = rows;
      slack = 0;
      for (const item of items.values()) measuring.unobserve(item);
      items.clear();
      root.replaceChildren();
      render();
    },
  };
}

export type RowWindow = ReturnType<typeof createRowWindow>;

/** Sets an attribute that has changed: setting one to what it is costs the browser as much. */
function say(item: HTMLElement, name: string, value: number): void {
  if (item.getAttribute(name) !== String(value)) item.setAttribute(name, String(value));
}
