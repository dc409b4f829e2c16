import { escapeLine } from '../client/control-characters.ts';
import { SLOW_MS } from '../client/patience.ts';
import { ServiceError } from '../client/service-error.ts';
import { byId } from './document.ts';

/** Milliseconds for which the page says that something was done, and which parts of the address it ignores. */
const TOAST_TIME = 2_500;
const FAULT_TIME = 10_000;

/** What the end of the list says: there is more, nothing was found so far, or why there is nothing more. */
export type ListEnd = 'more' | 'paused' | 'end' | 'newest' | 'empty' | 'filtered';

export interface NoticeHandlers {
  onRetry: () => void;
  onSearchOn: () => void;
  onStopSearch: () => void;
  onSeeArrived: () => void;
}

/**
 * What the page says beside the entries: that it is loading, what went wrong, where the list ends, how many entries
 * arrived out of sight, and that something was done.
 */
export function createNotices({ onRetry, onSearchOn, onStopSearch, onSeeArrived }: NoticeHandlers) {
  const progress = byId('progress', HTMLProgressElement);
  const problem = byId('problem', HTMLDivElement);
  const retry = byId('retry', HTMLButtonElement);
  const endText = byId('end-text', HTMLParagraphElement);
  const searchOn = byId('search-on', HTMLButtonElement);
  const stopSearch = byId('stop-search', HTMLButtonElement);
  const arrived = byId('arrived', HTMLButtonElement);
  const status = byId('status', HTMLParagraphElement);
  const announced = byId('announced', HTMLParagraphElement);
  let unseen = 0;
  let toast: ReturnType<typeof setTimeout> | undefined;

  retry.addEventListener('click', onRetry);
  searchOn.addEventListener('click', onSearchOn);
  stopSearch.addEventListener('click', onStopSearch);
  arrived.addEventListener('click', onSeeArrived);

  const showProblem = (error: unknown, wait?: number) => {
    const { title, detail } = describe(error);
    const outlook = wait === undefined ? '' : ` Trying again within ${Math.round(wait / 1_000)} s.`;
    showText(escapeLine(title), escapeLine(detail) + outlook);
    retry.hidden = false;
  };

  const showText = (title: string, detail: string) => {
    problem.hidden = false;
    byId('problem-title', HTMLElement).textContent = title;
    byId('problem-detail', HTMLElement).textContent = detail;
  };

  const say = (text: string, time = TOAST_TIME) => {
    status.textContent = text;
    clearTimeout(toast);
    toast = setTimeout(() => {
      status.textContent = '';
    }, time);
  };

  const seen = () => {
    unseen = 0;
    arrived.hidden = true;
  };

  return {
    seen,
    say,
    /** Says which parts of the address are ignored. */
    sayFaults(faults: readonly string[]) {
      if (faults.length > 0) say(faults.join('; '), FAULT_TIME);
    },
    /** Shows an error until it is cleared. */
    problem: showProblem,
    /** Says that the service has not answered yet, and is waited for. */
    slow() {
      showText('No answer yet', `The service has not answered for ${SLOW_MS / 1_000} s. Still waiting…`);
      retry.hidden = true;
    },
    /** Hides the last error. */
    clearProblem() {
      problem.hidden = true;
    },
    clear() {
      announced.textContent = '';
      problem.hidden = true;
      seen();
    },
    /** @param searchedBackTo how far a search that has found little has come, as it is shown */
    loading(searchedBackTo?: string) {
      progress.hidden = false;
      searchOn.hidden = true;
      stopSearch.hidden = searchedBackTo === undefined;
      endText.textContent = searchedBackTo === undefined ? 'Loading…' : `Searched back to ${searchedBackTo}…`;
    },
    /** Ends the loading with an error. @param wait milliseconds before the next try, if there is one */
    failed(error: unknown, wait?: number) {
      progress.hidden = true;
      stopSearch.hidden = true;
      endText.textContent = 'The entries here could not be loaded.';
      showProblem(error, wait);
    },
    /** Ends the loading. */
    end(
      state: ListEnd,
      { searchedBackTo = '', advice = '' }: { searchedBackTo?: string; advice?: string } = {},
    ) {
      progress.hidden = true;
      stopSearch.hidden = true;
      searchOn.hidden = state !== 'paused';
      endText.textContent = {
        more: '',
        paused: `Searched back to ${searchedBackTo}.`,
        end: 'No older entries',
        newest: 'No newer entries',
        empty: 'No entries yet. The first ones show up here once a client sends them to POST /logs.',
        filtered: `No entries match. ${advice}`,
      }[state];
    },
    /** Tells a screen reader what a question has found. */
    announce(count: number, hasOlder: boolean) {
      const entries = `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
      announced.textContent = hasOlder ? `${entries}, and older ones` : entries;
    },
    /** Says how many entries arrived above what is in sight. */
    arrived(count: number) {
      unseen += count;
      arrived.hidden = false;
      arrived.textContent = `↑ ${unseen.toLocaleString('en')} new`;
    },
  };
}

export type Notices = ReturnType<typeof createNotices>;

function describe(error: unknown): { title: string; detail: string } {
  if (!(error instanceof ServiceError))
    return {
      title: 'The page failed',
      detail: `${error instanceof Error ? error.message : String(error)}. Reload it if it no longer works.`,
    };
  if (error.reason === 'unreachable')
    return { title: 'No answer', detail: 'The service can’t be reached. Is it still running?' };
  const { problem } = error;
  if (!problem) return { title: 'Not understood', detail: error.message };
  return {
    title: `${problem.status} ${problem.title}`,
    detail: problem.detail ?? 'The service gave no reason.',
  };
}
