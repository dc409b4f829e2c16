import { randomUUID } from 'node:crypto';
import type { LogEntry } from '../../entities/entry.ts';

/** Bytes of a typical message: a line of an access log. */
export const MESSAGE_BYTES = 250;

const MESSAGE = '10.24.3.117 "GET /api/v1/orders/8812?expand=lines" 200 5120 "-" 12 ms '
  .repeat(4)
  .slice(0, MESSAGE_BYTES);

/** One entry in so many is an error. */
const ERROR_EVERY = 20;

let made = 0;

/** An entry as services ship them, of an id of its own and dated now, unless it is asked for otherwise. */
export function typicalEntry(overrides: Partial<LogEntry> = {}): LogEntry {
  made++;
  return {
    id: randomUUID(),
    datetime: new Date().toISOString(),
    severity: made % ERROR_EVERY === 0 ? 'error' : 'info',
    message: MESSAGE,
    ...overrides,
  };
}

export function typicalEntries(count: number): LogEntry[] {
  return Array.from({ length: count }, () => typicalEntry());
}

/** The event of a POST /logs with these entries, as API Gateway hands it to the function. */
export function postEvent(body: string | Buffer): object {
  const headers = { Host: 'example.execute-api.us-east-1.amazonaws.com', 'Content-Type': 'application/json' };
  return {
    resource: '/logs',
    path: '/logs',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { requestId: randomUUID(), path: '/prod/logs', stage: 'prod', domainName: headers.Host },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}
