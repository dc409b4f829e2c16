/**
 * The HTTP surface: which function serves which method and resource, in API Gateway's notation.
 * Pure data: stacks, the local server and the API description read it. It imports nothing.
 */
export const ROUTES = [
  { method: 'POST', resource: '/logs', handler: 'ingest' },
  { method: 'POST', resource: '/v1/logs', handler: 'ingest' },
  { method: 'POST', resource: '/v1/json', handler: 'ingest' },
  { method: 'GET', resource: '/logs', handler: 'retrieval' },
  { method: 'GET', resource: '/logs/{id}', handler: 'retrieval' },
  { method: 'GET', resource: '/counts', handler: 'retrieval' },
  { method: 'GET', resource: '/dead-letters', handler: 'retrieval' },
] as const;

export type Route = (typeof ROUTES)[number];

type NameOf<OneRoute extends Route> = OneRoute extends Route
  ? `${OneRoute['method']} ${OneRoute['resource']}`
  : never;

/** The names of a function's routes, such as `POST /logs`. A map with these keys compiles only if it has all routes. */
export type RouteName<Handler extends Route['handler'] = Route['handler']> = NameOf<
  Extract<Route, { handler: Handler }>
>;
