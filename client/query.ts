/** What to read: the parameters of GET /logs except its limit. */
export interface Query {
  severity: readonly string[];
  /** RFC 3339, inclusive. */
  from?: string;
  /** RFC 3339, exclusive. */
  to?: string;
  /** Texts that the message must hold, all of them, and must not hold, any of them. */
  contains?: readonly string[];
  excludes?: readonly string[];
  /** Attributes that an entry must have, all of them, and must not have, any of them. */
  where?: readonly Attribute[];
  whereNot?: readonly Attribute[];
}

/** An attribute as entries are chosen by it: the name, nested ones joined by dots, and the text of the value. */
export interface Attribute {
  name: string;
  text: string;
}

/** A query as the service is asked for it. People find a text in either case, unless they write an upper-case letter. */
export function requestParametersOf(query: Query): URLSearchParams {
  const parameters = parametersOf(query);
  if (parameters.has('contains') || parameters.has('excludes')) parameters.set('case', 'smart');
  return parameters;
}

/** A query as URL parameters. The service and the page's address take the same. */
export function parametersOf({ severity, where = [], whereNot = [], ...query }: Query): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of severity) parameters.append('severity', name);
  for (const name of ['from', 'to'] as const) {
    const value = query[name];
    if (value !== undefined) parameters.set(name, value);
  }
  for (const name of ['contains', 'excludes'] as const)
    for (const text of query[name] ?? []) parameters.append(name, text);
  for (const { name, text } of where) parameters.append(`attributes[${name}]`, text);
  for (const { name, text } of whereNot) parameters.append(`excludedAttributes[${name}]`, text);
  return parameters;
}
