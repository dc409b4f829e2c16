import type * as z from 'zod';
import { PAGE_BUDGET } from '../entities/read/how-much.ts';
import { MEMBER_NAMES, type Role } from '../handlers/ingest/loggers/member-roles.ts';
import { ENTRIES_LIMIT, UNPACKED_LIMIT_BYTES, WIRE_LIMIT_BYTES } from '../handlers/limits.ts';
import {
  countQuerySchema,
  entryQuerySchema,
  idQuerySchema,
  pageQuerySchema,
} from '../handlers/retrieval/query-parameters.ts';
import type { RouteName } from '../handlers/routes.ts';
import { API_SCHEMAS } from './schemas.ts';

/** A schema per media type. */
export type Content = Record<string, (typeof API_SCHEMAS)[keyof typeof API_SCHEMAS] | 'text' | 'bytes'>;

export interface ResponseDescription {
  description: string;
  content: Content;
  headers?: ('Link' | 'Searched-Back-To' | 'Retry-After')[];
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  query?: z.ZodObject;
  pathParameters?: Record<string, string>;
  body?: Content;
  responses: Record<number, ResponseDescription>;
}

const { ingestBody, entries, counts, verdicts, problem, ingestProblem, deadLetters } = API_SCHEMAS;
const { loggerBody, otlpRequest, otlpResponse, otlpStatus } = API_SCHEMAS;

const BODY_LIMITS = `A body is plain, gzip (recognised by its first bytes) or deflate, and zstd if the Node of the function has it. Limits: ${WIRE_LIMIT_BYTES} bytes as sent, ${UNPACKED_LIMIT_BYTES} bytes unpacked, ${ENTRIES_LIMIT} entries.`;
/** What a page may take at most. */
const BUDGET = `${PAGE_BUDGET.rows.toLocaleString('en')} rows or ${PAGE_BUDGET.milliseconds / 1_000} seconds of reading`;
const SEND_AGAIN = 'Sending again is always safe: an entry that is already stored stays as it is.';
const TOO_LARGE =
  'The body is over a limit: make batches smaller, or switch on gzip. Over 10 MB, API Gateway responds in plain text instead';
const FORBIDDEN = 'The API key or the signature is missing or wrong (response of API Gateway)';

/** The names of members that are read first. */
const usualNames = (role: Role) => MEMBER_NAMES[role].filter((name) => name !== '*').join(', ');

const problems = (description: string, content: Content[string] = problem): ResponseDescription => ({
  description,
  content: { 'application/problem+json': content },
});
const otlpProblems = (description: string): ResponseDescription => ({
  description,
  content: { 'application/json': otlpStatus, 'application/x-protobuf': 'bytes' },
});
/** If API Gateway cannot reach the function, it responds with its own problem. */
const otlpOrGatewayProblems = (description: string): ResponseDescription => {
  const response = otlpProblems(description);
  return { ...response, content: { ...response.content, 'application/problem+json': problem } };
};
const page = (description: string, content: Content[string]): ResponseDescription => ({
  description,
  content: { 'application/json': content },
  headers: ['Link', 'Searched-Back-To'],
});

/** The error responses of every operation that reads. */
const READING = {
  400: problems('A parameter is wrong. The problem names it'),
  403: problems(FORBIDDEN),
  503: { ...problems('The entries cannot be read now: try again later'), headers: ['Retry-After' as const] },
};

/** Responses of the inlets that respond with a verdict for each record. */
const verdictResponses = (what: 'entry' | 'record'): Operation['responses'] => ({
  200: {
    description: `Nothing was refused, or at least one ${what} was accepted. All accepted ones are stored, and all refused ones are kept as dead letters.`,
    content: { 'application/json': verdicts },
  },
  400: problems('Nothing in the body could be accepted', ingestProblem),
  403: problems(FORBIDDEN),
  413: problems(TOO_LARGE),
  415: problems('The encoding or the format is not supported'),
  503: {
    ...problems('Something acceptable could not be stored: send the whole request again'),
    headers: ['Retry-After'],
  },
});

export const OPERATIONS: Record<RouteName, Operation> = {
  'POST /logs': {
    operationId: 'ingestLogs',
    summary: 'Store log entries',
    description: `One entry, an array, an envelope or one entry per line (NDJSON). The body itself shows its format: the Content-Type does not matter. ${BODY_LIMITS} ${SEND_AGAIN}`,
    body: { 'application/json': ingestBody, 'application/x-ndjson': 'text' },
    responses: verdictResponses('entry'),
  },
  'POST /v1/logs': {
    operationId: 'exportOpenTelemetryLogs',
    summary: 'Store OpenTelemetry log records',
    description: `OTLP/HTTP. The response is in the encoding of the request. ${BODY_LIMITS} ${SEND_AGAIN}`,
    body: { 'application/json': otlpRequest, 'application/x-protobuf': 'bytes' },
    responses: {
      200: {
        description:
          'All accepted records are stored. partialSuccess says how many were refused. These are kept as dead letters.',
        content: { 'application/json': otlpResponse, 'application/x-protobuf': 'bytes' },
      },
      400: otlpProblems('The body cannot be read'),
      403: problems(FORBIDDEN),
      413: otlpOrGatewayProblems(TOO_LARGE),
      415: otlpProblems('The encoding is not supported'),
      503: {
        ...otlpOrGatewayProblems('Something acceptable could not be stored: send the whole request again'),
        headers: ['Retry-After'],
      },
    },
  },
  'POST /v1/json': {
    operationId: 'ingestLoggerRecords',
    summary: 'Store JSON as loggers write it',
    description: `One object, an array, an envelope or one object per line. Each field of an entry is taken from the first member that is a time, a severity, a text. Only letters and digits of a name count, in any case. Time: ${usualNames('time')}. Severity: ${usualNames('severity')}. Message: ${usualNames('message')}. If the record has none of them, objects in it such as record, fields or context are searched. The id is taken from id, or else derived from the text of the record. All other members become attributes. ${BODY_LIMITS} ${SEND_AGAIN}`,
    body: { 'application/json': loggerBody, 'application/x-ndjson': 'text' },
    responses: verdictResponses('record'),
  },
  'GET /logs': {
    operationId: 'listLogs',
    summary: 'Read the newest log entries',
    description: `Newest first. A page ends early if the response is full, or after ${BUDGET}. The Link header says whether there is more.`,
    query: entryQuerySchema,
    responses: { 200: page('A page of entries', entries), ...READING },
  },
  'GET /counts': {
    operationId: 'countLogs',
    summary: 'Count the log entries by time and severity',
    description: `Warnings and errors are counted first, then info, each newest first. For either, a page ends early after ${BUDGET}. The Link header says whether there is more to count.`,
    query: countQuerySchema,
    responses: {
      200: {
        description: 'A page of counts',
        content: { 'application/json': counts },
        headers: ['Link'],
      },
      ...READING,
    },
  },
  'GET /logs/{id}': {
    operationId: 'findLogs',
    summary: 'Read the log entries under an id',
    description: 'Newest first. Almost always there is only one.',
    pathParameters: { id: 'The id, percent-encoded' },
    query: idQuerySchema,
    responses: {
      200: page('A page of entries', entries),
      ...READING,
      404: problems('No entry has this id, or it has expired'),
    },
  },
  'GET /dead-letters': {
    operationId: 'listDeadLetters',
    summary: 'Read what was refused, and why',
    description: 'Last refused first. Every refused record is kept, whatever the status of the response.',
    query: pageQuerySchema,
    responses: { 200: page('A page of dead letters', deadLetters), ...READING },
  },
};
