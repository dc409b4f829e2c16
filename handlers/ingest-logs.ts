import type { Refusal } from '../entities/dead-letter.ts';
import { createLogWriter } from '../entities/log-writer.ts';
import type { GatewayRequest } from './http/gateway-request.ts';
import { HttpProblem, toProblemResponse, unavailable } from './http/http-problem.ts';
import type { Response } from './http/http-response.ts';
import { lambdaHandler } from './http/lambda-handler.ts';
import { readBody } from './ingest/read-body.ts';
import { splitRecords } from './ingest/split-records.ts';
import { storeRecords } from './ingest/store-records.ts';
import { LISTED_REFUSALS_LIMIT } from './limits.ts';
import { DEFAULT_SERVICES, INGEST_METRICS } from './metric-names.ts';
import { ingestOtlp, toOtlpProblemResponse } from './otlp/otlp-inlet.ts';
import { createTools } from './powertools.ts';
import { readSettings } from './settings.ts';

const tools = createTools(DEFAULT_SERVICES.ingest, {
  // The writer sends again by itself within the time it has, which attempts of the SDK would not know of.
  maxAttempts: 1,
  // Every request goes the same way through the SDK, so the way is composed once.
  cacheMiddleware: true,
});
const writer = createLogWriter({ client: tools.client, ...readSettings(process.env) });

/** POST /logs: stores the entries of a body, and answers once DynamoDB has confirmed every accepted one. */
async function ingestEntries(request: GatewayRequest): Promise<Response> {
  const body = readBody(request);
  const records = splitRecords(body, request.headers['content-type'] ?? '');
  const { accepted, refusals } = await storeRecords(tools, writer, records, {
    bytes: body.length,
    whenNoneIsAccepted: 'tell',
  });
  const verdicts = { accepted, ...listRefusals(refusals) };
  if (accepted === 0)
    throw new HttpProblem(400, `None of the ${refusals.length} entries is valid: see rejected`, {
      extension: verdicts,
    });
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(verdicts) };
}

/** The refusals as the answer names them; of very many, the first ones and the number of the others. */
function listRefusals(refusals: Refusal[]): { rejected: Omit<Refusal, 'raw'>[]; rejectedOmitted?: number } {
  const rejected = refusals
    .slice(0, LISTED_REFUSALS_LIMIT)
    .map(({ index, id, errors }) => ({ index, id, errors }));
  const omitted = refusals.length - rejected.length;
  return omitted > 0 ? { rejected, rejectedOmitted: omitted } : { rejected };
}

function isOtlp({ resource }: GatewayRequest): boolean {
  return resource === '/v1/logs';
}

async function ingestLogs(request: GatewayRequest): Promise<Response> {
  return isOtlp(request) ? ingestOtlp(tools, writer, request) : ingestEntries(request);
}

export const handler = lambdaHandler(tools, ingestLogs, {
  // Some shippers drop their data on 500: whatever went wrong here, it is to be sent again.
  onUnexpected: (error) => unavailable('The request could not be stored: send it again', error),
  toErrorResponse: (problem, request) =>
    isOtlp(request) ? toOtlpProblemResponse(problem, request) : toProblemResponse(problem),
  unavailableMetric: INGEST_METRICS.unavailable,
});
