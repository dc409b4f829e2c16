import type { LogEntry, Severity } from '../entities/entry.ts';
import { matchEntry } from '../entities/match-entry.ts';
import { jsonOfAttributes } from './entry-text.ts';
import { entriesIn, type LogClient } from './log-client.ts';
import type { Patience } from './patience.ts';
import { parametersOf, type Query } from './query.ts';
import { ServiceError } from './service-error.ts';

/**
 * The entries under an id that match a query, newest first; undefined where there is no entry under it. The service
 * knows nothing of a query but its time span, so they are matched here. A search of packed entries may take several
 * pages. It ends with the first that has any, or with the time span.
 */
export async function entriesUnderId(
  client: LogClient,
  id: string,
  query: Query,
  patience: Patience,
): Promise<LogEntry[] | undefined> {
  const url = client.urlOf(`/logs/${encodeURIComponent(id)}`);
  const { from, to } = query;
  url.search = String(parametersOf({ severity: [], from, to }));
  const found: LogEntry[] = [];
  try {
    for await (const { entries } of client.pages(url, entriesIn, patience)) {
      found.push(...entries);
      if (found.length > 0 && from === undefined && to === undefined) break;
    }
  } catch (error) {
    if (!(error instanceof ServiceError && error.problem?.status === 404)) throw error;
  }
  return found.length > 0 ? found.filter(matchQuery(query)) : undefined;
}

/** The time span is left to the service. */
function matchQuery({ severity, contains, excludes, ...query }: Query): (entry: LogEntry) => boolean {
  const matches = matchEntry({
    severities: severity.length > 0 ? (severity as readonly Severity[]) : undefined,
    contains,
    excludes,
    textCase: 'smart',
    words: query.word,
    attributes: query.where,
    excludedAttributes: query.whereNot,
  });
  return ({ attributes, ...entry }) =>
    matches({ ...entry, attributes: attributes && jsonOfAttributes(attributes) });
}
