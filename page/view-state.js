// @ts-check

/**
 * What the page shows. It lives in the page's own address, so that a view can be shared and gone back to.
 *
 * @typedef {object} ViewState
 * @property {string[]} severity those shown; empty for all
 * @property {string} contains
 * @property {string} last a range that ends now, such as `1h`; empty when `from` and `to` say it
 * @property {string} from RFC 3339, inclusive; empty for no bound
 * @property {string} to RFC 3339, exclusive; empty for no bound
 * @property {boolean} follow
 * @property {boolean} local local time instead of UTC
 */

const PAGE_SIZE = 200;
const MILLISECONDS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * @param {URLSearchParams} parameters
 * @returns {ViewState}
 */
export function stateFrom(parameters) {
  const text = (/** @type {string} */ name) => parameters.get(name) ?? '';
  return {
    severity: parameters.getAll('severity').flatMap((list) => list.split(',')),
    contains: text('contains'),
    last: millisecondsOf(text('last')) ? text('last') : '',
    from: text('from'),
    to: text('to'),
    follow: parameters.has('follow'),
    local: text('zone') === 'local',
  };
}

/**
 * The page's own parameters for a state; what is as usual is left out.
 *
 * @param {ViewState} state
 */
export function parametersOf({ severity, contains, last, from, to, follow, local }) {
  const parameters = new URLSearchParams(severity.map((name) => ['severity', name]));
  for (const [name, value] of Object.entries({ contains, last, from, to })) {
    if (value) parameters.set(name, value);
  }
  if (follow) parameters.set('follow', '1');
  if (local) parameters.set('zone', 'local');
  return parameters;
}

/**
 * The service's URL for the newest entries of a state.
 *
 * @param {ViewState} state
 * @param {{ now: number, base: string, limit?: number }} context
 */
export function queryOf({ severity, contains, last, from, to }, { now, base, limit = PAGE_SIZE }) {
  const url = new URL('logs', base);
  for (const name of severity) url.searchParams.append('severity', name);
  const since = last ? new Date(now - millisecondsOf(last)).toISOString() : from;
  for (const [name, value] of Object.entries({ contains, from: since, to, limit: String(limit) })) {
    if (value) url.searchParams.set(name, value);
  }
  return url;
}

/**
 * Whether the state leaves anything out.
 *
 * @param {ViewState} state
 */
export function isFiltered({ severity, contains, last, from, to }) {
  return severity.length > 0 || [contains, last, from, to].some((bound) => bound !== '');
}

/** @param {string} duration such as `15m`; 0 for anything else */
function millisecondsOf(duration) {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  return Number(amount ?? 0) * (MILLISECONDS[/** @type {keyof typeof MILLISECONDS} */ (unit)] ?? 0);
}
