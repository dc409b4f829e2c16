// @ts-check
import { byId } from './elements.js';
import { ProblemError } from './log-api.js';

const TOAST_TIME = 2_500;

/**
 * What the page says beside the entries: that it loads, what went wrong, where the list ends, what arrived
 * out of sight, and that something was done.
 *
 * @param {{ onRetry: () => void, onSearchOn: () => void, onSeeArrived: () => void }} handlers
 */
export function createNotices({ onRetry, onSearchOn, onSeeArrived }) {
  const progress = byId('progress', HTMLProgressElement);
  const problem = byId('problem', HTMLDivElement);
  const endText = byId('end-text', HTMLParagraphElement);
  const searchOn = byId('search-on', HTMLButtonElement);
  const arrived = byId('arrived', HTMLButtonElement);
  const status = byId('status', HTMLParagraphElement);
  let unseen = 0;
  let toast = 0;

  byId('retry', HTMLButtonElement).addEventListener('click', onRetry);
  searchOn.addEventListener('click', onSearchOn);
  arrived.addEventListener('click', onSeeArrived);

  /** @param {unknown} error undefined once all is well again */
  const showProblem = (error) => {
    problem.hidden = error === undefined;
    if (error === undefined) return;
    byId('problem-title', HTMLElement).textContent =
      error instanceof ProblemError ? error.title : 'The page failed';
    byId('problem-detail', HTMLElement).textContent = error instanceof Error ? error.message : String(error);
  };

  const seen = () => {
    unseen = 0;
    arrived.hidden = true;
  };

  return {
    problem: showProblem,
    seen,
    clear() {
      showProblem(undefined);
      seen();
    },
    loading() {
      progress.hidden = false;
      searchOn.hidden = true;
      endText.textContent = 'Loading…';
    },
    /** @param {unknown} error that ended the loading */
    failed(error) {
      progress.hidden = true;
      endText.textContent = '';
      showProblem(error);
    },
    /** @param {'more' | 'paused' | 'end' | 'empty' | 'filtered'} state in which the loading ended */
    end(state) {
      progress.hidden = true;
      searchOn.hidden = state !== 'paused';
      endText.textContent = {
        more: '',
        paused: 'Nothing found in what was searched so far.',
        end: 'No older entries',
        empty: 'No entries yet. The first ones show up here once a client sends them to POST /logs.',
        filtered: 'No entries match. Widen the time range, or show more severities.',
      }[state];
    },
    /** @param {number} count of entries that came in above what is in sight */
    arrived(count) {
      unseen += count;
      arrived.hidden = false;
      arrived.textContent = `↑ ${unseen.toLocaleString('en')} new`;
    },
    /** @param {string} text */
    say(text) {
      status.textContent = text;
      clearTimeout(toast);
      toast = setTimeout(() => {
        status.textContent = '';
      }, TOAST_TIME);
    },
  };
}
