import type { LogEntry, Severity } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import { matchEntry } from '../entities/match-entry.ts';
import { jsonOfAttributes } from './entry-text.ts';
import { entriesIn, type LogClient } from './log-client.ts';
import type { Patience } from './patience.ts';
import type { Query } from './query.ts';
import { ServiceError } from './service-error.ts';

/**
 * The entries under an id that match a query, newest first; undefined where there is no entry under it. The service
 * gives all of them, so they are matched here.
 */
export async function entriesUnderId(
  client: LogClient,
  id: string,
  query: Query,
  patience: Patience,
): Promise<LogEntry[] | undefined> {
  const url = client.urlOf(`/logs/${encodeURIComponent(id)}`);
  try {
    const { value: page } = await client.pages(url, entriesIn, patience).next();
    return page?.entries.filter(matchQuery(query));
  } catch (error) {
    if (error instanceof ServiceError && error.problem?.status === 404) return undefined;
    throw error;
  }
}

function matchQuery({ severity, from, to, ...query }: Query): (entry: LogEntry) => boolean {
  const [start, end] = [from, to].map((bound) => bound && parseInstant(bound));
  const matches = matchEntry({
    severities: severity.length > 0 ? (severity as readonly Severity[]).slice() : undefined,
    contains: query.contains?.slice(),
    excludes: query.excludes?.slice(),
    textCase: 'smart',
    words: query.word?.slice(),
    attributes: query.where?.slice(),
    excludedAttributes: query.whereNot?.slice(),
  });
  return ({ attributes, ...entry }) => {
    const instant = parseInstant(entry.datetime);
    if ((start && instant < start) || (end && instant >= end)) return false;
    return matches({ ...entry, attributes: attributes && jsonOfAttributes(attributes) });
  };
}
