import { parametersOf, type Query, wordsOf } from '../client/query.ts';
import { EMPTY_SEARCH, type Search } from '../client/search-query.ts';
import { parsePointInTime } from '../client/time.ts';
import { InvalidInstantError, parseInstant } from '../entities/instant.ts';
import type { AttributeFilter } from '../entities/matches.ts';

/** What the page shows. It is kept in the page's address, so that a view can be shared and returned to. */
export interface ViewState extends Search {
  /** What was stored, or what was refused. */
  view: 'entries' | 'dead-letters';
  /** A range that ends now, such as `1h`; empty when `from` and `to` name the range. */
  last: string;
  /** RFC 3339, inclusive; empty for no bound. */
  from: string;
  /** RFC 3339, exclusive; empty for no bound. */
  to: string;
  /** The id of an entry to show among its neighbours. `at` is then its datetime. */
  id: string;
  follow: boolean;
  /** Local time instead of UTC. */
  local: boolean;
  /** The list begins with the oldest entry, as a trace is read. */
  oldestFirst: boolean;
  /** Attributes that are columns of the list. SOURCE stands for the one that names the service. */
  columns: readonly string[];
}

/** The column with the service that an entry comes from, whatever the attribute is called. */
export const SOURCE = 'source';

/** All entries, newest first. */
export const EVERYTHING: ViewState = {
  ...EMPTY_SEARCH,
  view: 'entries',
  last: '',
  from: '',
  to: '',
  id: '',
  follow: false,
  local: false,
  oldestFirst: false,
  columns: [SOURCE],
};

/**
 * The state that an address names, and a sentence for each parameter that cannot be read and is left out. The
 * service checks `from`, `to` and `severity`.
 */
export function stateFrom(parameters: URLSearchParams): { state: ViewState; faults: string[] } {
  const faults: string[] = [];
  const text = (name: string) => parameters.get(name) ?? '';
  const valid = (name: string, check: (value: string) => unknown) => {
    const value = text(name);
    const fault = value === '' ? undefined : faultOf(() => check(value));
    if (fault) faults.push(`${name}=${value} is left out: it ${fault}`);
    return fault ? '' : value;
  };
  const state: ViewState = {
    view: text('view') === 'dead-letters' ? 'dead-letters' : 'entries',
    severity: parameters.getAll('severity').flatMap((list) => list.split(',')),
    contains: parameters.getAll('contains').filter((one) => one !== ''),
    excludes: parameters.getAll('excludes').filter((one) => one !== ''),
    word: parameters.getAll('word').filter((one) => one !== ''),
    where: attributesOf(parameters, /^attributes\[(.+)\]$/s),
    whereNot: attributesOf(parameters, /^excludedAttributes\[(.+)\]$/s),
    last: valid('last', (value) => parsePointInTime(value, Date.now())),
    from: text('from'),
    to: text('to'),
    at: valid('at', parseInstant),
    id: text('id'),
    follow: ['', '1', 'true'].includes(parameters.get('follow') ?? 'no'),
    local: text('zone') === 'local',
    oldestFirst: text('order') === 'oldest',
    columns: parameters.has('columns') ? columnsIn(parameters) : EVERYTHING.columns,
  };
  return { state, faults };
}

/** An empty parameter stands for no columns at all. */
function columnsIn(parameters: URLSearchParams): string[] {
  return [...new Set(parameters.getAll('columns').filter((name) => name !== ''))];
}

function attributesOf(parameters: URLSearchParams, pattern: RegExp): AttributeFilter[] {
  return [...parameters].flatMap(([parameter, text]) => {
    const name = pattern.exec(parameter)?.[1];
    return name === undefined ? [] : [{ name, text }];
  });
}

/** The parameters of the page's address for a state. Those with their default values are left out. */
export function pageParametersOf({
  view,
  last,
  at,
  id,
  follow,
  local,
  oldestFirst,
  columns,
  ...state
}: ViewState): URLSearchParams {
  const parameters = parametersOf(bounded(state));
  if (view !== 'entries') parameters.set('view', view);
  if (last) parameters.set('last', last);
  if (at) parameters.set('at', at);
  if (id) parameters.set('id', id);
  if (follow) parameters.set('follow', '1');
  if (local) parameters.set('zone', 'local');
  if (oldestFirst) parameters.set('order', 'oldest');
  if (String(columns) !== SOURCE)
    for (const name of columns.length > 0 ? columns : ['']) parameters.append('columns', name);
  return parameters;
}

/** Whether two states ask the service for the same. */
export function isSameQuery(one: ViewState, other: ViewState): boolean {
  const asked = ({ follow, local, columns, ...query }: ViewState) => JSON.stringify(query);
  return asked(one) === asked(other);
}

/** What a state asks the service for. `now` is in milliseconds since 1970. */
export function queryOf({ last, ...state }: ViewState, now: number): Query {
  return bounded({ ...state, from: last ? parsePointInTime(last, now) : state.from });
}

/** Whether the state has any filter or bound. */
export function isFiltered(state: ViewState): boolean {
  const { severity, contains, excludes, word, where, whereNot, last, from, to } = state;
  const filters = [severity, contains, excludes, word, where, whereNot, last, from, to];
  return filters.some(({ length }) => length > 0);
}

/** The search that a view shows the entries of. */
export function searchOf(state: ViewState): Search {
  const { severity, contains, excludes, word, where, whereNot, at } = state;
  return { severity, contains, excludes, word, where, whereNot, at };
}

/**
 * What a view becomes with another search. An id is looked for in all that is kept, and a moment is gone to whatever
 * the range was.
 */
export function withSearch(state: ViewState, search: Search): Partial<ViewState> {
  const known = wordsOf(state);
  const hasNewId = wordsOf(search).some((word) => !known.includes(word));
  const hasNewMoment = search.at !== '' && search.at !== state.at;
  return {
    ...search,
    id: '',
    ...(hasNewId && { at: '' }),
    ...((hasNewId || hasNewMoment) && { last: '', from: '', to: '' }),
    ...(hasNewMoment && { follow: false }),
  };
}

type Filters = Pick<ViewState, keyof Query>;

/** A state has empty texts where a query has no bounds. */
function bounded({ severity, contains, excludes, word, where, whereNot, from, to }: Filters): Query {
  const bounds = { from: from || undefined, to: to || undefined };
  return { severity, contains, excludes, word, where, whereNot, ...bounds };
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof RangeError || error instanceof InvalidInstantError) return error.message;
    throw error;
  }
}
