import type { AttributeFilter } from '../entities/matches.ts';

/** What to read: the parameters of GET /logs except its limit. */
export interface Query {
  severity: readonly string[];
  /** RFC 3339, inclusive. */
  from?: string;
  /** RFC 3339, exclusive. */
  to?: string;
  /** Texts that a message must contain, and texts that it must not contain. All of them apply. */
  contains?: readonly string[];
  excludes?: readonly string[];
  /** Words that the message or the attributes must have, all of them. */
  word?: readonly string[];
  /** Attributes that an entry must have, and attributes that it must not have. All of them apply. */
  where?: readonly AttributeFilter[];
  whereNot?: readonly AttributeFilter[];
}

/** A UUID, the id of a trace or a span, or a ULID. */
const WHOLE_ID =
  /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32}|[\da-f]{16}|[0-7][\da-hjkmnp-tv-z]{25})$/i;

/**
 * The words that a query asks for. A text that is a whole id is one, which packed logs find faster: nobody means a part
 * of a longer word by it.
 */
export function wordsOf({ contains = [], word = [] }: Pick<Query, 'contains' | 'word'>): string[] {
  return [...word, ...contains.filter((text) => WHOLE_ID.test(text))];
}

/** The parameters that ask the service for a query. Case is ignored for a text without an upper-case letter. */
export function requestParametersOf(query: Query): URLSearchParams {
  const word = wordsOf(query);
  const contains = query.contains?.filter((text) => !word.includes(text));
  const parameters = parametersOf({ ...query, contains, word });
  if (parameters.has('contains') || parameters.has('excludes')) parameters.set('case', 'smart');
  return parameters;
}

/** A query as URL parameters, for the service and for the page's address. */
export function parametersOf({ severity, where = [], whereNot = [], ...query }: Query): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of severity) parameters.append('severity', name);
  for (const name of ['from', 'to'] as const) {
    const value = query[name];
    if (value !== undefined) parameters.set(name, value);
  }
  for (const name of ['contains', 'excludes', 'word'] as const)
    for (const text of query[name] ?? []) parameters.append(name, text);
  for (const { name, text } of where) parameters.append(`attributes[${name}]`, text);
  for (const { name, text } of whereNot) parameters.append(`excludedAttributes[${name}]`, text);
  return parameters;
}
