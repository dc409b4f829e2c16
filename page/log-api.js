// @ts-check
import { nextLink } from './next-link.js';

/** An answer other than entries: the service's own words (RFC 9457), or what kept them from coming. */
export class ProblemError extends Error {
  /**
   * @param {string} title
   * @param {string} detail
   * @param {boolean} passing whether the same request may succeed a little later
   */
  constructor(title, detail, passing) {
    super(detail);
    this.name = 'ProblemError';
    this.title = title;
    this.passing = passing;
  }
}

/**
 * One page of entries, newest first, and the URL of the next one, if there is one. Throws ProblemError, or
 * AbortError when the signal says so.
 *
 * @param {URL} url
 * @param {AbortSignal} signal
 * @returns {Promise<{ entries: import('./follow.d.ts').Entry[], next: URL | undefined }>}
 */
export async function readPage(url, signal) {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } }).catch((cause) => {
    if (signal.aborted) throw cause;
    throw new ProblemError('No answer', 'The service can’t be reached. Is it still running?', true);
  });
  if (!response.ok) throw await problemOf(response);

  const next = nextLink(response.headers.get('link'));
  return { entries: await response.json(), next: next === undefined ? undefined : new URL(next, url) };
}

/**
 * All pages from this one on.
 *
 * @param {URL} first
 * @param {AbortSignal} signal
 */
export async function* readPages(first, signal) {
  for (let url = /** @type {URL | undefined} */ (first); url; ) {
    const page = await readPage(url, signal);
    yield page.entries;
    url = page.next;
  }
}

/** @param {Response} response */
async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  return new ProblemError(
    `${response.status} ${problem.title ?? response.statusText}`,
    problem.detail ?? problem.message ?? 'The service gave no reason.',
    response.status === 429 || response.status >= 500,
  );
}
