import type { Query } from '../client/query.ts';
import { queryOf, stateFrom } from '../page/view-state.ts';
import { type Asked, bothOf } from './read-search.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a link of the page shows, wherever that page is served from.
 * @param query what the options ask for
 * @throws UsageError
 */
export function readLink(link: string, query: Query): Asked & { local?: boolean } {
  if (!URL.canParse(link))
    throw new UsageError('the link must be the whole address of a page, in quotes because of its &');
  const { state, faults } = stateFrom(new URL(link).searchParams);
  if (faults.length > 0) throw new UsageError(`the link cannot be read: ${faults.join('; ')}`);
  const { view, at, id } = state;
  // The page shows dead letters whatever the severities and attributes of the other view are.
  const filters = view === 'dead-letters' ? { severity: [], where: [], whereNot: [] } : {};
  const shown = bothOf(query, queryOf({ ...state, ...filters }, Date.now()));
  const asked = { query: shown, ...(state.local && { local: true }) };
  if (view === 'dead-letters') return { what: 'dead-letters', ...asked };
  if (!at) return { what: 'entries', ...asked };
  return { what: 'around', ...asked, at, ...(id && { lookup: { id, query: shown } }) };
}
