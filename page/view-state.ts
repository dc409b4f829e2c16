import { parametersOf, type Query } from '../client/query.ts';
import { parsePointInTime } from '../client/time.ts';
import { InvalidInstantError, parseInstant } from '../entities/instant.ts';
import type { AttributeFilter } from '../entities/matches.ts';

/** What the page shows. It is kept in the page's address, so that a view can be shared and returned to. */
export interface ViewState {
  /** What was stored, or what was refused. */
  view: 'entries' | 'dead-letters';
  /** The severities that are shown; empty for all. */
  severity: string[];
  /** Texts that the message contains, and texts that it does not contain. All of them apply. */
  contains: string[];
  excludes: string[];
  /** Attributes that an entry has, and attributes that it does not have. All of them apply. */
  where: readonly AttributeFilter[];
  whereNot: readonly AttributeFilter[];
  /** A range that ends now, such as `1h`; empty when `from` and `to` name the range. */
  last: string;
  /** RFC 3339, inclusive; empty for no bound. */
  from: string;
  /** RFC 3339, exclusive; empty for no bound. */
  to: string;
  /** RFC 3339 datetime and id of an entry to show among its neighbours; empty to begin with the newest. */
  at: string;
  id: string;
  follow: boolean;
  /** Local time instead of UTC. */
  local: boolean;
}

/** All entries, newest first. */
export const EVERYTHING: ViewState = {
  view: 'entries',
  severity: [],
  contains: [],
  excludes: [],
  where: [],
  whereNot: [],
  last: '',
  from: '',
  to: '',
  at: '',
  id: '',
  follow: false,
  local: false,
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
    where: attributesOf(parameters, /^attributes\[(.+)\]$/s),
    whereNot: attributesOf(parameters, /^excludedAttributes\[(.+)\]$/s),
    last: valid('last', (value) => parsePointInTime(value, Date.now())),
    from: text('from'),
    to: text('to'),
    at: valid('at', parseInstant),
    id: text('id'),
    follow: ['', '1', 'true'].includes(parameters.get('follow') ?? 'no'),
    local: text('zone') === 'local',
  };
  return { state, faults };
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
  ...state
}: ViewState): URLSearchParams {
  const parameters = parametersOf(bounded(state));
  if (view !== 'entries') parameters.set('view', view);
  if (last) parameters.set('last', last);
  if (at) parameters.set('at', at);
  if (id) parameters.set('id', id);
  if (follow) parameters.set('follow', '1');
  if (local) parameters.set('zone', 'local');
  return parameters;
}

/** Whether two states ask the service for the same. */
export function isSameQuery(one: ViewState, other: ViewState): boolean {
  const asked = ({ follow, local, ...query }: ViewState) => JSON.stringify(query);
  return asked(one) === asked(other);
}

/** What a state asks the service for. `now` is in milliseconds since 1970. */
export function queryOf({ last, ...state }: ViewState, now: number): Query {
  return bounded({ ...state, from: last ? parsePointInTime(last, now) : state.from });
}

/** Whether the state has any filter or bound. */
export function isFiltered({ severity, contains, excludes, where, whereNot, ...range }: ViewState): boolean {
  const { last, from, to } = range;
  return [severity, contains, excludes, where, whereNot, last, from, to].some(({ length }) => length > 0);
}

type Filters = Pick<ViewState, Exclude<keyof Query, 'word'>>;

/** A state has empty texts where a query has no bounds. */
function bounded({ severity, contains, excludes, where, whereNot, from, to }: Filters): Query {
  return { severity, contains, excludes, where, whereNot, from: from || undefined, to: to || undefined };
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
