import type { LogClient } from '../client/log-client.ts';
import { asLongAsItTakes, type Patience } from '../client/patience.ts';
import { readDeadLetters } from '../client/read-dead-letters.ts';
import { createRefusalGroups, type RefusalGroup } from '../client/refusal-groups.ts';
import { millisecondsOf } from '../client/time.ts';
import { copyRows } from './copy-rows.ts';
import { byId } from './document.ts';
import { createLetterRow, type LetterRow } from './letter-row.ts';
import type { Notices } from './notices.ts';
import { isFiltered, queryOf, type ViewState } from './view-state.ts';

/** Pages without a match before the user is asked whether to search further. */
const MOST_EMPTY_PAGES = 10;

/** The view of refused records, the last refused first: those that were refused for the same reasons are one row. */
export function createDeadLetters(client: LogClient, notices: Notices) {
  const list = byId('letters', HTMLOListElement);
  const older = byId('older-letters', HTMLButtonElement);
  const text = byId('letters-text', HTMLParagraphElement);
  let reading = new AbortController();
  let groups = createRefusalGroups();
  let rows = new Map<RefusalGroup, LetterRow>();
  let pages: ReturnType<typeof readDeadLetters> | undefined;
  let state: ViewState;
  let openedAt = 0;

  function begin(): void {
    groups = createRefusalGroups();
    rows = new Map();
    list.replaceChildren();
    text.textContent = '';
    older.hidden = true;
    reading.abort();
    reading = new AbortController();
    pages = undefined;
  }

  function pagesOf({ signal }: AbortController) {
    const patience: Patience = {
      wait: asLongAsItTakes,
      signal,
      onOutage: (error, wait) => (error ? notices.failed(error, wait) : notices.clearProblem()),
      onSlow: notices.slow,
    };
    return readDeadLetters(client, queryOf(state, openedAt), patience);
  }

  async function read(): Promise<void> {
    const { signal } = reading;
    older.hidden = true;
    notices.loading();
    try {
      pages ??= pagesOf(reading);
      let hasOlder = true;
      for (let empty = 0, isFound = false; hasOlder && !isFound && empty < MOST_EMPTY_PAGES; empty += 1) {
        const { value: page } = await pages.next();
        if (signal.aborted) return;
        hasOlder = page?.hasOlder ?? false;
        isFound = (page?.letters.length ?? 0) > 0;
        for (const group of groups.add(page?.letters ?? [])) show(group);
      }
      older.hidden = !hasOlder;
      text.textContent = rows.size > 0 || hasOlder ? '' : emptyText();
      notices.end('more');
    } catch (error) {
      if (!signal.aborted) notices.failed(error);
    }
  }

  function show(group: RefusalGroup): void {
    const known = rows.get(group);
    if (known) {
      known.update();
      return;
    }
    const row = createLetterRow(group, state.local);
    rows.set(group, row);
    list.append(row.item);
  }

  function emptyText(): string {
    return isFiltered(state) ? 'No refused record matches.' : 'Nothing was refused.';
  }

  older.addEventListener('click', read);
  copyRows(list, {
    messageOf: (line) => [...rows].find(([, { item }]) => item.contains(line))?.[0][0]?.raw,
  });

  return {
    /** Shows the newest, also after an error: a generator that has thrown has ended. */
    async show(next: ViewState): Promise<void> {
      begin();
      state = next;
      list.classList.toggle('local', state.local);
      openedAt = Date.now();
      await read();
    },
    hide: begin,
    /** Moves the focus by some rows. */
    move(by: number) {
      const lines = [...list.querySelectorAll('summary')];
      const place = lines.findIndex((line) => line.matches(':focus'));
      lines[Math.max(0, Math.min(place + by, lines.length - 1))]?.focus();
    },
    /** The state with the range of what is on screen in absolute times. */
    get shown(): ViewState {
      const newest = groups.all[0]?.[0]?.refusedAt;
      const end = Math.max(openedAt, newest === undefined ? 0 : millisecondsOf(newest) + 1);
      const { from = '', to = new Date(end).toISOString() } = queryOf(state, openedAt);
      return { ...state, from, to, last: '', follow: false };
    },
  };
}
