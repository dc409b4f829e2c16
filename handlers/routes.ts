/**
 * The HTTP surface: which function answers which method and resource, in API Gateway's notation.
 * Pure data: stacks, the local server and the API description read it, it imports nothing.
 */
export const ROUTES = [
  { method: 'POST', resource: '/logs', handler: 'ingest' },
  { method: 'POST', resource: '/v1/logs', handler: 'ingest' },
  { method: 'GET', resource: '/logs', handler: 'retrieval' },
  { method: 'GET', resource: '/logs/{id}', handler: 'retrieval' },
  { method: 'GET', resource: '/dead-letters', handler: 'retrieval' },
] as const;

export type Route = (typeof ROUTES)[number];
