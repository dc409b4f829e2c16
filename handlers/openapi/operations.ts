import type * as z from 'zod';
import { ENTRIES_LIMIT, UNPACKED_LIMIT_BYTES, WIRE_LIMIT_BYTES } from '../limits.ts';
import { entryQuerySchema, pageQuerySchema } from '../retrieval/query-parameters.ts';
import type { Route } from '../routes.ts';
import { API_SCHEMAS } from './schemas.ts';

/** A route's name in the description; a route without one does not compile. */
export type RouteName = Route extends infer R
  ? R extends Route
    ? `${R['method']} ${R['resource']}`
    : never
  : never;

export type Content = Record<string, (typeof API_SCHEMAS)[keyof typeof API_SCHEMAS] | 'text' | 'bytes'>;

export interface Answer {
  description: string;
  content: Content;
  headers?: ('Link' | 'Retry-After')[];
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  query?: z.ZodObject;
  pathParameters?: Record<string, string>;
  body?: Content;
  answers: Record<number, Answer>;
}

const { ingestBody, entries, verdicts, problem, refusal, deadLetters } = API_SCHEMAS;
const { otlpRequest, otlpResponse, otlpStatus } = API_SCHEMAS;

const BODY_BOUNDS = `A body is plain or gzip, found by looking at it; at most ${WIRE_LIMIT_BYTES} bytes on the wire, ${UNPACKED_LIMIT_BYTES} bytes unpacked and ${ENTRIES_LIMIT} entries.`;
const SEND_AGAIN = 'Sending again is always safe: an entry that is stored already stays as it is.';
const FORBIDDEN = 'The API key or the signature is missing or wrong (answered by API Gateway)';

const problems = (description: string, content: Content[string] = problem): Answer => ({
  description,
  content: { 'application/problem+json': content },
});
const otlpProblems = (description: string): Answer => ({
  description,
  content: { 'application/json': otlpStatus, 'application/x-protobuf': 'bytes' },
});
/** API Gateway answers with a problem of its own where it does not get to the function. */
const otlpOrGatewayProblems = (description: string): Answer => {
  const answer = otlpProblems(description);
  return { ...answer, content: { ...answer.content, 'application/problem+json': problem } };
};
const page = (description: string, content: Content[string]): Answer => ({
  description,
  content: { 'application/json': content },
  headers: ['Link'],
});

/** Answers of every operation that reads. */
const READING = {
  400: problems('A parameter is wrong; the problem names it'),
  403: problems(FORBIDDEN),
  503: { ...problems('The entries cannot be read now: ask again'), headers: ['Retry-After' as const] },
};

export const OPERATIONS: Record<RouteName, Operation> = {
  'POST /logs': {
    operationId: 'ingestLogs',
    summary: 'Store log entries',
    description: `One entry, an array, an envelope or one entry a line (NDJSON), found by looking at the body whatever its Content-Type says. ${BODY_BOUNDS} ${SEND_AGAIN}`,
    body: { 'application/json': ingestBody, 'application/x-ndjson': 'text' },
    answers: {
      200: {
        description:
          'At least one entry was accepted, and every accepted one is stored. Those that were refused beside it are kept as dead letters.',
        content: { 'application/json': verdicts },
      },
      400: problems('Nothing in the body could be accepted', refusal),
      403: problems(FORBIDDEN),
      413: problems('The body is over a bound: make batches smaller, or switch on gzip'),
      415: problems('An encoding or a format that is not read here'),
      503: {
        ...problems('Something acceptable could not be stored: send all of it again'),
        headers: ['Retry-After'],
      },
    },
  },
  'POST /v1/logs': {
    operationId: 'exportOpenTelemetryLogs',
    summary: 'Store OpenTelemetry log records',
    description: `OTLP/HTTP, answered in the encoding of the request. ${BODY_BOUNDS} ${SEND_AGAIN}`,
    body: { 'application/json': otlpRequest, 'application/x-protobuf': 'bytes' },
    answers: {
      200: {
        description:
          'Every accepted record is stored; partialSuccess says how many were refused. They are kept as dead letters.',
        content: { 'application/json': otlpResponse, 'application/x-protobuf': 'bytes' },
      },
      400: otlpProblems('The body cannot be read'),
      403: problems(FORBIDDEN),
      413: otlpOrGatewayProblems('The body is over a bound: make batches smaller, or switch on gzip'),
      415: otlpProblems('An encoding that is not read here'),
      503: {
        ...otlpOrGatewayProblems('Something acceptable could not be stored: send all of it again'),
        headers: ['Retry-After'],
      },
    },
  },
  'GET /logs': {
    operationId: 'listLogs',
    summary: 'Read the newest log entries',
    description:
      'Newest first. A page ends early where the response or the budget of a search is full; the Link says whether there is more.',
    query: entryQuerySchema,
    answers: { 200: page('A page of entries', entries), ...READING },
  },
  'GET /logs/{id}': {
    operationId: 'findLogs',
    summary: 'Read the log entries under an id',
    description: 'Newest first; almost always one.',
    pathParameters: { id: 'The id, percent-encoded' },
    query: pageQuerySchema,
    answers: {
      200: page('A page of entries', entries),
      ...READING,
      404: problems('No entry has this id, or it has expired'),
    },
  },
  'GET /dead-letters': {
    operationId: 'listDeadLetters',
    summary: 'Read what was refused, and why',
    description: 'Last refused first. Only what was refused beside entries that were accepted is kept.',
    query: pageQuerySchema,
    answers: { 200: page('A page of dead letters', deadLetters), ...READING },
  },
};
