import { parseDuration, parsePointInTime } from '../client/duration.ts';
import { parametersOf, type Query } from '../client/log-service.ts';

/** What the page shows. It is kept in the page's address, so that a view can be shared and returned to. */
export interface ViewState {
  /** Those shown; empty for all. */
  severity: string[];
  contains: string;
  /** A range that ends now, such as `1h`; empty when `from` and `to` name the range. */
  last: string;
  /** RFC 3339, inclusive; empty for no bound. */
  from: string;
  /** RFC 3339, exclusive; empty for no bound. */
  to: string;
  follow: boolean;
  /** Local time instead of UTC. */
  local: boolean;
}

export function stateFrom(parameters: URLSearchParams): ViewState {
  const text = (name: string) => parameters.get(name) ?? '';
  return {
    severity: parameters.getAll('severity').flatMap((list) => list.split(',')),
    contains: text('contains'),
    last: isRange(text('last')) ? text('last') : '',
    from: text('from'),
    to: text('to'),
    follow: parameters.has('follow'),
    local: text('zone') === 'local',
  };
}

/** The parameters of the page's address for a state. What is as usual is left out. */
export function pageParametersOf({ last, follow, local, ...state }: ViewState): URLSearchParams {
  const parameters = parametersOf(bounded(state));
  if (last) parameters.set('last', last);
  if (follow) parameters.set('follow', '1');
  if (local) parameters.set('zone', 'local');
  return parameters;
}

/** What a state asks the service for. `now` is in milliseconds since 1970. */
export function queryOf({ last, ...state }: ViewState, now: number): Query {
  return bounded({ ...state, from: last ? parsePointInTime(last, now) : state.from });
}

/** Whether the state leaves any entry out. */
export function isFiltered({ severity, contains, last, from, to }: ViewState): boolean {
  return severity.length > 0 || [contains, last, from, to].some((bound) => bound !== '');
}

/** A state's empty texts are no bounds at all in a query. */
function bounded({
  severity,
  contains,
  from,
  to,
}: Pick<ViewState, 'severity' | 'contains' | 'from' | 'to'>): Query {
  return { severity, contains: contains || undefined, from: from || undefined, to: to || undefined };
}

function isRange(text: string): boolean {
  try {
    return parseDuration(text) > 0;
  } catch {
    return false;
  }
}
