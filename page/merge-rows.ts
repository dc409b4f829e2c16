import type { Row } from './entry-row.ts';

/** The rows of a list together with further ones, which are placed among its items. All are newest first. */
export function mergeRows(root: HTMLOListElement, rows: readonly Row[], added: readonly Row[]): Row[] {
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

/** The service's own order: by instant, and by id where instants are equal. */
export function isNewer(a: Row, b: Row): boolean {
  return a.instant === b.instant ? a.entry.id > b.entry.id : a.instant > b.instant;
}
