import type { Refusal } from '../../entities/dead-letter.ts';
import type { LogWriter } from '../../entities/log-writer.ts';
import type { GatewayRequest } from '../http/gateway-request.ts';
import type { HttpProblem } from '../http/http-problem.ts';
import type { Response } from '../http/http-response.ts';
import { readBody } from '../ingest/read-body.ts';
import { storeRecords } from '../ingest/store-records.ts';
import type { Tools } from '../powertools.ts';
import type { OtlpEncoding } from './otlp-encoding.ts';
import { OTLP_JSON } from './otlp-json.ts';
import { OTLP_PROTOBUF } from './otlp-protobuf.ts';
import { splitOtlpRecords } from './split-otlp-records.ts';

/** Codes of gRPC: the request is wrong, or the service cannot do its work now. */
const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;

/**
 * POST /v1/logs: stores the log records of an OTLP/HTTP request. Its answer is 200 even when all of them were
 * refused, as partial success has it; they are kept as dead letters, for no exporter would send them again.
 */
export async function ingestOtlp(
  tools: Tools,
  writer: LogWriter,
  request: GatewayRequest,
): Promise<Response> {
  const body = readBody(request);
  const encoding = encodingOf(request, body);
  const records = splitOtlpRecords(encoding, body);
  const { accepted, refusals } = await storeRecords(tools, writer, records, {
    bytes: body.length,
    whenNoneIsAccepted: 'keep',
  });
  return respond(encoding, 200, encoding.encodeResponse(partialSuccess(accepted, refusals)));
}

/** The answer to a problem as OTLP has it: a google.rpc.Status in the encoding of the request. */
export function toOtlpProblemResponse(
  { status, message, headers }: HttpProblem,
  request: GatewayRequest,
): Response {
  const encoding = encodingOf(request);
  const code = status < 500 ? INVALID_ARGUMENT : UNAVAILABLE;
  const response = respond(encoding, status, encoding.encodeStatus(code, message));
  return { ...response, headers: { ...headers, ...response.headers } };
}

/** By the Content-Type, which OTLP demands; where it names neither encoding, by looking at the body. */
function encodingOf({ headers }: GatewayRequest, body?: Buffer): OtlpEncoding {
  const contentType = (headers['content-type'] ?? '').toLowerCase();
  if (contentType.includes('json')) return OTLP_JSON;
  if (contentType.includes('protobuf')) return OTLP_PROTOBUF;
  return body && !/^\s*[{[]/.test(body.toString('latin1', 0, 16)) ? OTLP_PROTOBUF : OTLP_JSON;
}

function respond(encoding: OtlpEncoding, status: number, body: string | Buffer): Response {
  return { status, headers: { 'Content-Type': encoding.contentType }, body };
}

function partialSuccess(accepted: number, refusals: Refusal[]) {
  const [first] = refusals;
  if (!first) return undefined;
  const [fault] = first.errors;
  const rejected = `${refusals.length} of ${accepted + refusals.length} log records were refused`;
  const reason = [fault?.path, fault?.message].filter(Boolean).join(' ');
  return {
    rejectedLogRecords: BigInt(refusals.length),
    errorMessage: `${rejected}, the first because ${reason}. GET /dead-letters has them`,
  };
}
